/** What the conditions of a timer are asked of, from its document. */
import type { JsonObject } from "../../contract/json.ts";
import { formatInstant } from "../instant.ts";
import type { TimerDoc } from "../timer-doc.ts";
import type { ConditionData } from "./conditions.ts";

/**
 * @param id public id of the timer
 * @param events payload of the last event of a topic, by topic
 * @param now epoch ms of the question
 */
export function conditionDataOf(
	doc: TimerDoc,
	id: string,
	events: JsonObject,
	now: number,
): ConditionData {
	const { params = {}, labels = {}, metadata = {}, context = {} } = doc;
	const timer = { id, name: doc.name ?? null, requestedBy: doc.requestedBy ?? null };
	return { params, labels, metadata, context, events, timer, now: formatInstant(now) };
}
