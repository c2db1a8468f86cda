/**
 * Where the network is and who asks: `configure`, then the environment, then the `.minoots/dev.json`
 * of a network that was started in this folder or one above it. Read at each call, since programs
 * set their environment late.
 */
import { readEnvironment } from "../../sdk/src/node/environment.ts";
import { MinootsError } from "./error.ts";
import type { Settings } from "./types.ts";

/** What the founding SDK allowed. */
const TIMEOUT_MS = 10_000;
/** A day: a longer wait is a mistake in the unit. */
const TIMEOUT_MS_MAX = 86_400_000;
const MAILBOX = "timer-system";
const KNOWN: readonly string[] = ["url", "apiKey", "timeoutMs", "mailbox"];

export type Access = { readonly url: string; readonly apiKey: string };

let configured: Settings = {};

/** Adds to what was configured before; `undefined` takes a setting back. */
export function putSettings(settings: Settings): void {
	if (typeof settings !== "object" || settings === null) {
		throw notConfigured(`configure: expected an object with ${KNOWN.join(", ")}, got ${settings}`);
	}
	for (const [name, value] of Object.entries(settings)) {
		if (!KNOWN.includes(name)) {
			throw notConfigured(`configure: there is no setting ${name}; ${KNOWN.join(", ")} are`);
		}
		const isRight = name === "timeoutMs" ? isTimeout(value) : typeof value === "string";
		if (!isRight && value !== undefined) {
			const expected = name === "timeoutMs" ? `milliseconds from 1 to ${TIMEOUT_MS_MAX}` : "a text";
			throw notConfigured(`configure: ${name}: expected ${expected}, got ${JSON.stringify(value)}`);
		}
	}
	configured = { ...configured, ...settings };
}

export function timeoutMs(): number {
	return configured.timeoutMs ?? TIMEOUT_MS;
}

export function mailbox(): string {
	return configured.mailbox ?? textOf(process.env["MINOOTS_MAILBOX"]) ?? MAILBOX;
}

/** Throws `not_configured`, saying what is missing and where it could stand. */
export function requireAccess(): Access {
	const found = readEnvironment();
	const url = configured.url ?? found?.url;
	// A key is sent nowhere but where its owner said: that of a local network to it alone.
	const theirs = configured.url === undefined ? found?.apiKey : process.env["MINOOTS_API_KEY"];
	const apiKey = configured.apiKey ?? textOf(theirs);
	if (apiKey !== undefined && !/^[!-~]+$/.test(apiKey)) {
		throw notConfigured("The API key: expected printable ASCII without spaces or line breaks");
	}
	if (url !== undefined && apiKey !== undefined) return { url: baseOf(url), apiKey };
	if (url !== undefined) {
		throw notConfigured(`No API key for ${url}: set MINOOTS_API_KEY, or configure({ apiKey })`);
	}
	throw notConfigured(
		"No network: set MINOOTS_URL and MINOOTS_API_KEY, call configure({ url, apiKey }), or start one in this folder (npm start)",
	);
}

/** The founding base might end in the API's version. */
function baseOf(url: string): string {
	let base: URL;
	try {
		base = new URL(url);
	} catch {
		throw notConfigured(`The URL of the network: expected one, got ${JSON.stringify(url)}`);
	}
	if (base.protocol !== "http:" && base.protocol !== "https:") {
		throw notConfigured(`The URL of the network: expected http or https, got ${base.protocol}`);
	}
	return url.replace(/\/+$/, "").replace(/\/v1$/, "");
}

function textOf(value: string | undefined): string | undefined {
	return value === "" ? undefined : value;
}

function isTimeout(value: unknown): boolean {
	return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= TIMEOUT_MS_MAX;
}

function notConfigured(message: string): MinootsError {
	return new MinootsError({ message, code: "not_configured" });
}
