/** Acknowledging what has fired: somebody knows of it, so nothing is escalated any further. */
import { err, ok, type Result } from "../../../src/core/result.ts";
import { type AcknowledgeDoc, formatTimerDoc, parseTimerDoc } from "../../../src/core/timer-doc.ts";
import { formatTrail } from "../../../src/core/trail.ts";
import { firingsOf, recordOf } from "../calls/record.ts";
import type { ShardError, TimerRecord } from "../rpc.ts";
import type { Shard } from "../shard.ts";
import type { TimerRow } from "../store.ts";
import type { Transaction } from "../transaction.ts";
import { stopEscalations } from "./stop-escalation.ts";

export type Acknowledgement = {
	/** Its number; null for all that have fired. Those that fired before it are acknowledged too. */
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
	const fired = firingsOf(shard, row);
	const latest = fired.toSorted((a, b) => b.firedAt - a.firedAt)[0];
	const named = firing === null ? latest : fired.find(({ seq }) => seq === firing);
	if (latest === undefined) return err({ code: "not_fired" });
	if (named === undefined) return err({ code: "firing_unknown" });
	const doc = parseTimerDoc(row.doc);
	if ((doc.acknowledged?.until ?? 0) >= named.firedAt) return ok(recordOf(shard, row));
	const acknowledged: AcknowledgeDoc = {
		at: tx.tenantNow,
		until: named === latest ? tx.tenantNow : named.firedAt,
		...(note !== null && { note }),
	};
	const stopped = stopEscalations(shard, tx, row.id, acknowledged.until, "Acknowledged.");
	const data = { firing: named.seq, stopped, ...(note !== null && { note }) };
	const trail = formatTrail([["c", tx.event("timer.acknowledged", row.id, data)]]);
	shard.store.noteDoc.run(formatTimerDoc({ ...doc, acknowledged }), trail, row.id);
	return ok(recordOf(shard, shard.store.getTimer.first(row.id) ?? row));
}
