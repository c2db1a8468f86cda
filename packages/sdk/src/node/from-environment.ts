/** A client for the network that the environment names, through the proxy that it names. For Node. */
import { Minoots } from "../index.ts";
import type { MinootsOptions } from "../options.ts";
import { type Environment, readEnvironment } from "./environment.ts";
import { environmentFetch } from "./environment-fetch.ts";

/**
 * @param options what is given here wins over the environment
 * @throws {Error} when nothing says where the network is
 */
export function fromEnvironment(
	options: Partial<MinootsOptions> = {},
	env: Environment = process.env,
): Minoots {
	const { url, apiKey } = readEnvironment(env) ?? {};
	const given = options.url ?? url;
	if (given === undefined) {
		throw new Error(
			"No Minoots network: set MINOOTS_URL and MINOOTS_API_KEY, or start one in this folder.",
		);
	}
	const key = options.url === undefined ? apiKey : env["MINOOTS_API_KEY"] || undefined;
	return new Minoots({ apiKey: key, fetch: environmentFetch(env), ...options, url: given });
}
