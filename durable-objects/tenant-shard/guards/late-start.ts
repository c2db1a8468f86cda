/**
 * A recurring timer that is claimed late: more of its occurrences may be due by now, and its misfire
 * policy says which of them fires. Called by claiming, for rows that are late enough to ask.
 */
import { planStart } from "../../../src/core/firing/plan-firing.ts";
import { MISFIRE_LOOK_MS, toMisfire } from "../../../src/core/firing/policy.ts";
import { parseTimerDoc } from "../../../src/core/timer-doc.ts";
import { RECURRING } from "../../../src/core/timer-flags.ts";
import { formatTrail } from "../../../src/core/trail.ts";
import { nextOccurrenceOf } from "../firing/occurrences.ts";
import { placeAt, recordPassed, skipTo } from "../firing/reschedule.ts";
import type { Shard } from "../shard.ts";
import type { DueRow, TimerRow } from "../store.ts";
import type { Transaction } from "../transaction.ts";

/** Whether `row` is late enough that its policy must be asked. */
export function isLate({ flags, due }: Pick<DueRow, "flags" | "due">, now: number): boolean {
	// Not since `fire_at`: what was buffered or paced starts later than that on purpose.
	return (flags & RECURRING) !== 0 && due !== null && now - due >= MISFIRE_LOOK_MS;
}

/**
 * Moves the timer to the occurrence that its policy fires.
 * @param row as it is stored, not yet begun
 * @returns whether it was moved: then it is due again by itself, perhaps at once
 */
export function moveIfLate(shard: Shard, tx: Transaction, row: TimerRow): boolean {
	if (!isLate(row, tx.tenantNow)) return false;
	const doc = parseTimerDoc(row.doc);
	const next = nextOccurrenceOf(shard, doc);
	const nominal = row.nominal ?? row.fire_at;
	const plan = planStart(next, toMisfire(doc.misfire), nominal, tx.tenantNow);
	if (plan.fire === nominal) return false;
	const trail = formatTrail(recordPassed(tx, row.id, plan.passed, next));
	if (plan.fire === null) skipTo(shard, tx, row, tx.tenantNow, trail);
	else placeAt(shard, tx, row, doc, { nominal: plan.fire, notBefore: null, trail });
	return true;
}
