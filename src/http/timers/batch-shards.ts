/**
 * Sends the lines of a batch to their shards. With an `Idempotency-Key` its home goes first: what it
 * knows decides whether the batch is new, and each shard keeps its own part under the key, so that
 * a batch cut off half-way is completed by the same request, and a complete one is replayed.
 */
import type { IdempotencyClaim, NewTimer } from "../../../durable-objects/tenant-shard/rpc.ts";
import { err, ok, type Result } from "../../core/result.ts";
import type { TenantContext } from "../context.ts";
import type { HttpFailure } from "../failure.ts";
import { platformFailure } from "../platform-failure.ts";
import { logError } from "../request-log.ts";
import { shardFailure } from "../shard-failure.ts";
import type { BatchOutcome } from "./batch-outcome.ts";
import { findHolders } from "./find-holders.ts";
import { mayChange, type Place, placeOf } from "./keyed-create.ts";
import { allHomes, homeOf } from "./shards.ts";

export type BatchLine = { readonly index: number; readonly timer: NewTimer };

type Sent = Promise<Result<null, HttpFailure>>;

export async function sendBatch(
	context: TenantContext,
	lines: readonly BatchLine[],
	claim: IdempotencyClaim | null,
	outcome: BatchOutcome,
): Sent {
	const place = placeOf(context, null, claim);
	const replayed = await findReplay(context, place, claim, outcome);
	if (!replayed.ok) return replayed;
	const holders = await findDuplicates(context, lines, outcome);

	const parts = partition(context, lines, place.home, holders, outcome);
	const lead = parts.get(place.home) ?? [];
	parts.delete(place.home);
	// Where the key was found, the home has nothing to say; a batch without lines makes no call.
	if (!outcome.replayed && (claim !== null || lead.length > 0)) {
		const sent = await sendPart(context, place.home, lead, claim, outcome);
		if (!sent.ok) return sent;
		if (outcome.replayed && parts.size > 0) {
			const swept = await sweep(context, place.home, claim, outcome);
			if (!swept.ok) return swept;
		}
	}
	for (const [shard, part] of parts) {
		const open = part.filter(({ index }) => !outcome.has(index));
		if (open.length > 0) await trySending(context, shard, open, claim, outcome);
	}
	return ok(null);
}

/** Other lines may be stored by now, so what goes wrong here is the error of these lines only. */
async function trySending(
	context: TenantContext,
	shard: number,
	part: readonly BatchLine[],
	claim: IdempotencyClaim | null,
	outcome: BatchOutcome,
): Promise<void> {
	let failure: HttpFailure;
	try {
		const sent = await sendPart(context, shard, part, claim, outcome);
		if (sent.ok) return;
		failure = sent.error;
	} catch (error) {
		failure = platformFailure(error);
		logError(context, "/v1/timers/batch", error);
	}
	for (const { index } of part) outcome.fail(index, failure);
}

/** Which shard gets which lines; those without a dedupe key all go to `home`. */
function partition(
	context: TenantContext,
	lines: readonly BatchLine[],
	home: number,
	holders: ReadonlyMap<number, number>,
	outcome: BatchOutcome,
): Map<number, BatchLine[]> {
	const parts = new Map<number, BatchLine[]>();
	for (const line of lines) {
		if (outcome.has(line.index)) continue;
		const { dedupeKey } = line.timer;
		const shard =
			holders.get(line.index) ??
			(dedupeKey === null ? home : placeOf(context, dedupeKey, null).home);
		const part = parts.get(shard);
		if (part === undefined) parts.set(shard, [line]);
		else part.push(line);
	}
	return parts;
}

async function sendPart(
	context: TenantContext,
	shard: number,
	part: readonly BatchLine[],
	claim: IdempotencyClaim | null,
	outcome: BatchOutcome,
): Sent {
	const { stub, call } = homeOf(context, shard);
	const created = await stub.createBatch(call, part, claim);
	if (!created.ok) return err(shardFailure(created.error, "The batch"));
	outcome.merge(shard, created.value);
	return ok(null);
}

/** Looks for the key where it may have been put under an earlier shard count. */
async function findReplay(
	context: TenantContext,
	{ claimHomes }: Place,
	claim: IdempotencyClaim | null,
	outcome: BatchOutcome,
): Sent {
	if (claim === null) return ok(null);
	for (const shard of claimHomes) {
		const found = await homeOf(context, shard).stub.findBatch(claim);
		if (!found.ok) return err(shardFailure(found.error, "The batch"));
		if (found.value === null) continue;
		outcome.merge(shard, found.value);
		return sweep(context, shard, claim, outcome);
	}
	return ok(null);
}

/** Collects the parts of a replayed batch from all shards but the one that has answered already:
 * under which count the lines were spread then is not kept. */
async function sweep(
	context: TenantContext,
	except: number,
	claim: IdempotencyClaim | null,
	outcome: BatchOutcome,
): Sent {
	if (claim === null) return ok(null);
	const others = allHomes(context).filter(({ shard }) => shard !== except);
	const found = await Promise.all(
		others.map(async ({ shard, stub }) => ({ shard, part: await stub.findBatch(claim) })),
	);
	for (const { shard, part } of found) {
		if (!part.ok) return err(shardFailure(part.error, "The batch"));
		if (part.value !== null) outcome.merge(shard, part.value);
	}
	return ok(null);
}

/**
 * Settles the lines whose dedupe key is held by a timer of before the tenant grew. Answers, by index,
 * the shards of those that may change it: only the shard that has a timer can.
 */
async function findDuplicates(
	context: TenantContext,
	lines: readonly BatchLine[],
	outcome: BatchOutcome,
): Promise<ReadonlyMap<number, number>> {
	const found = new Map<number, number>();
	if (context.config.shardSteps.length === 1) return found;
	const open = lines.filter(({ index }) => !outcome.has(index));
	const holders = await findHolders(
		context,
		open.flatMap(({ timer }) => timer.dedupeKey ?? []),
		"earlier",
	);
	for (const { index, timer } of open) {
		const holder = holders.get(timer.dedupeKey ?? "");
		if (holder === undefined) continue;
		if (mayChange(timer.dedupe)) found.set(index, holder.shard);
		else outcome.found(index, { ...holder, existing: true });
	}
	return found;
}
