/**
 * The configuration file: profiles, each an address and its key, and which one is current. It holds
 * keys, so only its owner may read it, and it is replaced whole or not at all.
 */
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { operationFailure } from "./failure.ts";

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

export type Profile = { readonly url: string; readonly apiKey: string };

export type Config = {
	readonly current: string | undefined;
	readonly profiles: Readonly<Record<string, Profile>>;
};

type Env = Readonly<Record<string, string | undefined>>;

/** `MINOOTS_CONFIG`, or where the XDG Base Directory Specification has it. */
export function configPath(env: Env): string {
	const { MINOOTS_CONFIG, XDG_CONFIG_HOME, HOME, USERPROFILE } = env;
	if (MINOOTS_CONFIG) return MINOOTS_CONFIG;
	const folder = XDG_CONFIG_HOME || join(HOME || USERPROFILE || ".", ".config");
	return join(folder, "minoots", "config.json");
}

/** Nothing yet is an empty configuration; what is not one is a failure that names the file. */
export function readConfig(path: string): Config {
	const text = readText(path);
	if (text === undefined) return { current: undefined, profiles: {} };
	const config = toConfig(text);
	if (config !== undefined) return config;
	throw operationFailure(
		"invalid_config",
		`${path} is not a configuration of minoots: {"current": "name", "profiles": {"name": {"url", "apiKey"}}}`,
		"Repair it, or remove it and run `minoots login`.",
	);
}

export function writeConfig(path: string, config: Config): void {
	mkdirSync(dirname(path), { recursive: true, mode: FOLDER_MODE });
	const next = `${path}.${process.pid}`;
	writeFileSync(next, `${JSON.stringify(config, null, "\t")}\n`, { mode: FILE_MODE });
	chmodSync(next, FILE_MODE); // whatever the umask, and whatever lay there before
	renameSync(next, path);
}

function readText(path: string): string | undefined {
	try {
		return readFileSync(path, "utf8");
	} catch (error) {
		if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
		throw operationFailure("unreadable_config", `${path} cannot be read: ${String(error)}`);
	}
}

function toConfig(text: string): Config | undefined {
	const parsed = parseObject(text);
	const profiles = toRecord(parsed?.["profiles"]);
	if (profiles === undefined) return undefined;
	const known: Record<string, Profile> = {};
	for (const [name, value] of Object.entries(profiles)) {
		const { url, apiKey } = toRecord(value) ?? {};
		if (typeof url !== "string" || typeof apiKey !== "string") return undefined;
		known[name] = { url, apiKey };
	}
	const current = parsed?.["current"];
	return { current: typeof current === "string" ? current : undefined, profiles: known };
}

/** A JSON object, or nothing. */
export function parseObject(text: string): Record<string, unknown> | undefined {
	try {
		return toRecord(JSON.parse(text));
	} catch {
		return undefined; // not JSON: the caller says what was expected
	}
}

function toRecord(value: unknown): Record<string, unknown> | undefined {
	return typeof value === "object" && value !== null && !Array.isArray(value)
		? (value as Record<string, unknown>)
		: undefined;
}
