/** Timers as answers: the view of a record, alone with its ETag or among others. */
import type { TimerRecord } from "../../../durable-objects/tenant-shard/rpc.ts";
import type { TimerView } from "../../contract/timer.ts";
import { renderTimer } from "../../core/render-timer.ts";
import type { Ok } from "../../core/result.ts";
import { parseTimerDoc, type TimerDoc } from "../../core/timer-doc.ts";
import type { TenantContext } from "../context.ts";
import { type Reply, reply } from "../reply.ts";
import { withBodies } from "./payloads.ts";
import { withHeaders } from "./secrets.ts";

/** The view of a record in a list: large bodies stay references. */
export async function viewInList(
	context: TenantContext,
	shard: number,
	record: TimerRecord,
): Promise<TimerView> {
	const id = context.ids.timer({ shard, seq: record.seq });
	const doc = await withHeaders(context, parseTimerDoc(record.doc));
	return renderTimer(id, context.tenant, doc, record, context.tenantNow);
}

/** The view of one record, large bodies included. `now` is read anew: a wait takes time. */
export async function viewOf(
	context: TenantContext,
	shard: number,
	record: TimerRecord,
	now = context.tenantNow,
): Promise<TimerView> {
	const id = context.ids.timer({ shard, seq: record.seq });
	const doc = await wholeDoc(context, record.doc);
	return renderTimer(id, context.tenant, doc, record, now);
}

/** A stored document with large bodies in place and headers in the open. */
export async function wholeDoc(context: TenantContext, text: string): Promise<TimerDoc> {
	return withHeaders(context, await withBodies(context, parseTimerDoc(text)));
}

/** Answers with one timer and its ETag. */
export function replyTimer(
	timer: TimerView,
	status = 200,
	headers: Readonly<Record<string, string>> = {},
): Ok<Reply> {
	return reply(timer, status, { ...headers, etag: timer.etag });
}
