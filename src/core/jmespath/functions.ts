/**
 * The functions of JMESPath, and those that the JMESPath Community added for texts and pairs. Their
 * arguments come counted; what they read and make is bounded by the evaluation's budget.
 */
import type { JsonValue } from "../../contract/json.ts";
import { type Arguments, typeName } from "./arguments.ts";
import { Fault } from "./errors.ts";
import { compareKeys, TEXT_FUNCTIONS } from "./text-functions.ts";

export type BuiltIn = {
	/** How many arguments it takes. */
	readonly least: number;
	readonly most: number;
	call(args: Arguments): JsonValue;
};

const ANY_NUMBER = Number.POSITIVE_INFINITY;

export const FUNCTIONS: ReadonlyMap<string, BuiltIn> = new Map<string, BuiltIn>([
	fn("abs", 1, 1, (args) => Math.abs(args.number(0))),
	fn("ceil", 1, 1, (args) => Math.ceil(args.number(0))),
	fn("floor", 1, 1, (args) => Math.floor(args.number(0))),
	fn("sum", 1, 1, (args) => sum(args.numbers(0))),
	fn("avg", 1, 1, (args) => {
		const numbers = args.numbers(0);
		return numbers.length === 0 ? null : sum(numbers) / numbers.length;
	}),
	fn("max", 1, 1, (args) => best(sortables(args), sortables(args), 1)),
	fn("min", 1, 1, (args) => best(sortables(args), sortables(args), -1)),
	fn("max_by", 2, 2, (args) => bestBy(args, 1)),
	fn("min_by", 2, 2, (args) => bestBy(args, -1)),
	fn("sort", 1, 1, (args) => sortables(args).toSorted(compareKeys)),
	fn("sort_by", 2, 2, (args) => {
		const items = args.array(0);
		const keys = args.keysBy(items, args.reference(1));
		const order = items.map((item, at) => ({ item, key: keys[at] ?? 0 }));
		return order.toSorted((a, b) => compareKeys(a.key, b.key)).map(({ item }) => item);
	}),
	fn("contains", 2, 2, (args) => {
		const subject = args.any(0);
		const sought = args.any(1);
		if (typeof subject === "string") return typeof sought === "string" && subject.includes(sought);
		return args.array(0).some((item) => args.budget.equal(item, sought));
	}),
	fn("length", 1, 1, (args) => {
		const value = args.any(0);
		if (typeof value === "string") return [...value].length;
		return Array.isArray(value) ? value.length : Object.keys(args.object(0)).length;
	}),
	fn("keys", 1, 1, (args) => Object.keys(args.object(0))),
	fn("values", 1, 1, (args) => Object.values(args.object(0))),
	fn("items", 1, 1, (args) => Object.entries(args.object(0))),
	fn("from_items", 1, 1, (args) => Object.fromEntries(args.array(0).map(pairOf))),
	fn("group_by", 2, 2, (args) => {
		const items = args.array(0);
		const keys = args.keysBy(items, args.reference(1));
		return Object.fromEntries(Map.groupBy(items, (_, at) => String(keys[at])));
	}),
	fn("map", 2, 2, (args) => args.array(1).map((item) => args.reference(0).evaluate(item))),
	fn("merge", 0, ANY_NUMBER, (args) =>
		Object.fromEntries(args.every().flatMap((_, at) => Object.entries(args.object(at)))),
	),
	fn("not_null", 1, ANY_NUMBER, (args) => args.every().find((value) => value !== null) ?? null),
	fn("reverse", 1, 1, (args) => {
		const value = args.any(0);
		if (typeof value === "string") return [...value].reverse().join("");
		return args.array(0).toReversed();
	}),
	fn("to_array", 1, 1, (args) => {
		const value = args.any(0);
		return Array.isArray(value) ? value : [value];
	}),
	fn("to_number", 1, 1, (args) => toNumber(args.any(0))),
	fn("to_string", 1, 1, (args) => {
		const value = args.any(0);
		if (typeof value === "string") return value;
		args.budget.spend(args.budget.sizeOf(value));
		return JSON.stringify(value);
	}),
	fn("type", 1, 1, (args) => typeName(args.any(0))),
	fn("zip", 1, ANY_NUMBER, (args) => {
		const lists = args.every().map((_, at) => args.array(at));
		const length = Math.min(...lists.map((list) => list.length));
		return Array.from({ length }, (_, at) => lists.map((list) => list[at] ?? null));
	}),
	...TEXT_FUNCTIONS.map(([name, least, most, call]) => fn(name, least, most, call)),
]);

function fn(
	name: string,
	least: number,
	most: number,
	call: BuiltIn["call"],
): readonly [string, BuiltIn] {
	return [name, { least, most, call }];
}

function sum(numbers: readonly number[]): number {
	return numbers.reduce((total, number) => total + number, 0);
}

/** An array of numbers, or one of strings. */
function sortables(args: Arguments): readonly (string | number)[] {
	return typeof args.array(0)[0] === "string" ? args.strings(0) : args.numbers(0);
}

/** The item whose key is the greatest (`sign` 1) or the least (-1), the first of equals. */
function best<T extends JsonValue>(
	items: readonly T[],
	keys: readonly (string | number)[],
	sign: 1 | -1,
): T | null {
	let found = 0;
	for (const [at, key] of keys.entries()) {
		if (sign * compareKeys(key, keys[found] ?? key) > 0) found = at;
	}
	return items[found] ?? null;
}

function bestBy(args: Arguments, sign: 1 | -1): JsonValue {
	const items = args.array(0);
	return best(items, args.keysBy(items, args.reference(1)), sign);
}

function pairOf(value: JsonValue): readonly [string, JsonValue] {
	if (Array.isArray(value) && value.length === 2 && typeof value[0] === "string") {
		return [value[0], value[1] ?? null];
	}
	throw new Fault("invalid_value", "gives from_items() what is not a list of [name, value]");
}

function toNumber(value: JsonValue): JsonValue {
	if (typeof value === "number") return value;
	if (typeof value !== "string" || value.trim() === "") return null;
	const number = Number(value);
	return Number.isFinite(number) ? number : null;
}
