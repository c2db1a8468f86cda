/**
 * Rewrites an expression so that the library's lexer reads it as JMESPath says. It unescapes `\\` in
 * raw strings, which the specification keeps, and only the first `` \` `` of a literal: so every
 * quoted value is read here and handed on as JSON without a backtick. For conditions the founding
 * systems' looser forms are brought into form too: bare numbers, and literals that are no JSON.
 */
import { Fault } from "./errors.ts";

const IDENTIFIER = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** After one of these a minus subtracts, and does not belong to the number behind it. */
const OPERAND_END = /[A-Za-z0-9_"`)\]}@]/;

export type Dialect = {
	/** Also reads `x > 20` and `` `sunny` ``, and takes the length of `null` for 0. */
	readonly lenient: boolean;
};

export function canonicalise(text: string, { lenient }: Dialect): string {
	let out = "";
	let at = 0;
	while (at < text.length) {
		const char = text.charAt(at);
		if (char === "'" || char === "`" || char === '"') {
			const end = closingQuote(text, at);
			const inner = text.slice(at + 1, end);
			if (char === '"') out += text.slice(at, end + 1);
			else out += literalOf(char === "'" ? rawString(inner) : readLiteral(inner, lenient));
			at = end + 1;
			continue;
		}
		const word = matchAt(IDENTIFIER, text, at) ?? (lenient ? numberAt(text, at, out) : undefined);
		if (word === undefined) {
			out += char;
			at++;
			continue;
		}
		const isValue = lenient && /^[-\d]/.test(word) && !isIndex(out, text, at + word.length);
		out += isValue ? literalOf(Number(word)) : word;
		at += word.length;
	}
	return out;
}

/** Where the text that opens with a quote at `open` ends; a backslash guards what follows it. */
export function findClosingQuote(text: string, open: number): number {
	const quote = text.charAt(open);
	for (let at = open + 1; at < text.length; at++) {
		const char = text.charAt(at);
		if (char === "\\") at++;
		else if (char === quote) return at;
	}
	return -1;
}

function closingQuote(text: string, open: number): number {
	const end = findClosingQuote(text, open);
	if (end === -1) throw new Fault("syntax", `opens a ${text.charAt(open)} that nothing closes`);
	return end;
}

/** Only `\'` stands for something else in a raw string. */
function rawString(inner: string): string {
	return inner.replaceAll("\\'", "'");
}

function readLiteral(inner: string, lenient: boolean): unknown {
	const json = inner.replaceAll("\\`", "`").trim();
	try {
		return JSON.parse(json);
	} catch {
		if (lenient && json !== "") return json;
		throw new Fault("syntax", `has a literal that is no JSON: \`${inner}\``);
	}
}

function literalOf(value: unknown): string {
	return `\`${JSON.stringify(value).replaceAll("`", "\\u0060")}\``;
}

function numberAt(text: string, at: number, before: string): string | undefined {
	const number = matchAt(NUMBER, text, at);
	const subtracts = number?.startsWith("-") && OPERAND_END.test(before.trimEnd().slice(-1));
	return subtracts ? undefined : number;
}

/** Whether the number that ends at `end` is an index or a part of a slice. */
function isIndex(before: string, text: string, end: number): boolean {
	return /[[:]$/.test(before.trimEnd()) && /^\s*[\]:]/.test(text.slice(end));
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
	pattern.lastIndex = at;
	return pattern.exec(text)?.[0];
}
