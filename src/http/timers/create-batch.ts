/**
 * Creates up to 10,000 timers. Each line stands alone: what is wrong with one is that line's error.
 * All lines go to one shard in one call, but for those with a `dedupeKey`, which go to the home of
 * their key (decision 19).
 */
import type { IdempotencyClaim } from "../../../durable-objects/tenant-shard/rpc.ts";
import type { TimerCreate } from "../../contract/timer.ts";
import type { BatchResult } from "../../contract/timer-calls.ts";
import type { NormalTimer } from "../../core/fit-timer.ts";
import { normaliseTimer } from "../../core/normalise-timer.ts";
import { err, ok, type Result } from "../../core/result.ts";
import { withCalendars } from "../calendars/with-calendars.ts";
import type { BatchItem, TenantContext } from "../context.ts";
import type { HttpFailure } from "../failure.ts";
import { type Reply, reply } from "../reply.ts";
import { shardsOf } from "../shard-call.ts";
import { BatchOutcome } from "./batch-outcome.ts";
import { type BatchLine, sendBatch } from "./batch-shards.ts";
import { findGone, goneFailure } from "./dependencies.ts";
import { putPayloads } from "./payloads.ts";
import { readAction, rulesOf } from "./rules.ts";
import { sealerOf, sealTimer } from "./secrets.ts";

export async function createBatch(
	context: TenantContext,
	items: readonly BatchItem<TimerCreate>[],
	claim: IdempotencyClaim | null,
): Promise<Result<Reply, HttpFailure>> {
	const outcome = await createLines(context, items, claim);
	return outcome.ok ? replyBatch(context, outcome.value) : outcome;
}

/** Creates what can be created, and answers what became of each line. */
export async function createLines(
	request: TenantContext,
	items: readonly BatchItem<TimerCreate>[],
	claim: IdempotencyClaim | null,
): Promise<Result<BatchOutcome, HttpFailure>> {
	const schedules = items.map((item) => (item.ok ? item.value.schedule : undefined));
	const context = await withCalendars(request, schedules);
	const outcome = new BatchOutcome(items.length);
	const normals: NormalTimer[] = [];
	const lines: BatchLine[] = [];
	const rules = rulesOf(context);
	const seal = sealerOf(context);
	const asked: { index: number; normal: ReturnType<typeof normaliseTimer> }[] = [];
	for (const [index, item] of items.entries()) {
		if (item.ok) asked.push({ index, normal: normaliseTimer(item.value, rules, readAction) });
		else outcome.refuse(index, item.error);
	}
	const dependsOn = asked.flatMap(
		({ normal }) => (normal.ok && normal.value.stored.dependsOn) || [],
	);
	const gone = await findGone(context, dependsOn, homeOfAll(context));
	for (const { index, normal } of asked) {
		if (!normal.ok) {
			outcome.fail(index, normal.error);
			continue;
		}
		const missing = goneFailure(normal.value.stored, gone);
		const timer = missing === undefined ? await sealTimer(seal, normal.value.stored) : err(missing);
		if (timer.ok) {
			normals.push(normal.value);
			lines.push({ index, timer: timer.value });
		} else {
			outcome.fail(index, timer.error);
		}
	}
	await putPayloads(
		context,
		normals.flatMap(({ payloads }) => payloads),
	);
	const sent = await sendBatch(context, lines, claim, outcome);
	if (!sent.ok) return sent;
	const limited = outcome.limitedAsAWhole();
	if (limited !== undefined) return err(limited);
	return ok(outcome);
}

/** Where all lines go; null where a tenant has several shards, and that is not known yet. */
function homeOfAll({ config }: TenantContext): number | null {
	const shards = shardsOf(config);
	return shards.length === 1 ? (shards[0] ?? null) : null;
}

function replyBatch({ ids }: TenantContext, outcome: BatchOutcome): Result<Reply, HttpFailure> {
	const results = outcome.lines().map((line, index): BatchResult => {
		return "error" in line ? { index, error: line.error } : { index, id: ids.timer(line) };
	});
	const failed = results.filter((result) => "error" in result).length;
	const body = { created: results.length - failed, failed, results };
	return reply(body, 200, outcome.replayed ? { "idempotency-replayed": "true" } : {});
}
