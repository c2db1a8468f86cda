/** Calls that make a timer fire beside its schedule: run, replay, backfill. */
import type { FieldError } from "../../contract/error.ts";
import type { BackfillBody, ReplayFiringBody, RunBody } from "../../contract/timer-calls.ts";
import { formatInstant, parseInstant } from "../../core/instant.ts";
import { err, type Result } from "../../core/result.ts";
import type { TenantContext } from "../context.ts";
import type { HttpFailure } from "../failure.ts";
import { type Reply, reply } from "../reply.ts";
import { shardFailure } from "../shard-failure.ts";
import { viewOf } from "./answer.ts";
import { locate } from "./shards.ts";

const WHAT = "The timer";

type Answered = Promise<Result<Reply, HttpFailure>>;

export async function runTimer(context: TenantContext, id: string, body: RunBody): Answered {
	const located = locate(context, "tmr", id, WHAT);
	if (!located.ok) return located;
	const { stub, call, shard, seq } = located.value;
	const run = await stub.run(call, seq, body.params ?? null);
	if (!run.ok) return err(shardFailure(run.error, WHAT));
	const { firing, timer } = run.value;
	return reply({ firing, timer: await viewOf(context, shard, timer) });
}

export async function replayFiring(
	context: TenantContext,
	id: string,
	{ firing, params }: ReplayFiringBody,
): Answered {
	const located = locate(context, "tmr", id, WHAT);
	if (!located.ok) return located;
	const { stub, call, shard, seq } = located.value;
	const replayed = await stub.replay(call, seq, firing ?? null, params ?? null);
	if (!replayed.ok) return err(shardFailure(replayed.error, WHAT));
	const { timer, ...numbers } = replayed.value;
	return reply({ ...numbers, timer: await viewOf(context, shard, timer) });
}

export async function backfillTimer(
	context: TenantContext,
	id: string,
	body: BackfillBody,
): Answered {
	const located = locate(context, "tmr", id, WHAT);
	if (!located.ok) return located;
	const errors: FieldError[] = [];
	const from = instantOf(body.from, "from", errors);
	const to = instantOf(body.to, "to", errors);
	if (to > context.tenantNow) {
		const now = formatInstant(context.tenantNow);
		errors.push({ path: "to", message: `expected an instant that has passed: it is ${now}` });
	}
	if (from > to) errors.push({ path: "from", message: "comes after to" });
	if (errors.length > 0) return err({ code: "validation_failed", errors });
	const { stub, call, seq } = located.value;
	const isSequential = (body.overlap ?? "buffer_all") === "buffer_all";
	const filled = await stub.backfill(call, seq, { from, to, isSequential });
	if (!filled.ok) return err(shardFailure(filled.error, WHAT));
	const { firings, nextAt } = filled.value;
	return reply({ firings, nextAt: nextAt === null ? null : formatInstant(nextAt) });
}

/** Epoch ms; NaN, which compares false with everything, once it has been refused. */
function instantOf(text: string, path: string, errors: FieldError[]): number {
	const instant = parseInstant(text);
	if (instant.ok) return instant.value;
	errors.push({ path, message: instant.error.message });
	return Number.NaN;
}
