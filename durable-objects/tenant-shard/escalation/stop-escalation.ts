/**
 * Stopping escalations: steps that wait are dropped without a trace, since nothing has happened yet;
 * of steps that have begun what is in flight finishes, and nothing is retried.
 */
import { type EscalatedDoc, parseTimerDoc } from "../../../src/core/timer-doc.ts";
import { ESCALATES, unpackFlags } from "../../../src/core/timer-flags.ts";
import { deliveryStateOf } from "../../../src/core/timer-state.ts";
import { hasBegun } from "../calls/pause.ts";
import { firingsOf } from "../calls/record.ts";
import { cancelFiring } from "../firing/cancel-firing.ts";
import { endIfAwaited } from "../firing/end-firing.ts";
import { ownerOf } from "../firing/firing-rows.ts";
import { parseHistory } from "../settle/delivery-history.ts";
import type { Shard } from "../shard.ts";
import type { DeliveryRow, TimerRow } from "../store.ts";
import type { Transaction } from "../transaction.ts";

/** Drops the steps that wait and that `isNeedless` names; answers how many. */
function stopSteps(
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

/** Stops all steps for what had fired by `until` (epoch ms); answers how many waited or were retried. */
export function stopEscalations(
	shard: Shard,
	tx: Transaction,
	timer: number,
	until: number,
	reason: string | null,
): number {
	const begun = stepsOf(shard, timer).filter(({ row, step }) => {
		return step.firedAt <= until && hasBegun(shard, row);
	});
	for (const { row } of begun) cancelFiring(shard, tx, row, reason);
	return begun.length + stopSteps(shard, tx, timer, (step) => step.firedAt <= until);
}

/**
 * A delivery was made: steps that its failures, or those of earlier firings, had set off are needless
 * until they begin. An agent's acknowledgement of its message is one of the firing, where that
 * message's escalation waits for one.
 * @param row the row that stood for its firing
 * @param rows the deliveries of that firing as they are now; empty when it was the only one
 */
export function relieve(
	shard: Shard,
	tx: Transaction,
	row: TimerRow,
	{ action }: Pick<DeliveryRow, "action">,
	rows: readonly DeliveryRow[],
): void {
	// A step that reaches somebody relieves nothing by that.
	if ((row.flags & ESCALATES) === 0 || isStep(row)) return;
	const isWhole = rows.every(({ state }) => deliveryStateOf(state) === "delivered");
	const hasAll = rows.length === 0 || rows.length === unpackFlags(row.flags).actions;
	const isAgent = parseTimerDoc(row.doc).actions?.[action]?.type === "agent";
	const firedAt = firedAtOf(shard, ownerOf(row), row.firing);
	stopSteps(shard, tx, ownerOf(row), (step) => {
		if (firedAt === undefined || step.firedAt > firedAt) return false;
		if (step.reason === "unacknowledged") return isAgent && step.action === action;
		return step.action === undefined ? isWhole && hasAll : step.action === action;
	});
}

/** The same for a firing that had ended: a dead letter has arrived after all. */
export function relieveLate(
	shard: Shard,
	tx: Transaction,
	owner: TimerRow,
	delivery: DeliveryRow,
): void {
	// With an action of its own it is a step, or of actions that the timer has no longer.
	if (parseHistory(delivery.history).request !== undefined) return;
	const { firing } = delivery;
	const rows = shard.store.firingDeliveries.all(owner.id, firing);
	relieve(shard, tx, { ...owner, firing }, delivery, rows);
}

/** Epoch ms at which a firing fired; undefined before that, and once its timer has forgotten it. */
export function firedAtOf(shard: Shard, timer: number, firing: number): number | undefined {
	const owner = shard.store.getTimer.first(timer);
	if (owner === undefined) return undefined;
	return firingsOf(shard, owner).find(({ seq }) => seq === firing)?.firedAt;
}

/** Whether the row is a step of an escalation. */
export function isStep(row: TimerRow): boolean {
	return row.parent !== null && (row.flags & ESCALATES) !== 0 && stepOf(row) !== undefined;
}

function stepOf(row: TimerRow): EscalatedDoc | undefined {
	return (row.flags & ESCALATES) === 0 ? undefined : parseTimerDoc(row.doc).escalated;
}

/** The steps of a timer's escalations that wait or are not over. */
export function stepsOf(
	shard: Shard,
	timer: number,
): readonly { readonly row: TimerRow; readonly step: EscalatedDoc }[] {
	return shard.store.listFirings.all(timer).flatMap((row) => {
		const step = stepOf(row);
		return step === undefined ? [] : [{ row, step }];
	});
}
