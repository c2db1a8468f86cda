/**
 * The wake call: from the start of the local runtime, where an object whose alarm lies ahead is not
 * even constructed after a crash or whose clock was set, and from the watchdog, against lost alarms.
 * It does no work itself: it arms the alarm for whatever is due.
 */

import { shortenLeases } from "../claim/lease-ends.ts";
import { OVERDUE_COUNTED } from "../constants.ts";
import type { WakeAnswer, WakeCall } from "../rpc.ts";
import type { Shard } from "../shard.ts";
import { armNext } from "./tick.ts";

export async function wakeShard(shard: Shard, call: WakeCall): Promise<WakeAnswer> {
	if (!shard.exists) return { pending: 0, overdue: 0, nextDueAt: null };
	const { tenant, shard: number, configVersion } = call;
	await shard.prepare({ tenant, shard: number, configVersion, traceparent: null });
	const { clock } = shard;
	clock.catchUp(shard.store, call.aheadMs ?? 0);
	const now = Date.now();
	let overdue = 0;
	let nextDueAt: number | null = null;
	for (const lane of clock.lanes) {
		const laneNow = clock.nowOf(lane, now);
		overdue += shard.store.countDue.first(lane, laneNow, OVERDUE_COUNTED)?.n ?? 0;
		const next = shard.store.dueAfter.first(lane, laneNow)?.due;
		const due = next === undefined ? Number.POSITIVE_INFINITY : clock.realOf(lane, next, now);
		if (due < (nextDueAt ?? Number.POSITIVE_INFINITY)) nextDueAt = due;
	}
	await shard.alarm.refresh();
	shortenLeases(shard);
	// An alarm may wait by a clock that is never set. What rings now arms it anew.
	if (call.clockWasSet === true) shard.alarm.ensureBy(now);
	armNext(shard);
	shard.metrics.changed();
	return { pending: shard.counter.active, overdue, nextDueAt };
}
