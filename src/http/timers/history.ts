/** What has happened to one timer: its firings, deliveries and events, newest first. */
import type { ShardError } from "../../../durable-objects/tenant-shard/rpc.ts";
import type { DeliveryView } from "../../contract/delivery.ts";
import type { EventView } from "../../contract/event.ts";
import type { Page } from "../../contract/page.ts";
import type { FiringView } from "../../contract/timer.ts";
import { renderDelivery } from "../../core/render-delivery.ts";
import { renderEvent } from "../../core/render-event.ts";
import { renderFiring } from "../../core/render-timer.ts";
import { err, ok, type Result } from "../../core/result.ts";
import { parseTimerDoc } from "../../core/timer-doc.ts";
import type { TenantContext } from "../context.ts";
import type { HttpFailure } from "../failure.ts";
import { shardFailure } from "../shard-failure.ts";
import { type PageQuery, pageOfHistory } from "./page.ts";
import { locate } from "./shards.ts";

const WHAT = "The timer";

type Listed<View> = Promise<Result<Page<View>, HttpFailure>>;

export async function listFirings(
	context: TenantContext,
	id: string,
	query: PageQuery,
): Listed<FiringView> {
	const located = locate(context, "tmr", id, WHAT);
	if (!located.ok) return located;
	const { stub, seq } = located.value;
	return pageOfHistory(query, ["firings", id], async (offset, limit) => {
		const firings = await stub.firings(seq);
		if (!firings.ok) return refused(firings.error);
		const newestFirst = firings.value.toSorted((a, b) => b.seq - a.seq);
		const end = offset + limit;
		const items = newestFirst.slice(offset, end).map(renderFiring);
		return ok({ items, more: end < newestFirst.length });
	});
}

export async function listDeliveries(
	context: TenantContext,
	id: string,
	query: PageQuery,
): Listed<DeliveryView> {
	const located = locate(context, "tmr", id, WHAT);
	if (!located.ok) return located;
	const { stub, shard, seq } = located.value;
	return pageOfHistory(query, ["deliveries", id], async (offset, limit) => {
		const page = await stub.deliveries(seq, offset, limit);
		if (!page.ok) return refused(page.error);
		const doc = parseTimerDoc(page.value.doc);
		const home = { ids: context.ids, shard };
		const items = page.value.items.map((record) => renderDelivery(record, doc, home));
		return ok({ items, more: page.value.more });
	});
}

export async function listEvents(
	context: TenantContext,
	id: string,
	query: PageQuery,
): Listed<EventView> {
	const located = locate(context, "tmr", id, WHAT);
	if (!located.ok) return located;
	const { stub, shard, seq } = located.value;
	return pageOfHistory(query, ["events", id], async (offset, limit) => {
		const page = await stub.events(seq, offset, limit);
		if (!page.ok) return refused(page.error);
		const home = { tenant: context.tenant, ids: context.ids, shard };
		return ok({
			items: page.value.items.map((event) => renderEvent(event, home)),
			more: page.value.more,
		});
	});
}

function refused(error: ShardError): Result<never, HttpFailure> {
	return err(shardFailure(error, WHAT));
}
