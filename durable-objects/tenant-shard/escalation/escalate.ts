/**
 * Escalation: what else is done when deliveries fail, or nobody acknowledges a firing. Each step is
 * a firing row that waits for its time, so it outlives restarts as every due time does; the step
 * after it is planned when it begins. Called by the guards of a firing's start and by settling.
 */
import type { JsonObject } from "../../../src/contract/json.ts";
import { escalationsOf } from "../../../src/core/doc-actions.ts";
import { isSetOff } from "../../../src/core/escalation.ts";
import {
	type EscalatedDoc,
	type EscalationStepDoc,
	formatTimerDoc,
	NOT_ITS_OWN,
	parseTimerDoc,
	type TimerDoc,
	type TimerDocPatch,
} from "../../../src/core/timer-doc.ts";
import { ESCALATES } from "../../../src/core/timer-flags.ts";
import { deliveryStateOf } from "../../../src/core/timer-state.ts";
import { cancelEntryOf, formatTrail, parseTrail } from "../../../src/core/trail.ts";
import { addFiring } from "../firing/extra-firing.ts";
import { ownerOf } from "../firing/firing-rows.ts";
import { parseHistory } from "../settle/delivery-history.ts";
import type { Shard } from "../shard.ts";
import type { DeliveryRow, TimerRow } from "../store.ts";
import type { Transaction } from "../transaction.ts";
import { firedAtOf, relieve, stepsOf } from "./stop-escalation.ts";

type Step = Omit<EscalatedDoc, "next" | "begun">;

/** A firing that must be acknowledged starts the clock of its escalations. It fires in any case. */
export function watchAcknowledgement(
	shard: Shard,
	tx: Transaction,
	row: TimerRow,
	doc: TimerDoc,
): undefined {
	if (doc.escalated !== undefined) return undefined;
	const timer = ownerOf(row);
	for (const { action, escalation } of escalationsOf(doc)) {
		if (!("unacknowledgedMs" in escalation.after)) continue;
		if (isUnderWay(shard, timer, action)) continue;
		const step: Step = {
			firing: row.firing,
			firedAt: tx.tenantNow,
			...(action !== undefined && { action }),
			step: 1,
			reason: "unacknowledged",
		};
		const from = tx.tenantNow + escalation.after.unacknowledgedMs;
		planStep(shard, tx, timer, step, escalation.steps, from);
	}
	return undefined;
}

/** A step that begins is told, and the one after it planned, where no failures decide that. */
export function beginStep(shard: Shard, tx: Transaction, row: TimerRow, doc: TimerDoc): undefined {
	const { escalated } = doc;
	if (escalated === undefined || escalated.begun === true) return undefined;
	const timer = ownerOf(row);
	const { next, ...step } = escalated;
	const { firedAt: _, ...told } = step;
	const data: JsonObject = { ...told, by: row.firing };
	const trail = formatTrail([["c", tx.event("timer.escalated", timer, data)]]);
	const begun: TimerDoc = { ...doc, escalated: { ...escalated, begun: true } };
	shard.store.noteDoc.run(formatTimerDoc(begun), trail, row.id);
	const [first] = next;
	if (first !== undefined && first.attempts === undefined) {
		planStep(shard, tx, timer, { ...step, step: step.step + 1 }, next, tx.tenantNow);
	}
	return undefined;
}

/**
 * A delivery has come further: it may set off an escalation, or make one needless.
 * @param row the row that stood for its firing, as it was before
 * @param rows the deliveries of that firing, as they are now
 */
export function escalateAfter(
	shard: Shard,
	tx: Transaction,
	row: TimerRow,
	before: DeliveryRow | undefined,
	after: DeliveryRow,
	rows: readonly DeliveryRow[],
): void {
	if ((row.flags & ESCALATES) === 0) return;
	const doc = parseTimerDoc(row.doc);
	if (deliveryStateOf(after.state) === "delivered") {
		relieve(shard, tx, row, after, rows);
		return;
	}
	if (cancelEntryOf(parseTrail(row.trail)) !== undefined) return;
	const others = rows.filter(({ action }) => action !== after.action).map(tallyOf);
	const [was, is] = [before && tallyOf(before), tallyOf(after)];
	const { escalated } = doc;
	if (escalated !== undefined) {
		const { next, begun: _, ...step } = escalated;
		const attempts = next[0]?.attempts;
		const reason = attempts === undefined ? undefined : isSetOff(attempts, was, is, others);
		if (reason === undefined || isAcknowledged(shard, row, escalated.firedAt)) return;
		const following = { ...step, step: step.step + 1, reason };
		planStep(shard, tx, ownerOf(row), following, next, tx.tenantNow);
		return;
	}
	const firedAt = firedAtOf(shard, ownerOf(row), row.firing) ?? tx.tenantNow;
	if (isAcknowledged(shard, row, firedAt)) return;
	for (const { action, escalation } of escalationsOf(doc)) {
		if (!("attempts" in escalation.after)) continue;
		if (action !== undefined && action !== after.action) continue;
		const rest = action === undefined ? others : [];
		const reason = isSetOff(escalation.after.attempts, was, is, rest);
		if (reason === undefined || isUnderWay(shard, ownerOf(row), action)) continue;
		const { firing } = row;
		const step = { firing, firedAt, ...(action !== undefined && { action }), step: 1, reason };
		planStep(shard, tx, ownerOf(row), step, escalation.steps, tx.tenantNow);
	}
}

function planStep(
	shard: Shard,
	tx: Transaction,
	timer: number,
	step: Step,
	steps: readonly EscalationStepDoc[],
	from: number,
): void {
	const [first, ...next] = steps;
	if (first === undefined) return;
	const patch: TimerDocPatch = {
		...NOT_ITS_OWN,
		actions: first.actions ?? null,
		escalated: { ...step, next },
		escalation: null,
		conditions: null,
		concurrencyKey: null,
	};
	addFiring(shard, tx, timer, {
		dueAt: from + (first.afterMs ?? 0),
		docPatch: JSON.stringify(patch),
	});
}

/**
 * Whether the escalation of an action, or of the timer, has steps that are not over: one at a time,
 * however often the timer fires meanwhile. So its rows stay few, and nobody is called twice at once.
 */
function isUnderWay(shard: Shard, timer: number, action: number | undefined): boolean {
	return stepsOf(shard, timer).some(({ step }) => step.action === action);
}

/** @param firedAt epoch ms at which the firing fired */
function isAcknowledged(shard: Shard, row: TimerRow, firedAt: number): boolean {
	const owner = shard.store.getTimer.first(ownerOf(row));
	const acknowledged = owner === undefined ? undefined : parseTimerDoc(owner.doc).acknowledged;
	return acknowledged !== undefined && acknowledged.until >= firedAt;
}

function tallyOf({ state, attempts, history }: DeliveryRow) {
	return {
		state: deliveryStateOf(state),
		failed: attempts - parseHistory(history).base,
	};
}
