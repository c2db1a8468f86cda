/**
 * Schedules that wait for something to happen instead of a time: events of a topic, a condition that
 * turns true. What of them needs no shard.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { JsonValue } from "../contract/json.ts";
import type { ScheduleDoc } from "./recurrence/schedule-doc.ts";

export type EventSchedule = Extract<ScheduleDoc, { readonly event: string }>;
export type ConditionSchedule = Extract<ScheduleDoc, { readonly condition: string }>;

export function eventScheduleOf(schedule: ScheduleDoc | undefined): EventSchedule | undefined {
	return schedule !== undefined && "event" in schedule ? schedule : undefined;
}

export function conditionScheduleOf(
	schedule: ScheduleDoc | undefined,
): ConditionSchedule | undefined {
	return schedule !== undefined && "condition" in schedule ? schedule : undefined;
}

/** Whether the schedule has begun and not ended at an instant (epoch ms). */
export function isOpenAt({ startAt, endAt }: ScheduleDoc, at: number): boolean {
	return at >= (startAt ?? at) && at <= (endAt ?? at);
}

/** Characters of a window's key that are kept as they are. */
const KEY_KEPT = 256;

/** The text by which values of `key` are told apart; equal values have equal ones. */
export function windowKey(value: JsonValue | undefined): string {
	const text = JSON.stringify(value ?? null);
	if (text.length <= KEY_KEPT) return text;
	return `sha256:${bytesToHex(sha256(new TextEncoder().encode(text)))}`;
}
