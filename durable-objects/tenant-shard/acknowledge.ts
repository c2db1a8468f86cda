/** Acknowledging a firing: somebody knows of it, so nothing is escalated any further. */
import { err, ok, type Result } from "../../src/core/result.ts";
import { type AcknowledgeDoc, formatTimerDoc, parseTimerDoc } from "../../src/core/timer-doc.ts";
import { formatTrail } from "../../src/core/trail.ts";
import { firingsOf, recordOf } from "./record.ts";
import type { ShardError, TimerRecord } from "./rpc.ts";
import type { Shard } from "./shard.ts";
import { stopEscalations } from "./stop-escalation.ts";
import type { TimerRow } from "./store.ts";
import type { Transaction } from "./transaction.ts";

export type Acknowledgement = {
	/** Its number; null for the newest. All before it are acknowledged too. */
	readonly firing: number | null;
	readonly note: string | null;
};

/** Allowed after the end: what escalates then is its last firing. Once more, it changes nothing. */
export function acknowledgeTimer(
	shard: Shard,
	tx: Transaction,
	row: TimerRow,
	{ firing, note }: Acknowledgement,
): Result<TimerRecord, ShardError> {
	const newest = firingsOf(shard, row)[0]?.seq;
	if (newest === undefined || (firing ?? newest) > newest) return err({ code: "not_fired" });
	const doc = parseTimerDoc(row.doc);
	const upTo = firing ?? newest;
	if ((doc.acknowledged?.firing ?? 0) >= upTo) return ok(recordOf(shard, row));
	const acknowledged: AcknowledgeDoc = {
		at: tx.tenantNow,
		firing: upTo,
		...(note !== null && { note }),
	};
	const stopped = stopEscalations(shard, tx, row.id, upTo, "Acknowledged.");
	const data = { firing: upTo, stopped, ...(note !== null && { note }) };
	const trail = formatTrail([["c", tx.event("timer.acknowledged", row.id, data)]]);
	shard.store.noteDoc.run(formatTimerDoc({ ...doc, acknowledged }), trail, row.id);
	return ok(recordOf(shard, shard.store.getTimer.first(row.id) ?? row));
}
