/** A timer that fires each minute from START on, as most tests of recurrence begin. */
import type { TimerDoc } from "../../../src/core/timer-doc.ts";
import { START, setClock } from "../clock.ts";
import { newShard, timerOf, WEBHOOK } from "../harness.ts";

export const MINUTE = 60_000;

/** The instant of the n-th occurrence, counted from 1. */
export function at(n: number): number {
	return START + n * MINUTE;
}

export function everyMinute(doc: TimerDoc = WEBHOOK, limit?: number): TimerDoc {
	const schedule = { everyMs: MINUTE, phaseMs: 0, ...(limit !== undefined && { limit }) };
	return { ...doc, schedule };
}

/** A shard whose timer 1 fires each minute. */
export async function recurring(doc: TimerDoc = WEBHOOK, limit?: number) {
	setClock(START);
	const shard = newShard();
	await shard.create(timerOf(at(1), everyMinute(doc, limit)));
	return shard;
}
