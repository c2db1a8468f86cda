/**
 * Finds what a key was given before, where a tenant has grown since (decision 19). Nothing here
 * creates; with one shard count since the beginning, nothing here calls an object either.
 */
import type { Created, IdempotencyClaim } from "../../../durable-objects/tenant-shard/rpc.ts";
import { err, ok, type Result } from "../../core/result.ts";
import { homesOfKey } from "../../core/shard-count.ts";
import type { DedupeDoc } from "../../core/timer-doc.ts";
import { DAY } from "../../core/units.ts";
import type { TenantContext } from "../context.ts";
import type { HttpFailure } from "../failure.ts";
import { shardFailure } from "../shard-failure.ts";
import { anyShard, homeOf } from "./shards.ts";

/** How long, in ms, an answer is kept under its key, and so may lie in an earlier home. */
const ANSWER_KEPT_MS = DAY;

/** What a shard answered to a create, now or earlier. */
export type Found = { readonly shard: number; readonly created: Created };

export type Place = {
	/** The shard that the timer is created in. */
	readonly home: number;
	/** Other shards that may hold the answer to the same request. */
	readonly claimHomes: readonly number[];
	/** Other shards that may hold the dedupe key. */
	readonly dedupeHomes: readonly number[];
};

/** The dedupe key decides where there is one: it must be unique for as long as its timer runs. */
export function placeOf(
	context: TenantContext,
	dedupeKey: string | null,
	claim: IdempotencyClaim | null,
): Place {
	const { now, config } = context;
	const key = dedupeKey ?? claim?.key;
	if (key === undefined) return { home: anyShard(context), claimHomes: [], dedupeHomes: [] };
	const { home, earlier } = homesOfKey(key, config.shardSteps, now, ANSWER_KEPT_MS);
	return {
		home,
		claimHomes: earlier,
		dedupeHomes:
			dedupeKey === null
				? []
				: homesOfKey(dedupeKey, config.shardSteps, now, Number.POSITIVE_INFINITY).earlier,
	};
}

/** The answer that the same request was given before in one of `shards`. */
export async function findCreate(
	context: TenantContext,
	claim: IdempotencyClaim,
	shards: readonly number[],
): Promise<Result<Found | null, HttpFailure>> {
	for (const shard of shards) {
		const found = await homeOf(context, shard).stub.findCreated(claim);
		if (!found.ok) return err(shardFailure(found.error, "The timer"));
		// What stands in a guarding shard names no timer.
		if (found.value?.seq !== undefined) return ok({ shard, created: found.value });
	}
	return ok(null);
}

/** Whether a create wants more of the timer that has its dedupe key than to be answered with it. */
export function mayChange(dedupe: DedupeDoc | undefined): boolean {
	return (dedupe?.mode ?? "keep") !== "keep";
}

/** The timer that holds a dedupe key in one of `shards`. */
export async function findDedupe(
	context: TenantContext,
	dedupeKey: string,
	shards: readonly number[],
): Promise<Found | null> {
	for (const shard of shards) {
		const { stub } = homeOf(context, shard);
		const [seq] = await stub.findDedupeKeys([dedupeKey]);
		if (seq == null) continue;
		const timer = await stub.get(seq);
		// It may have been deleted in between, and the key with it.
		if (!timer.ok) continue;
		const { createdAt, fireAt } = timer.value;
		const created: Created = {
			kind: "existing",
			seq,
			createdAt,
			dueAt: fireAt,
			timer: timer.value,
			quota: null,
		};
		return { shard, created };
	}
	return null;
}

/**
 * Where a dedupe key sends a timer elsewhere than its `Idempotency-Key` would: reserves the latter
 * at its own home too, so that its use with another body is refused wherever that body leads. The
 * timer's shard alone decides whether the request is new, so a reservation by this same request that
 * is still open stops nothing.
 */
export async function guardClaim(
	context: TenantContext,
	claim: IdempotencyClaim,
	home: number,
): Promise<Result<null, HttpFailure>> {
	const { config, now } = context;
	const { home: guard, earlier } = homesOfKey(claim.key, config.shardSteps, now, ANSWER_KEPT_MS);
	const found = await findCreate(context, claim, earlier);
	if (!found.ok) return found;
	if (guard === home) return ok(null);
	const { stub, call } = homeOf(context, guard);
	const reserved = await stub.reserveKey(call, claim);
	if (reserved.ok) {
		if (reserved.value.answer === null) await stub.completeKey(call, claim.key, GUARDED);
		return ok(null);
	}
	if (reserved.error.code === "idempotency_in_progress") return ok(null);
	return err(shardFailure(reserved.error, "The timer"));
}

/** Stands in a guarding shard for the answer that the timer's own shard keeps. */
const GUARDED = "{}";
