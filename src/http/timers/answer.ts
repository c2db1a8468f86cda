/** Timers as answers: the view of a record, alone with its ETag or among others. */
import type { TimerRecord } from "../../../durable-objects/tenant-shard/rpc.ts";
import type { TimerView } from "../../contract/timer.ts";
import { renderTimer } from "../../core/render-timer.ts";
import type { Ok } from "../../core/result.ts";
import { parseTimerDoc } from "../../core/timer-doc.ts";
import type { TenantContext } from "../context.ts";
import { type Reply, reply } from "../reply.ts";
import { withBodies } from "./payloads.ts";

/** The view of a record in a list: large bodies stay references. */
export function viewInList(context: TenantContext, shard: number, record: TimerRecord): TimerView {
	const id = context.ids.timer({ shard, seq: record.seq });
	return renderTimer(id, context.tenant, parseTimerDoc(record.doc), record, context.now);
}

/** The view of one record, large bodies included. `now` is read anew: a wait takes time. */
export async function viewOf(
	context: TenantContext,
	shard: number,
	record: TimerRecord,
	now = context.now,
): Promise<TimerView> {
	const id = context.ids.timer({ shard, seq: record.seq });
	const doc = await withBodies(context, parseTimerDoc(record.doc));
	return renderTimer(id, context.tenant, doc, record, now);
}

/** Answers with one timer and its ETag. */
export function replyTimer(
	timer: TimerView,
	status = 200,
	headers: Readonly<Record<string, string>> = {},
): Ok<Reply> {
	return reply(timer, status, { ...headers, etag: timer.etag });
}
