/**
 * What a delivery asked for is read from its timer's document. Where that says something else, as of
 * a step of an escalation, or will soon, as when the actions of a recurring timer are changed, the
 * delivery keeps its own action.
 */
import { type ActionDoc, parseTimerDoc, type TimerDoc } from "../../../src/core/timer-doc.ts";
import { isStep } from "../escalation/stop-escalation.ts";
import { formatHistory, parseHistory } from "../settle/delivery-history.ts";
import { putDelivery } from "../settle/put-delivery.ts";
import type { Shard } from "../shard.ts";
import type { DeliveryRow, TimerRow } from "../store.ts";
import type { Transaction } from "../transaction.ts";
import type { FiringEnd } from "./end-firing.ts";
import { ownerOf } from "./firing-rows.ts";

/** Writes its action into each of `rows` that has none of its own. */
function keepRequests(
	shard: Shard,
	rows: readonly DeliveryRow[],
	actions: readonly ActionDoc[] | undefined,
): void {
	for (const row of rows) {
		const history = parseHistory(row.history);
		const request = actions?.[row.action];
		if (request === undefined || history.request !== undefined) continue;
		putDelivery(shard, { ...row, history: formatHistory({ ...history, request }) });
	}
}

/**
 * Before the actions of a timer change: what its past firings sent. One that is open has a document
 * of its own, and keeps its actions when it ends.
 */
export function keepRequestsBefore(
	shard: Shard,
	row: Pick<TimerRow, "id" | "firing">,
	before: TimerDoc,
	after: TimerDoc,
): void {
	if (haveSameActions(before, after)) return;
	const past = shard.store.listDeliveries.all(row.id).filter(({ firing }) => {
		return firing !== row.firing && shard.store.getFiring.first(row.id, firing) === undefined;
	});
	keepRequests(shard, past, before.actions);
}

function haveSameActions(one: TimerDoc, other: TimerDoc): boolean {
	return JSON.stringify(one.actions) === JSON.stringify(other.actions);
}

/** The action of a delivery where it is not that of its timer's document; else null. */
export function ownRequest(
	shard: Shard,
	{ timer, firing, action }: Pick<DeliveryRow, "timer" | "firing" | "action">,
): ActionDoc | null {
	const row = shard.store.getFiring.first(timer, firing);
	if (row === undefined || !hasOwnActions(shard, row)) return null;
	return parseTimerDoc(row.doc).actions?.[action] ?? null;
}

/** The row of a firing goes with its end, and with it a document that may have other actions. */
export function keepRequestsOfFiring(shard: Shard, _: Transaction, { row }: FiringEnd): void {
	if (row.parent === null || !hasOwnActions(shard, row)) return;
	const rows = shard.store.firingDeliveries.all(ownerOf(row), row.firing);
	keepRequests(shard, rows, parseTimerDoc(row.doc).actions);
}

/** Whether a firing row is a step, or its timer's actions have changed since it was made. */
function hasOwnActions(shard: Shard, row: TimerRow): boolean {
	if (isStep(row)) return true;
	const owner = shard.store.getTimer.first(ownerOf(row));
	return owner !== undefined && !haveSameActions(parseTimerDoc(owner.doc), parseTimerDoc(row.doc));
}
