/**
 * A `fetch` that goes through the proxy which the environment names. Certificates of a private
 * authority need nothing here: Node itself reads `NODE_EXTRA_CA_CERTS` when it starts.
 */
import type { Environment } from "./environment.ts";
import { proxyOf } from "./proxy-of.ts";

/** Honours HTTPS_PROXY, HTTP_PROXY and NO_PROXY, also in lower case; each URL is judged by itself. */
export function environmentFetch(env: Environment = process.env): typeof fetch {
	return async (input, init) => {
		const proxy = proxyOf(new URL(input instanceof Request ? input.url : input), env);
		if (proxy === undefined) return fetch(input, init);
		const { fetchThrough } = await import("./fetch-through.ts");
		return fetchThrough(proxy, new Request(input, init));
	};
}
