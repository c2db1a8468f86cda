/**
 * A text of many timers in parts that one call takes. Only JSON comes in parts: a timer a line, or a
 * list. Pure.
 */
import type { Source } from "./read-source.ts";

/** Timers of one import; the network takes no more (`limits.ts` of the contract). */
const TIMERS_MAX = 10_000;
/** Characters of one import: 16 MiB as UTF-8, were each of them four bytes. */
const LENGTH_MAX = 4 * 1_024 * 1_024;

/**
 * Parts of whole timers. What timers of one part wait for must be in it, so what fits one call stays
 * together.
 */
export function partsOf({ format, text }: Pick<Source, "format" | "text">): readonly string[] {
	if (format !== "json") return [text];
	const lines = linesOf(text);
	// An export without timers, and a folder in which nothing can be read, are no mistakes.
	if (lines.length === 0) return [];
	if (text.length <= LENGTH_MAX && lines.length <= TIMERS_MAX) return [text];
	const parts: string[] = [];
	let part: string[] = [];
	let length = 0;
	for (const line of lines) {
		if (part.length === TIMERS_MAX || (part.length > 0 && length + line.length > LENGTH_MAX)) {
			parts.push(`${part.join("\n")}\n`);
			part = [];
			length = 0;
		}
		part.push(line);
		length += line.length + 1;
	}
	if (part.length > 0) parts.push(`${part.join("\n")}\n`);
	return parts;
}

/** A list, on one line or many, becomes a timer a line. */
function linesOf(text: string): readonly string[] {
	const list = parseList(text);
	if (list !== undefined) return list.map((timer) => JSON.stringify(timer));
	return text.split("\n").filter((line) => line.trim() !== "");
}

function parseList(text: string): readonly unknown[] | undefined {
	if (!/^\s*(\[|\{\s*"timers"\s*:)/.test(text)) return undefined;
	try {
		const value = JSON.parse(text);
		const list = Array.isArray(value) ? value : value.timers;
		return Array.isArray(list) ? list : undefined;
	} catch {
		return undefined; // a line each that begins like a list: the network says what is wrong
	}
}
