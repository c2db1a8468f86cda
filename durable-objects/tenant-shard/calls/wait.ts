/** The long poll for a timer's end. It costs memory while it waits, and no storage operation. */

import { err, ok, type Result } from "../../../src/core/result.ts";
import { isEnded, timerStateOf } from "../../../src/core/timer-state.ts";
import { findTimer } from "../firing/firing-rows.ts";
import type { ShardError, TimerRecord } from "../rpc.ts";
import type { Shard } from "../shard.ts";
import { recordOf } from "./record.ts";

export async function waitForEnd(
	shard: Shard,
	seq: number,
	timeoutMs: number,
): Promise<Result<{ settled: boolean; timer: TimerRecord }, ShardError>> {
	const row = findTimer(shard, seq);
	if (row === undefined) return err({ code: "not_found" });
	if (!isEnded(timerStateOf(row.state))) await endOrTimeout(shard, seq, timeoutMs);
	const after = shard.store.getTimer.first(seq);
	if (after === undefined) return err({ code: "not_found" });
	return ok({ settled: isEnded(timerStateOf(after.state)), timer: recordOf(shard, after) });
}

function endOrTimeout(shard: Shard, seq: number, timeoutMs: number): Promise<void> {
	return new Promise((resolve) => {
		const waiting = shard.waiting.get(seq) ?? new Set<() => void>();
		shard.waiting.set(seq, waiting);
		const done = () => {
			clearTimeout(timer);
			waiting.delete(done);
			if (waiting.size === 0 && shard.waiting.get(seq) === waiting) shard.waiting.delete(seq);
			resolve();
		};
		const timer = setTimeout(done, timeoutMs);
		waiting.add(done);
	});
}
