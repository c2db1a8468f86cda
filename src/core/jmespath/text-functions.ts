/** Functions over texts. Positions and lengths count code points where JMESPath says so. */
import type { JsonValue } from "../../contract/json.ts";
import type { Arguments } from "./arguments.ts";

type TextFunction = readonly [
	name: string,
	least: number,
	most: number,
	call: (args: Arguments) => JsonValue,
];

/** Unicode's white space, as JavaScript's `trim` has it. */
const isSpace = (char: string) => char.trim() === "";

export const TEXT_FUNCTIONS: readonly TextFunction[] = [
	["starts_with", 2, 2, (args) => args.string(0).startsWith(args.string(1))],
	["ends_with", 2, 2, (args) => args.string(0).endsWith(args.string(1))],
	["lower", 1, 1, (args) => args.string(0).toLowerCase()],
	["upper", 1, 1, (args) => args.string(0).toUpperCase()],
	["join", 2, 2, join],
	["split", 2, 3, split],
	["replace", 3, 4, replace],
	["trim", 1, 2, (args) => trim(args, true, true)],
	["trim_left", 1, 2, (args) => trim(args, true, false)],
	["trim_right", 1, 2, (args) => trim(args, false, true)],
	["pad_left", 2, 3, (args) => pad(args, (text, width, by) => text.padStart(width, by))],
	["pad_right", 2, 3, (args) => pad(args, (text, width, by) => text.padEnd(width, by))],
	["find_first", 2, 2, (args) => found(args.string(0).indexOf(args.string(1)), args)],
	["find_last", 2, 2, (args) => found(args.string(0).lastIndexOf(args.string(1)), args)],
];

/** Orders two numbers, or two texts by their code points. */
export function compareKeys(a: string | number, b: string | number): number {
	if (typeof a === "number" && typeof b === "number") return a - b;
	return compareText(String(a), String(b));
}

/** UTF-16 puts characters beyond the first plane before U+E000; code points do not. */
function compareText(a: string, b: string): number {
	const length = Math.min(a.length, b.length);
	for (let at = 0; at < length; at++) {
		const [left, right] = [a.charCodeAt(at), b.charCodeAt(at)];
		if (left !== right) return ranked(left) - ranked(right);
	}
	return a.length - b.length;
}

function ranked(unit: number): number {
	const isSurrogate = unit >= 0xd800 && unit <= 0xdfff;
	return isSurrogate ? unit + 0x10000 : unit;
}

function join(args: Arguments): string {
	const between = args.string(0);
	const texts = args.strings(1);
	const length = texts.reduce((sum, text) => sum + text.length, between.length * texts.length);
	args.budget.requireSize(length);
	args.budget.spend(texts.length);
	return texts.join(between);
}

function split(args: Arguments): JsonValue {
	const [text, by] = [args.string(0), args.string(1)];
	const parts = partsOf(text, by);
	const most = args.count0(2, parts.length);
	if (most >= parts.length) return parts;
	return [...parts.slice(0, most), parts.slice(most).join(by)];
}

/** Between characters, where `by` is empty: never through one. */
function partsOf(text: string, by: string): string[] {
	return by === "" ? [...text] : text.split(by);
}

function replace(args: Arguments): string {
	const [text, sought, by] = [args.string(0), args.string(1), args.string(2)];
	const parts = partsOf(text, sought);
	const most = Math.min(args.count0(3, parts.length), Math.max(0, parts.length - 1));
	args.budget.spend(parts.length);
	args.budget.requireSize(text.length + most * by.length);
	return `${parts.slice(0, most + 1).join(by)}${parts
		.slice(most + 1)
		.map((part) => sought + part)
		.join("")}`;
}

/** Takes off what of `chars` (white space, unless given) stands at either end. */
function trim(args: Arguments, left: boolean, right: boolean): string {
	const text = [...args.string(0)];
	const chars = new Set(args.count > 1 ? args.string(1) : "");
	const goes = (char: string) => (chars.size === 0 ? isSpace(char) : chars.has(char));
	let from = 0;
	let to = text.length;
	while (left && from < to && goes(text[from] ?? "")) from++;
	while (right && to > from && goes(text[to - 1] ?? "")) to--;
	return text.slice(from, to).join("");
}

function pad(args: Arguments, padded: (text: string, width: number, by: string) => string): string {
	const width = args.count0(1, 0);
	args.budget.requireSize(width);
	// Padding of several units may be cut through a character.
	return padded(args.string(0), width, args.count > 2 ? args.string(2) : " ").toWellFormed();
}

function found(at: number, args: Arguments): JsonValue {
	return at === -1 || args.string(1) === "" ? null : at;
}
