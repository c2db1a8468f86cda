/**
 * Stopping escalations: steps that wait are dropped without a trace, since nothing has happened yet;
 * of steps that have begun what is in flight finishes, and nothing is retried.
 */
import { type EscalatedDoc, parseTimerDoc } from "../../src/core/timer-doc.ts";
import { ESCALATES } from "../../src/core/timer-flags.ts";
import { cancelFiring } from "./cancel-firing.ts";
import { endIfAwaited } from "./end-firing.ts";
import { hasBegun } from "./pause.ts";
import type { Shard } from "./shard.ts";
import type { TimerRow } from "./store.ts";
import type { Transaction } from "./transaction.ts";

/** Drops the steps that wait and that `isNeedless` names; answers how many. */
export function stopSteps(
	shard: Shard,
	tx: Transaction,
	timer: number,
	isNeedless: (step: EscalatedDoc) => boolean,
): number {
	const steps = stepsOf(shard, timer).filter(({ row, step }) => {
		return isNeedless(step) && !hasBegun(shard, row);
	});
	for (const { row } of steps) shard.store.deleteTimer.run(row.id);
	if (steps.length > 0) endIfAwaited(shard, tx, timer);
	return steps.length;
}

/** Stops all steps for firings up to `firing`; answers how many waited or were retried. */
export function stopEscalations(
	shard: Shard,
	tx: Transaction,
	timer: number,
	firing: number,
	reason: string,
): number {
	const begun = stepsOf(shard, timer).filter(({ row, step }) => {
		return step.firing <= firing && hasBegun(shard, row);
	});
	for (const { row } of begun) cancelFiring(shard, tx, row, reason);
	return begun.length + stopSteps(shard, tx, timer, (step) => step.firing <= firing);
}

/** Whether the row is a step of an escalation. */
export function isStep(row: TimerRow): boolean {
	return row.parent !== null && (row.flags & ESCALATES) !== 0 && stepOf(row) !== undefined;
}

function stepOf(row: TimerRow): EscalatedDoc | undefined {
	return (row.flags & ESCALATES) === 0 ? undefined : parseTimerDoc(row.doc).escalated;
}

function stepsOf(
	shard: Shard,
	timer: number,
): readonly { readonly row: TimerRow; readonly step: EscalatedDoc }[] {
	return shard.store.listFirings.all(timer).flatMap((row) => {
		const step = stepOf(row);
		return step === undefined ? [] : [{ row, step }];
	});
}
