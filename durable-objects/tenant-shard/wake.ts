/**
 * The wake call: from the start of the local runtime, where an object whose alarm lies ahead is not
 * even constructed after a crash or whose clock was set, and from the watchdog, against lost alarms.
 * It does no work itself: it arms the alarm for whatever is due.
 */
import { OVERDUE_COUNTED } from "./constants.ts";
import { LANES } from "./lanes.ts";
import { shortenLeases } from "./lease-ends.ts";
import type { WakeAnswer, WakeCall } from "./rpc.ts";
import type { Shard } from "./shard.ts";
import { armNext } from "./tick.ts";

export async function wakeShard(shard: Shard, call: WakeCall): Promise<WakeAnswer> {
	if (!shard.exists) return { pending: 0, overdue: 0, nextDueAt: null };
	await shard.prepare({ ...call, traceparent: null });
	const now = Date.now();
	let overdue = 0;
	let nextDueAt: number | null = null;
	for (const lane of LANES) {
		overdue += shard.store.countDue.first(lane, now, OVERDUE_COUNTED)?.n ?? 0;
		const due = shard.store.dueAfter.first(lane, now)?.due;
		if (due !== undefined) nextDueAt = nextDueAt === null ? due : Math.min(nextDueAt, due);
	}
	await shard.alarm.refresh();
	shortenLeases(shard);
	// An alarm may wait by a clock that is never set. What rings now arms it anew.
	if (call.clockWasSet === true) shard.alarm.ensureBy(now);
	armNext(shard);
	shard.metrics.changed();
	return { pending: shard.counter.active, overdue, nextDueAt };
}
