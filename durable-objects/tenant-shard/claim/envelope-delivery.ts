/** A delivery as its sender is told of it, when it is claimed and when its claim is sent again. */
import type { EnvelopeDelivery } from "../../../src/contract/envelope.ts";
import { type DeliveryHistory, parseHistory } from "../settle/delivery-history.ts";
import type { Shard } from "../shard.ts";
import type { DueRow } from "../store.ts";
import type { ClaimedDelivery } from "./claim-book.ts";

/** How long a delivery may take: what its timer says, or the edit of a replay where that is longer. */
export function timeoutOf(delivery: EnvelopeDelivery, timeoutMs: number): number {
	return Math.max(timeoutMs, delivery.patch?.timeoutMs ?? 0);
}

/** What the sender is told; an edited dead letter brings its edit along. */
export function envelopeDelivery(
	shard: Shard,
	claimed: ClaimedDelivery,
	{ doc, nominal }: Pick<DueRow, "doc" | "nominal">,
): EnvelopeDelivery {
	const { timer, firing, action, attempt, dueAt } = claimed;
	const history: DeliveryHistory | undefined =
		attempt > 1
			? parseHistory(shard.store.getDelivery.first(timer, firing, action)?.history)
			: undefined;
	return {
		timer,
		firing,
		action,
		attempt,
		dueAt,
		doc,
		...(nominal !== null && { nominalAt: nominal }),
		...(history !== undefined && history.base > 0 && { base: history.base }),
		...(history?.patch !== undefined && { patch: history.patch }),
	};
}
