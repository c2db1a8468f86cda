/** What the conditions of a timer are asked of, as its shard knows it. */
import type { JsonObject } from "../../../src/contract/json.ts";
import { conditionDataOf } from "../../../src/core/condition/condition-data.ts";
import type { ConditionData } from "../../../src/core/condition/conditions.ts";
import type { TimerDoc } from "../../../src/core/timer-doc.ts";
import { idSpaceOf } from "../../../src/derived-keys.ts";
import { ownerOf } from "../firing/firing-rows.ts";
import type { Shard } from "../shard.ts";
import type { TimerRow } from "../store.ts";
import { lastEventsOf } from "./topics.ts";

/**
 * @param topics names that the conditions speak of; those that are topics are in `events`
 * @param now epoch ms
 */
export function askedOf(
	shard: Shard,
	row: Pick<TimerRow, "id" | "parent">,
	doc: TimerDoc,
	topics: Iterable<string>,
	now: number,
): ConditionData {
	const { tenant, shard: home } = shard.identity;
	const id = idSpaceOf(shard.env, tenant).timer({ shard: home, seq: ownerOf(row) });
	const events: JsonObject = Object.fromEntries(
		Object.entries(lastEventsOf(shard, topics)).map(([topic, { payload }]) => [topic, payload]),
	);
	return conditionDataOf(doc, id, events, now);
}
