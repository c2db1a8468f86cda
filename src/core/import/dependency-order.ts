/**
 * Timers that wait for others of the same file: a timer can only name others that exist, so those
 * it names come first, and it names them by the ids that they have been given.
 */
import type { JsonObject, JsonValue } from "../../contract/json.ts";
import { objectOf, type TimerLine } from "./import-line.ts";

/** The members that name other timers, the older ones included. */
const NAMING = ["dependsOn", "depends_on", "dependencies"] as const;

/** The members that say when. */
const WHEN = ["in", "duration", "at", "fireAt", "schedule", "schedule_kind"] as const;
const SOON_MS = 1;

/** Steps of one import: each costs calls of its own, of which a request has a bounded number. */
const STEPS_MAX = 100;

/**
 * The lines in steps, each of which waits for lines of earlier steps only, in the order they came
 * in. Lines that wait for each other in a circle, or behind too many others, are the last step: what
 * they name is not there, and they are refused for it.
 */
export function inOrder<T extends { readonly line: TimerLine }>(
	items: readonly T[],
): readonly (readonly T[])[] {
	const open = new Set(items.flatMap(({ line }) => line.source ?? []));
	const steps: (readonly T[])[] = [];
	let left = items;
	while (left.length > 0) {
		if (steps.length === STEPS_MAX) return [...steps, left];
		const ready = left.filter(({ line }) => !namesOf(line.body).some((name) => open.has(name)));
		const step = ready.length === 0 ? left : ready;
		steps.push(step);
		for (const { line } of step) if (line.source !== null) open.delete(line.source);
		const taken = new Set(step);
		left = left.filter((item) => !taken.has(item));
	}
	return steps;
}

/** The body with the timers that it waits for named as they are called here. */
export function withIds(body: JsonObject, ids: ReadonlyMap<string, string>): JsonObject {
	const named = NAMING.flatMap((member): [string, JsonValue][] => {
		const edges = body[member];
		return Array.isArray(edges) ? [[member, edges.map((edge) => renamed(edge, ids))]] : [];
	});
	return named.length === 0 ? body : { ...body, ...Object.fromEntries(named) };
}

/**
 * The body without the timers that it waits for and that are called one of `names`: to be checked
 * before those exist. Where nothing else says when, it is due soon, as it would be after them.
 */
export function withoutEdges(body: JsonObject, names: ReadonlySet<string>): JsonObject {
	const kept = Object.entries(body).flatMap(([member, edges]): [string, JsonValue][] => {
		if (!isNaming(member) || !Array.isArray(edges)) return [[member, edges]];
		const others = edges.filter((edge) => !nameOf(edge).some((name) => names.has(name)));
		return others.length === 0 ? [] : [[member, others]];
	});
	const rest = Object.fromEntries(kept);
	const isTimed = WHEN.some((member) => member in rest) || NAMING.some((one) => one in rest);
	return isTimed || kept.length === Object.keys(body).length ? rest : { ...rest, in: SOON_MS };
}

function isNaming(member: string): boolean {
	return NAMING.some((one) => one === member);
}

function renamed(edge: JsonValue, ids: ReadonlyMap<string, string>): JsonValue {
	if (typeof edge === "string") return ids.get(edge) ?? edge;
	const object = objectOf(edge);
	const name = object?.["timer"];
	return typeof name === "string" ? { ...object, timer: ids.get(name) ?? name } : edge;
}

function namesOf(body: JsonObject): readonly string[] {
	return NAMING.flatMap((member) => {
		const edges = body[member];
		return Array.isArray(edges) ? edges.flatMap(nameOf) : [];
	});
}

function nameOf(edge: JsonValue): readonly string[] {
	const name = typeof edge === "string" ? edge : objectOf(edge)?.["timer"];
	return typeof name === "string" ? [name] : [];
}
