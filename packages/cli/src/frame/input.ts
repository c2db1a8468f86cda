/** What a command line says, read: pairs, JSON, ids, and text from stdin. Bad input is exit code 2. */
import type { JsonObject, JsonValue } from "../../../sdk/src/types.ts";
import { usageFailure } from "./failure.ts";

/** For an option that may stand several times: `.option("--label <k=v>", "…", collect)`. */
export function collect(value: string, before: readonly string[] = []): string[] {
	return [...before, value];
}

/** `key=value`, of an option that may stand several times. */
export function readPairs(option: string, values: readonly string[] = []): Record<string, string> {
	return Object.fromEntries(
		values.map((value) => {
			const [, key, rest] = /^([^=]+)=(.*)$/s.exec(value) ?? [];
			if (key !== undefined && rest !== undefined) return [key, rest];
			throw usageFailure(`${option}: expected key=value, got "${value}"`);
		}),
	);
}

/**
 * An object written as `key=value` pairs or as JSON, several merged. In a pair what reads as a JSON
 * number, boolean or null is one.
 */
export function readObject(
	option: string,
	values: readonly string[] | undefined,
): JsonObject | undefined {
	if (values === undefined) return undefined;
	const members = values.map((value) => {
		if (value.trimStart().startsWith("{")) return readJson(option, value) as JsonObject;
		const pairs = Object.entries(readPairs(option, [value]));
		return Object.fromEntries(pairs.map(([key, text]) => [key, readScalar(text)]));
	});
	return Object.assign({}, ...members);
}

/** The value of an option that takes JSON. */
export function readJson(option: string, text: string): JsonValue {
	try {
		return JSON.parse(text);
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		throw usageFailure(`${option}: expected JSON, got ${show(text)} (${reason})`);
	}
}

/** JSON where it is JSON, else the text itself. */
export function readJsonOrText(text: string): JsonValue {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

/** A whole number of at least `min`. */
export function readCount(option: string, text: string | undefined, min = 1): number | undefined {
	if (text === undefined) return undefined;
	const value = Number(text);
	if (/^\d+$/.test(text) && value >= min) return value;
	throw usageFailure(`${option}: expected a whole number from ${min} on, got "${text}"`);
}

/** One of the words that an option takes. */
export function readChoice<T extends string>(
	option: string,
	text: string | undefined,
	choices: readonly T[],
): T | undefined {
	if (text === undefined) return undefined;
	const found = choices.find((choice) => choice === text);
	if (found !== undefined) return found;
	throw usageFailure(`${option}: expected ${choices.join(", ")}, got "${text}"`);
}

const RFC_3339 = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;

/** Whether it is meant as a date, rather than as a length of time. */
export function isDate(text: string): boolean {
	return /^\d{4}-\d/.test(text);
}

/**
 * An instant as the API takes it, of what people write: seconds and offset may be left out, and the
 * time as well. Without an offset it is on this machine's clock.
 */
export function readInstant(option: string, text: string): string {
	const iso = text.trim().replace(" ", "T");
	const at = new Date(
		/^\d{4}-\d{2}-\d{2}$/.test(iso) ? `${iso}T00:00` : iso.replace(/T(Z|[+-])/, "$1"),
	);
	const isInstant = RFC_3339.test(text.trim()) && !Number.isNaN(at.getTime());
	if (isInstant && isDay(iso.slice(0, 10))) return at.toISOString();
	throw usageFailure(`${option}: expected an instant like 2026-12-01T09:00Z, got "${text}"`);
}

/** Whether the calendar has it: `Date` takes 2027-02-30 for the second of March. */
function isDay(date: string): boolean {
	return new Date(`${date}T00:00Z`).toISOString().startsWith(date);
}

/** The ids of a call: those named, with `-` standing for the words on stdin. At least one. */
export async function readIds(ids: readonly string[]): Promise<readonly string[]> {
	const read = ids.includes("-") ? (await readStdin()).split(/\s+/).filter(Boolean) : [];
	const all = ids.flatMap((id) => (id === "-" ? read : [id]));
	if (all.length > 0) return all;
	throw usageFailure("no id was given", "Name one or more, or `-` to read them from stdin.");
}

/** All of stdin, as text. */
export async function readStdin(): Promise<string> {
	if (process.stdin.isTTY) process.stderr.write("reading from the terminal, end with Ctrl-D\n");
	const chunks: Buffer[] = [];
	for await (const chunk of process.stdin) chunks.push(chunk as Buffer); // no encoding is set
	return Buffer.concat(chunks).toString("utf8");
}

/** A file's text, `-` being stdin. */
export async function readFileOrStdin(option: string, path: string): Promise<string> {
	if (path === "-") return readStdin();
	const { readFile } = await import("node:fs/promises");
	try {
		return await readFile(path, "utf8");
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		throw usageFailure(`${option}: ${path} cannot be read (${reason})`);
	}
}

function readScalar(text: string): JsonValue {
	return /^(-?\d+(\.\d+)?|true|false|null)$/.test(text) ? JSON.parse(text) : text;
}

function show(text: string): string {
	return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
