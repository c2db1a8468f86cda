/** Origins whose pages use the built SDK: each serves an empty page and the bundle, and no more. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { ROOT } from "../installed.ts";

const BUNDLE = join(ROOT, "packages/sdk/dist/index.js");
/** Without an icon the browser would ask for one, and complain. */
const PAGE = '<!doctype html><title>A page</title><link rel="icon" href="data:,">';

export type Site = AsyncDisposable & { readonly origin: string };

/** @param host a name of loopback: `localhost` is another origin than `127.0.0.1` */
export async function startSite(host: string): Promise<Site> {
	const server = createServer(({ url }, response) => {
		const [type, body] =
			url === "/sdk.js" ? ["text/javascript", readFileSync(BUNDLE)] : ["text/html", PAGE];
		response.setHeader("content-type", type).end(body);
	});
	await new Promise<void>((resolve) => server.listen(0, host, resolve));
	const address = server.address();
	if (address === null || typeof address === "string") throw new Error("listening on no port");
	return {
		origin: `http://${host}:${address.port}`,
		async [Symbol.asyncDispose]() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
