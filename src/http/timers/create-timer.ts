/**
 * Creates one timer. Without a key it goes to any shard in one call; with an `Idempotency-Key` or a
 * `dedupeKey` it goes to the key's home, and where the tenant has grown, the key's earlier homes are
 * asked first (decision 19).
 */
import type { IdempotencyClaim } from "../../../durable-objects/tenant-shard/rpc.ts";
import type { TimerCreate } from "../../contract/timer.ts";
import { type NormalTimer, normaliseTimer } from "../../core/normalise-timer.ts";
import { createdState, renderTimer } from "../../core/render-timer.ts";
import { err, type Result } from "../../core/result.ts";
import type { TenantContext } from "../context.ts";
import type { HttpFailure } from "../failure.ts";
import { rateLimitFields } from "../rate-limit-fields.ts";
import type { Reply } from "../reply.ts";
import { activeTimersLimit, shardFailure } from "../shard-failure.ts";
import { replyTimer, viewOf } from "./answer.ts";
import { type Found, findCreate, findDedupe, guardClaim, placeOf } from "./keyed-create.ts";
import { putPayloads } from "./payloads.ts";
import { readAction, rulesOf } from "./rules.ts";
import { homeOf } from "./shards.ts";

export async function createTimer(
	context: TenantContext,
	input: TimerCreate,
	claim: IdempotencyClaim | null,
): Promise<Result<Reply, HttpFailure>> {
	const rules = rulesOf(context);
	const normal = normaliseTimer(input, rules, readAction);
	const place = placeOf(context, input.dedupeKey ?? null, claim);
	if (!normal.ok) {
		if (claim === null) return normal;
		// An `at` that has passed since is still answered as it was at first.
		const found = await findCreate(context, claim, [place.home, ...place.claimHomes]);
		if (!found.ok || found.value === null) return found.ok ? normal : found;
		const first = normaliseTimer(
			input,
			{ ...rules, now: found.value.created.createdAt },
			readAction,
		);
		return first.ok ? answer(context, first.value, found.value) : first;
	}

	if (claim !== null) {
		const found = await findCreate(context, claim, place.claimHomes);
		if (!found.ok) return found;
		if (found.value !== null) return answer(context, normal.value, found.value);
		const guarded = await guardClaim(context, claim, place.home);
		if (!guarded.ok) return guarded;
	}
	if (input.dedupeKey !== undefined) {
		const found = await findDedupe(context, input.dedupeKey, place.dedupeHomes);
		if (!found.ok) return found;
		if (found.value !== null) return answer(context, normal.value, found.value);
	}
	await putPayloads(context, normal.value.payloads);
	const { stub, call, shard } = homeOf(context, place.home);
	const created = await stub.create(call, normal.value.stored, claim);
	return created.ok
		? answer(context, normal.value, { shard, created: created.value })
		: err(shardFailure(created.error, "The timer"));
}

/** 201 for a new timer, byte for byte the same when it is replayed; 200 for the one that has the
 * dedupe key. */
async function answer(
	context: TenantContext,
	normal: NormalTimer,
	{ shard, created }: Found,
): Promise<Result<Reply, HttpFailure>> {
	const { kind, seq, createdAt, dueAt, quota } = created;
	const limits = quota === null ? {} : rateLimitFields([activeTimersLimit(quota)]);
	if (kind === "existing" && created.timer !== null) {
		return replyTimer(await viewOf(context, shard, created.timer), 200, limits);
	}
	const id = context.ids.timer({ shard, seq });
	const state = createdState(createdAt, dueAt);
	const timer = renderTimer(id, context.tenant, normal.doc, state, createdAt);
	return replyTimer(timer, 201, {
		...limits,
		location: `/v1/timers/${id}`,
		...(kind === "replayed" && { "idempotency-replayed": "true" }),
	});
}
