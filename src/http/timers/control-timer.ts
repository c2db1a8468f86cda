/** Calls on one timer: read it, change it, cancel it, remove it, wait for it. */

import { LIMITS } from "../../contract/limits.ts";
import type { TimerPatch } from "../../contract/timer.ts";
import type { CancelBody } from "../../contract/timer-calls.ts";
import { parseDuration } from "../../core/duration.ts";
import { normalisePatch } from "../../core/normalise-patch.ts";
import { err, ok, type Result } from "../../core/result.ts";
import { withCalendars } from "../calendars/with-calendars.ts";
import type { TenantContext } from "../context.ts";
import { type HttpFailure, refuseField } from "../failure.ts";
import { type Reply, reply } from "../reply.ts";
import { shardFailure } from "../shard-failure.ts";
import { tenantNowOf } from "../tenant-clock.ts";
import { replyTimer, viewOf } from "./answer.ts";
import { putPayloads } from "./payloads.ts";
import { rulesOf } from "./rules.ts";
import { sealDocPatch, sealerOf } from "./secrets.ts";
import { locate } from "./shards.ts";

const WHAT = "The timer";

type Answered = Promise<Result<Reply, HttpFailure>>;

export async function getTimer(context: TenantContext, id: string): Answered {
	const located = locate(context, "tmr", id, WHAT);
	if (!located.ok) return located;
	const { stub, shard, seq } = located.value;
	const timer = await stub.get(seq);
	if (!timer.ok) return err(shardFailure(timer.error, WHAT));
	return replyTimer(await viewOf(context, shard, timer.value));
}

export async function patchTimer(request: TenantContext, id: string, patch: TimerPatch): Answered {
	const context = await withCalendars(request, [patch.schedule]);
	const located = locate(context, "tmr", id, WHAT);
	if (!located.ok) return located;
	const normal = normalisePatch(patch, rulesOf(context), ifMatchOf(context));
	if (!normal.ok) return normal;
	const { change, payloads } = normal.value;
	const docPatch = await sealDocPatch(sealerOf(context), change.docPatch);
	await putPayloads(context, payloads);
	const { stub, call, shard, seq } = located.value;
	const timer = await stub.patch(call, seq, { ...change, docPatch });
	if (!timer.ok) return err(shardFailure(timer.error, WHAT));
	return replyTimer(await viewOf(context, shard, timer.value));
}

export async function cancelTimer(context: TenantContext, id: string, body: CancelBody): Answered {
	const located = locate(context, "tmr", id, WHAT);
	if (!located.ok) return located;
	const { stub, call, shard, seq } = located.value;
	const cancelled = await stub.cancel(call, seq, cancelReasonOf(body));
	if (!cancelled.ok) return err(shardFailure(cancelled.error, WHAT));
	const timer = await viewOf(context, shard, cancelled.value.timer);
	return reply({ outcome: cancelled.value.outcome, timer });
}

export async function deleteTimer(context: TenantContext, id: string): Answered {
	const located = locate(context, "tmr", id, WHAT);
	if (!located.ok) return located;
	const { stub, call, seq } = located.value;
	const deleted = await stub.delete(call, seq, ifMatchOf(context));
	return deleted.ok ? reply({ deleted: deleted.value }) : err(shardFailure(deleted.error, WHAT));
}

/** 200 once the timer has ended, 202 when the time is up before it has. */
export async function waitForTimer(
	context: TenantContext,
	id: string,
	timeout: string | undefined,
): Answered {
	const located = locate(context, "tmr", id, WHAT);
	if (!located.ok) return located;
	const timeoutMs = readTimeout(timeout);
	if (!timeoutMs.ok) return timeoutMs;
	const { stub, shard, seq } = located.value;
	const waited = await stub.wait(seq, timeoutMs.value);
	if (!waited.ok) return err(shardFailure(waited.error, WHAT));
	const now = await tenantNowOf(context.env, context.tenant, Date.now());
	const timer = await viewOf(context, shard, waited.value.timer, now);
	return replyTimer(timer, waited.value.settled ? 200 : 202);
}

/** A duration as everywhere; bare digits are milliseconds, since a query has no numbers. */
function readTimeout(text: string | undefined): Result<number, HttpFailure> {
	if (text === undefined) return ok(LIMITS.waitMsDefault);
	const duration = parseDuration(/^\d+$/.test(text) ? Number(text) : text);
	if (!duration.ok) return refuseField("timeout", duration.error.message);
	if (duration.value <= LIMITS.waitMsMax) return duration;
	return refuseField("timeout", `expected at most ${LIMITS.waitMsMax} ms, got ${duration.value}`);
}

/** The founding systems also said who cancels. */
function cancelReasonOf({ reason, requestedBy }: CancelBody): string | null {
	if (requestedBy === undefined) return reason ?? null;
	return reason === undefined
		? `requested by ${requestedBy}`
		: `${reason} (requested by ${requestedBy})`;
}

function ifMatchOf({ request }: TenantContext): string | null {
	return request.headers.get("if-match");
}
