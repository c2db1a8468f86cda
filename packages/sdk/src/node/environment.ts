/**
 * Which network a program of this machine means, and with which key: what its environment says, or
 * else the network that was started in this folder or one above it. For Node.
 */
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

export type Environment = Readonly<Record<string, string | undefined>>;

export type Access = {
	readonly url: string;
	readonly apiKey: string | undefined;
	/** What the URL was read from: the name of a variable, or the path of a file. */
	readonly source: string;
};

/** In order; the second is the founding client's. */
const URL_VARIABLES = ["MINOOTS_URL", "MINOOTS_API_BASE"] as const;
const KEY_VARIABLE = "MINOOTS_API_KEY";
/** Written by `npm start` of the network. */
const DEV_FILE = join(".minoots", "dev.json");

/**
 * `MINOOTS_URL` (or `MINOOTS_API_BASE`) with `MINOOTS_API_KEY`; without a URL, that of the local
 * network, whose key is used unless another one is set. Undefined where there is neither.
 *
 * @param folder where to look for a local network, and above
 */
export function readEnvironment(
	env: Environment = process.env,
	folder: string = process.cwd(),
): Access | undefined {
	const apiKey = env[KEY_VARIABLE] || undefined;
	for (const source of URL_VARIABLES) {
		const url = env[source];
		// The key of a local network is nobody else's business.
		if (url) return { url, apiKey, source };
	}
	const local = findLocalNetwork(resolve(folder));
	return local && { ...local, apiKey: apiKey ?? local.apiKey };
}

function findLocalNetwork(folder: string): (Access & { readonly apiKey: string }) | undefined {
	const source = join(folder, DEV_FILE);
	const { url, apiKey } = readJson(source) ?? {};
	if (typeof url === "string" && typeof apiKey === "string") return { url, apiKey, source };
	const above = dirname(folder);
	return above === folder ? undefined : findLocalNetwork(above);
}

function readJson(path: string): Readonly<Record<string, unknown>> | undefined {
	try {
		return JSON.parse(readFileSync(path, "utf8"));
	} catch {
		return undefined; // absent, or being written: as good as no network
	}
}
