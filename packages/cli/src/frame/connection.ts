/**
 * Which network, and which key: flags before the environment, before a profile, before the network
 * that runs in this folder or one above it. A key kept beside an address is sent to that address
 * only, so that `--url` cannot carry a profile's key to another host.
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Config, configPath, type Profile, parseObject, readConfig } from "./config-file.ts";
import { EXIT } from "./exit-codes.ts";
import { Failure, usageFailure } from "./failure.ts";
import type { Globals } from "./globals.ts";

export type Connection = {
	readonly url: string;
	readonly apiKey: string;
	/** Where each comes from, for people: `--url`, `MINOOTS_URL`, `profile "ci"`, a file. */
	readonly urlFrom: string;
	readonly apiKeyFrom: string;
	readonly profile: string | undefined;
};

type Env = Readonly<Record<string, string | undefined>>;
type Found = { readonly value: string; readonly from: string };
type Pair = Profile & { readonly from: string };

/** Throws a `Failure` that says how to name a network when none is named. */
export function requireConnection(globals: Globals, env: Env, folder: string): Connection {
	const connection = findConnection(globals, env, folder);
	if (/^[!-~]+$/.test(connection.apiKey)) return connection;
	// Not the key itself: it may be a true one with a line break in it.
	throw usageFailure(
		`${connection.apiKeyFrom}: a key is printable ASCII without spaces or line breaks; this one is not`,
	);
}

/** The same for whoever looks at the key itself, which may be any text. */
export function findConnection(globals: Globals, env: Env, folder: string): Connection {
	const named = globals.profile ?? (env["MINOOTS_PROFILE"] || undefined);
	const pair = kept(globals.profile, named, env, folder);
	const fromEnv = globals.profile === undefined ? env : {};
	const url =
		found(globals.url, "--url") ??
		found(fromEnv["MINOOTS_URL"], "MINOOTS_URL") ??
		found(fromEnv["MINOOTS_API_BASE"], "MINOOTS_API_BASE") ??
		found(pair?.url, pair?.from ?? "");
	if (url === undefined) {
		throw new Failure(EXIT.usage, "No network is named.", {
			code: "no_network",
			hint: "Run `minoots login`, set MINOOTS_URL and MINOOTS_API_KEY, or start a network in this folder.",
		});
	}
	const address = toAddress(url);
	const apiKey =
		found(globals.apiKey, "--api-key") ??
		found(fromEnv["MINOOTS_API_KEY"], "MINOOTS_API_KEY") ??
		(pair !== undefined && isSameOrigin(pair.url, address)
			? found(pair.apiKey, pair.from)
			: undefined);
	if (apiKey === undefined) {
		throw new Failure(EXIT.usage, `No key is known for ${address} (from ${url.from}).`, {
			code: "no_key",
			hint: "Set MINOOTS_API_KEY, or run `minoots login`.",
		});
	}
	const profile = pair?.from.startsWith("profile ") ? named : undefined;
	return {
		url: address,
		apiKey: apiKey.value,
		urlFrom: url.from,
		apiKeyFrom: apiKey.from,
		profile,
	};
}

/** The pair of a profile or, where none is named and none current, of a network started here. */
function kept(
	flag: string | undefined,
	named: string | undefined,
	env: Env,
	folder: string,
): Pair | undefined {
	const path = configPath(env);
	const config = readConfig(path);
	const name = named ?? config.current;
	const profile = name === undefined ? undefined : config.profiles[name];
	if (name !== undefined && profile !== undefined) return { ...profile, from: `profile "${name}"` };
	if (named !== undefined) throw unknownProfile(named, flag !== undefined, config, path);
	return findDevAccess(folder);
}

function unknownProfile(name: string, isFlag: boolean, config: Config, path: string): Failure {
	const names = Object.keys(config.profiles);
	const known = names.length === 0 ? "has none" : `has ${names.join(", ")}`;
	const from = isFlag ? "--profile" : "MINOOTS_PROFILE";
	const hint = `Run \`minoots login --profile ${name}\` to make it.`;
	return usageFailure(`${from}: there is no profile "${name}"; ${path} ${known}`, hint);
}

/** The `.minoots/dev.json` that a network leaves in the folder it was started in. */
function findDevAccess(folder: string): Pair | undefined {
	for (let at = folder; ; at = dirname(at)) {
		const from = join(at, ".minoots", "dev.json");
		const { url, apiKey } = readDevAccess(from) ?? {};
		if (typeof url === "string" && typeof apiKey === "string") return { url, apiKey, from };
		if (dirname(at) === at) return undefined;
	}
}

function readDevAccess(path: string): Readonly<Record<string, unknown>> | undefined {
	try {
		return parseObject(readFileSync(path, "utf8"));
	} catch {
		return undefined; // no network was started there, or it is not ours to read
	}
}

function found(value: string | undefined, from: string): Found | undefined {
	return value ? { value, from } : undefined;
}

/** Without the slash at its end, so that paths can be put behind it. */
function toAddress({ value, from }: Found): string {
	if (/^https?:\/\/[^/]/.test(value) && URL.canParse(value)) return value.replace(/\/+$/, "");
	throw usageFailure(
		`${from}: expected an address like https://minoots.example.com, got "${value}"`,
	);
}

function isSameOrigin(one: string, other: string): boolean {
	return URL.canParse(one) && new URL(one).origin === new URL(other).origin;
}
