/**
 * Cuts a command's text into words, quoted texts, JSON and flags, as a shell would, but with the
 * quotes and dashes that keyboards put in by themselves. Not the meaning of flags. Called by
 * `command.ts`.
 */
import { err, ok, type Result } from "../result.ts";

/** What opens a quoted text, and what may close it. */
const QUOTES: ReadonlyMap<string, string> = new Map([
	['"', '"“”'],
	["“", '”“"'],
	["„", '“”"'],
	["«", "»"],
]);
/** Single quotes are apostrophes as well, so they quote the values of flags only. */
const SINGLE_QUOTES: ReadonlyMap<string, string> = new Map([
	["'", "'’"],
	["‘", "’'"],
]);

export type Words = {
	/** What no flag took, as it was typed, with the spaces around flags made one. */
	readonly rest: string;
	/** By the flag's own name, without dashes; the last one counts. */
	readonly flags: ReadonlyMap<string, string>;
};

export type FlagNames = {
	/** A name or letter as typed, in lower case, to the flag's own name. */
	readonly names: ReadonlyMap<string, string>;
	/** Those that take no value. */
	readonly switches: ReadonlySet<string>;
};

/** `--name`, `-n`, and `—name`, which is what a phone makes of two hyphens. */
const FLAG = /^(?:(?:--|[—–]-?)([A-Za-z][\w-]*)|-([A-Za-z]))(?=[\s=]|$)/;

/** Takes the flags out of `text`. The error is a sentence. */
export function splitFlags(text: string, known: FlagNames): Result<Words, string> {
	const flags = new Map<string, string>();
	const kept: string[] = [];
	let at = 0;
	while (at < text.length) {
		const spaces = /^\s*/.exec(text.slice(at))?.[0].length ?? 0;
		const start = at + spaces;
		const flag = FLAG.exec(text.slice(start));
		if (flag === null) {
			const end = endOfToken(text, start, QUOTES);
			kept.push(text.slice(at, end));
			at = end;
			continue;
		}
		const [typed, long, short] = flag;
		const name = known.names.get((long ?? short ?? "").toLowerCase());
		if (name === undefined)
			return err(
				`${typed} is no flag of this command: put it in quotes where it belongs to your text.`,
			);
		at = start + typed.length;
		if (known.switches.has(name)) {
			flags.set(name, "");
			continue;
		}
		const value = readValue(text, at);
		if (value === undefined) return err(`${typed} needs a value after it.`);
		flags.set(name, value.text);
		at = value.end;
	}
	return ok({ rest: kept.join("").trim(), flags });
}

function readValue(
	text: string,
	from: number,
): { readonly text: string; readonly end: number } | undefined {
	const start = from + (/^(?:=|\s+=?\s*)/.exec(text.slice(from))?.[0].length ?? 0);
	if (start >= text.length) return undefined;
	const quotes = new Map([...QUOTES, ...SINGLE_QUOTES]);
	const end = endOfToken(text, start, quotes);
	const token = text.slice(start, end);
	return { text: withoutQuotes(token, quotes), end };
}

/** The text inside quotes that stand around all of it. */
export function withoutQuotes(token: string, quotes = QUOTES): string {
	const closing = quotes.get(token.charAt(0));
	if (closing === undefined || token.length < 2 || !closing.includes(token.slice(-1))) return token;
	return token.slice(1, -1).replace(/\\(["\\])/g, "$1");
}

/** Where the word, quoted text or JSON that begins at `start` ends; unclosed ones are words. */
function endOfToken(text: string, start: number, quotes: ReadonlyMap<string, string>): number {
	const first = text.charAt(start);
	const closing = quotes.get(first);
	const closed =
		closing !== undefined
			? endOfQuoted(text, start, closing)
			: first === "{" || first === "["
				? endOfJson(text, start)
				: undefined;
	if (closed !== undefined) return closed;
	let end = start;
	while (end < text.length && !/\s/.test(text.charAt(end))) end++;
	return end;
}

function endOfQuoted(text: string, start: number, closing: string): number | undefined {
	for (let at = start + 1; at < text.length; at++) {
		const char = text.charAt(at);
		if (char === "\\") at++;
		else if (closing.includes(char)) return at + 1;
	}
	return undefined;
}

function endOfJson(text: string, start: number): number | undefined {
	let depth = 0;
	for (let at = start; at < text.length; at++) {
		const char = text.charAt(at);
		const closing = QUOTES.get(char);
		if (closing !== undefined) {
			at = (endOfQuoted(text, at, closing) ?? text.length) - 1;
		} else if (char === "{" || char === "[") depth++;
		else if ((char === "}" || char === "]") && --depth === 0) return at + 1;
	}
	return undefined;
}

/** The parts of `text` in double quotes, by where they lie: nobody reads times in them. */
export function quotedSpans(text: string): readonly (readonly [start: number, end: number])[] {
	const spans: [number, number][] = [];
	for (let at = 0; at < text.length; at++) {
		const closing = QUOTES.get(text.charAt(at));
		const end = closing === undefined ? undefined : endOfQuoted(text, at, closing);
		if (end === undefined) continue;
		spans.push([at, end]);
		at = end - 1;
	}
	return spans;
}
