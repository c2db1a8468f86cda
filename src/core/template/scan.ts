/**
 * Finds the `${…}` in a text. An expression may hold braces itself, in multi-select hashes and inside
 * quotes, so its end is the brace that closes it, not the first there is.
 */
import { findClosingQuote } from "../jmespath/canonical.ts";

/** What opens an expression. A text without it is no template. */
export const TEMPLATE_MARK = "${";

/** Text as it is, or an expression without its braces. */
export type Segment = { readonly text: string } | { readonly expression: string };

/**
 * The text in its parts. `${}` and a `${` that no brace follows are text. Where quotes or braces do
 * not match, the expression ends at the next brace, so that the mistake is named and not sent.
 */
export function scanTemplate(text: string): readonly Segment[] {
	const segments: Segment[] = [];
	let literal = "";
	let at = 0;
	for (;;) {
		const open = text.indexOf(TEMPLATE_MARK, at);
		const start = open + TEMPLATE_MARK.length;
		const end = open === -1 ? -1 : endOf(text, start);
		if (end === -1) break;
		literal += text.slice(at, open);
		const expression = text.slice(start, end).trim();
		at = end + 1;
		if (expression === "") {
			literal += text.slice(open, at);
			continue;
		}
		if (literal !== "") segments.push({ text: literal });
		literal = "";
		segments.push({ expression });
	}
	literal += text.slice(at);
	if (literal !== "" || segments.length === 0) segments.push({ text: literal });
	return segments;
}

/** Where the brace stands that ends the expression at `start`, or -1. */
function endOf(text: string, start: number): number {
	let depth = 0;
	for (let at = start; at < text.length; at++) {
		const char = text.charAt(at);
		if (char === "'" || char === '"' || char === "`") {
			const close = findClosingQuote(text, at);
			if (close === -1) break;
			at = close;
		} else if (char === "{") depth++;
		else if (char === "}" && depth-- === 0) return at;
	}
	return text.indexOf("}", start);
}
