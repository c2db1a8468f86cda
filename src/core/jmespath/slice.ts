/** `[start:stop:step]` over a list, or over the characters of a text. */
import type { JsonValue } from "../../contract/json.ts";
import { Fault } from "./errors.ts";

export type Slice = {
	readonly start: number | null;
	readonly stop: number | null;
	readonly step: number | null;
};

/** `null` of anything but a list or a text. */
export function sliceOf(value: JsonValue, slice: Slice): JsonValue {
	if (typeof value === "string") return pick([...value], slice).join("");
	return Array.isArray(value) ? pick(value, slice) : null;
}

function pick<T>(items: readonly T[], { start, stop, step }: Slice): T[] {
	const by = step ?? 1;
	if (by === 0) throw new Fault("invalid_value", "has a slice whose step is 0");
	const { length } = items;
	const from = start === null ? (by > 0 ? 0 : length - 1) : bounded(start, length, by);
	const to = stop === null ? (by > 0 ? length : -1) : bounded(stop, length, by);
	const picked: T[] = [];
	for (let at = from; by > 0 ? at < to : at > to; at += by) {
		const item = items[at];
		if (item !== undefined) picked.push(item);
	}
	return picked;
}

/** A negative index counts from the end; what lies outside means the edge it lies beyond. */
function bounded(index: number, length: number, step: number): number {
	const at = index < 0 ? index + length : index;
	if (at < 0) return step < 0 ? -1 : 0;
	if (at >= length) return step < 0 ? length - 1 : length;
	return at;
}
