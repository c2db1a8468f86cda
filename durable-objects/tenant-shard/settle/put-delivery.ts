/** Writing a delivery's row. What it says is decided by the callers. */
import { deliveryStateCode } from "../../../src/core/timer-state.ts";
import type { DeliveryKey } from "../claim/claim-book.ts";
import type { Shard } from "../shard.ts";
import { countDelivery } from "../shard-metrics.ts";
import type { DeliveryRow, TimerRow } from "../store.ts";
import type { Transaction } from "../transaction.ts";
import { formatHistory, parseHistory } from "./delivery-history.ts";

export function putDelivery(shard: Shard, row: DeliveryRow): void {
	shard.store.putDelivery.run(
		row.timer,
		row.firing,
		row.action,
		row.state,
		row.due,
		row.attempts,
		row.settled_at,
		row.history,
	);
}

/** A delivery that is not sent any more, since its firing is cancelled. Answers its row. */
export function putDropped(
	shard: Shard,
	tx: Transaction,
	row: Pick<TimerRow, "lane">,
	{ timer, firing, action }: DeliveryKey,
	known: DeliveryRow | undefined,
): DeliveryRow {
	const dropped: DeliveryRow = {
		timer,
		firing,
		action,
		state: deliveryStateCode("cancelled"),
		due: null,
		attempts: known?.attempts ?? 0,
		settled_at: tx.now,
		history: known?.history ?? formatHistory(parseHistory(undefined)),
	};
	putDelivery(shard, dropped);
	countDelivery(tx.tally, row.lane, "cancelled");
	return dropped;
}
