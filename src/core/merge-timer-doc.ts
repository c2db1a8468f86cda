/**
 * What a create in the dedupe mode `merge` makes of the timer that has its key. Pure; the shard
 * stores what comes out.
 */
import type { JsonObject, JsonValue } from "../contract/json.ts";
import type { TimerDoc } from "./timer-doc.ts";

/**
 * `held` with what `asked` says: `params`, `labels` and `metadata` are merged member by member,
 * lists in them joined, everything else that `asked` has is replaced whole. When the timer is due
 * stays as it was, as with Graphile Worker's `preserve_run_at`, whose lists of jobs join likewise.
 */
export function mergeTimerDoc(held: TimerDoc, asked: TimerDoc): TimerDoc {
	const { schedule: _, ...rest } = asked;
	const { params, metadata, labels } = asked;
	return {
		...held,
		...rest,
		...(params && { params: mergeObjects(held.params ?? {}, params) }),
		...(metadata && { metadata: mergeObjects(held.metadata ?? {}, metadata) }),
		...(labels && { labels: { ...held.labels, ...labels } }),
	};
}

function mergeObjects(held: JsonObject, asked: JsonObject): JsonObject {
	const members = new Map(Object.entries(held));
	for (const [name, value] of Object.entries(asked)) {
		const known = members.get(name);
		members.set(name, known === undefined ? value : mergeValues(known, value));
	}
	return Object.fromEntries(members);
}

function mergeValues(held: JsonValue, asked: JsonValue): JsonValue {
	if (Array.isArray(held) && Array.isArray(asked)) return [...held, ...asked];
	return isObject(held) && isObject(asked) ? mergeObjects(held, asked) : asked;
}

function isObject(value: JsonValue): value is JsonObject {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
