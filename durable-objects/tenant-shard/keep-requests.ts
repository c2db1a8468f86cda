/**
 * What a delivery asked for is read from its timer's document. Where that says something else, as of
 * a step of an escalation, or will soon, as when the actions of a recurring timer are changed, the
 * delivery keeps its own action.
 */
import { type ActionDoc, parseTimerDoc } from "../../src/core/timer-doc.ts";
import { formatHistory, parseHistory } from "./delivery-history.ts";
import type { FiringEnd } from "./end-firing.ts";
import { ownerOf } from "./firing-rows.ts";
import { putDelivery } from "./settle-delivery.ts";
import type { Shard } from "./shard.ts";
import { isStep } from "./stop-escalation.ts";
import type { DeliveryRow } from "./store.ts";
import type { Transaction } from "./transaction.ts";

/** Writes its action into each of `rows` that has none of its own. */
export function keepRequests(
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

/** The action of a delivery where it is not that of its timer's document; else null. */
export function ownRequest(
	shard: Shard,
	{ timer, firing, action }: Pick<DeliveryRow, "timer" | "firing" | "action">,
): ActionDoc | null {
	const row = shard.store.getFiring.first(timer, firing);
	if (row === undefined || !isStep(row)) return null;
	return parseTimerDoc(row.doc).actions?.[action] ?? null;
}

/** The row of a step goes with its end, and with it the document that had its actions. */
export function keepRequestsOfStep(shard: Shard, _: Transaction, { row }: FiringEnd): void {
	if (!isStep(row)) return;
	const rows = shard.store.firingDeliveries.all(ownerOf(row), row.firing);
	keepRequests(shard, rows, parseTimerDoc(row.doc).actions);
}
