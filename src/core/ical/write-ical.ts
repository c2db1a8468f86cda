/**
 * Writes components of iCalendar. Escaping is left to ical.js; lines are folded here, because it
 * makes continuations an octet longer than RFC 5545 section 3.1 wants them.
 */
import ICAL from "ical.js";
import type { Property } from "./read-ical.ts";

const LINE_OCTETS = 75;
const LINE_END = "\r\n";

/** @param contents its properties, each as one line */
export function writeComponent(name: string, contents: readonly string[]): string {
	const lines = contents.map((line) => fold(line) + LINE_END);
	return `BEGIN:${name}${LINE_END}${lines.join("")}END:${name}${LINE_END}`;
}

/** One line, not folded. */
export function writeProperty({ name, params, type, values }: Property): string {
	const jcal = [name, params, type, ...values];
	return ICAL.stringify.property(jcal, ICAL.design.icalendar, true).trimEnd();
}

/** Cuts between characters, never within one. */
function fold(line: string): string {
	const pieces: string[] = [];
	let piece = "";
	let octets = 0;
	for (const char of line) {
		const more = octetsOf(char);
		if (octets + more > LINE_OCTETS) {
			pieces.push(piece);
			piece = "";
			// The space that a continuation begins with.
			octets = 1;
		}
		piece += char;
		octets += more;
	}
	return [...pieces, piece].join(`${LINE_END} `);
}

/** Octets of one character in UTF-8. */
function octetsOf(char: string): number {
	const code = char.codePointAt(0) ?? 0;
	if (code < 0x80) return 1;
	if (code < 0x800) return 2;
	return code < 0x10000 ? 3 : 4;
}
