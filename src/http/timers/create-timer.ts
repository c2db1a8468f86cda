/**
 * Creates one timer. Without a key it goes to any shard in one call; with an `Idempotency-Key` or a
 * `dedupeKey` it goes to the key's home, and where the tenant has grown, the key's earlier homes are
 * asked first (decision 19).
 */
import type { IdempotencyClaim } from "../../../durable-objects/tenant-shard/rpc.ts";
import type { TimerCreate } from "../../contract/timer.ts";
import type { NormalTimer } from "../../core/fit-timer.ts";
import { linkRoot } from "../../core/graph-docs.ts";
import { dedupeKeyOf } from "../../core/normalise-dedupe.ts";
import { normaliseTimer } from "../../core/normalise-timer.ts";
import { createdState, renderTimer } from "../../core/render-timer.ts";
import { err, type Ok, ok, type Result } from "../../core/result.ts";
import type { TimerRefusal } from "../../core/timer-rules.ts";
import { emptyCalendars, withCalendars } from "../calendars/with-calendars.ts";
import type { TenantContext } from "../context.ts";
import type { HttpFailure } from "../failure.ts";
import { rateLimitFields } from "../rate-limit-fields.ts";
import type { Reply } from "../reply.ts";
import { activeTimersLimit, shardFailure } from "../shard-failure.ts";
import { replyTimer, viewOf } from "./answer.ts";
import { findGone, goneFailure, homeOfDependent } from "./dependencies.ts";
import {
	type Found,
	findCreate,
	findDedupe,
	guardClaim,
	mayChange,
	type Place,
	placeOf,
} from "./keyed-create.ts";
import { putPayloads } from "./payloads.ts";
import { readAction, rulesOf } from "./rules.ts";
import { sealerOf, sealTimer } from "./secrets.ts";
import { homeOf } from "./shards.ts";

export async function createTimer(
	request: TenantContext,
	input: TimerCreate,
	key: IdempotencyClaim | null,
): Promise<Result<Reply, HttpFailure>> {
	const context = await withCalendars(request, [input.schedule]);
	const claim = key && { ...key, readAt: context.tenantNow };
	const keyed = placeOf(context, dedupeKeyOf(input), claim);
	const normal = normaliseTimer(input, rulesOf(context), readAction);
	if (!normal.ok) {
		return claim === null ? normal : replayLate(context, input, claim, keyed, normal.error);
	}
	const { dependsOn = [] } = normal.value.stored;
	const isKeyed = dedupeKeyOf(input) !== null || claim !== null;
	const place = isKeyed ? keyed : { ...keyed, home: homeOfDependent(dependsOn) ?? keyed.home };
	const known = await findKnown(context, normal.value.stored, claim, place);
	if (!known.ok) return known;
	if ("created" in known.value) return answerKnown(context, input, normal, known.value);

	const gone = await findGone(context, dependsOn, place.home);
	const missing = goneFailure(normal.value.stored, gone);
	if (missing !== undefined) {
		return claim === null ? err(missing) : replayLate(context, input, claim, place, missing);
	}
	const sealed = await sealTimer(sealerOf(context), normal.value.stored);
	if (!sealed.ok) return sealed;
	await putPayloads(context, normal.value.payloads);
	const { stub, call, shard } = homeOf(context, known.value.home);
	const created = await stub.create(call, sealed.value, claim);
	return created.ok
		? answerKnown(context, input, normal, { shard, created: created.value })
		: err(shardFailure(created.error, "The timer"));
}

/** What either key was given before in a shard that is not its home now, or where to create. */
async function findKnown(
	context: TenantContext,
	{ dedupeKey, dedupe }: NormalTimer["stored"],
	claim: IdempotencyClaim | null,
	{ home, claimHomes, dedupeHomes }: Place,
): Promise<Result<Found | Pick<Place, "home">, HttpFailure>> {
	if (claim !== null) {
		const found = await findCreate(context, claim, claimHomes);
		if (!found.ok) return found;
		if (found.value !== null) return ok(found.value);
	}
	if (dedupeKey === null) return ok({ home });
	const holder = await findDedupe(context, dedupeKey, dedupeHomes);
	const isAnswer = holder !== null && !mayChange(dedupe);
	// The shard that has the timer is the one that can change it.
	const target = holder === null || isAnswer ? home : holder.shard;
	if (claim !== null) {
		const guarded = await guardClaim(context, claim, target);
		if (!guarded.ok) return guarded;
	}
	return ok(isAnswer ? holder : { home: target });
}

/** A request that is refused now, for an `at` that has passed, or a dependency or calendar that is
 * gone, is still answered as it was at first. */
async function replayLate(
	context: TenantContext,
	input: TimerCreate,
	claim: IdempotencyClaim,
	place: Place,
	refusal: HttpFailure,
): Promise<Result<Reply, HttpFailure>> {
	const found = await findCreate(context, claim, [place.home, ...place.claimHomes]);
	if (!found.ok) return found;
	if (found.value === null) return err(refusal);
	const first = readAsAtFirst(context, input, found.value);
	return first.ok ? answer(context, first.value, found.value) : first;
}

/** A repeat is answered from its body as it was read at first. */
function answerKnown(
	context: TenantContext,
	input: TimerCreate,
	normal: Ok<NormalTimer>,
	found: Found,
): Promise<Result<Reply, HttpFailure>> {
	const isRepeat = found.created.kind === "replayed";
	const first = isRepeat ? readAsAtFirst(context, input, found) : normal;
	return answer(context, first.ok ? first.value : normal.value, found);
}

/** What counts from the creation counts from then; a calendar may be gone since. */
function readAsAtFirst(
	context: TenantContext,
	input: TimerCreate,
	{ created: { readAt, createdAt, dueAt } }: Found,
): Result<NormalTimer, TimerRefusal> {
	// What an earlier release has stored does not say when. The shard's clock may have passed an
	// instant that was ahead when the edge looked.
	const now = readAt ?? Math.min(createdAt, dueAt - 1);
	const calendars = emptyCalendars(input.schedule);
	return normaliseTimer(input, { ...rulesOf(context), now, calendars }, readAction);
}

/** 201 for a new timer, byte for byte the same when it is replayed; 200 for the one that has the
 * dedupe key. */
async function answer(
	context: TenantContext,
	normal: NormalTimer,
	{ shard, created }: Found,
): Promise<Result<Reply, HttpFailure>> {
	const { kind, seq, createdAt, dueAt, standing, quota } = created;
	const limits = quota === null ? {} : rateLimitFields([activeTimersLimit(quota)]);
	if (kind === "existing" && created.timer !== null) {
		return replyTimer(await viewOf(context, shard, created.timer), 200, limits);
	}
	const id = context.ids.timer({ shard, seq });
	const { dependsOn, firing, graph } = normal.stored;
	const { jitterMs, spreadMs } = normal.doc;
	const isShifted = jitterMs !== undefined || spreadMs !== undefined;
	const nominalAt = isShifted ? normal.stored.dueAt : dueAt;
	const state = createdState(createdAt, dueAt, {
		...standing,
		...(firing !== undefined && { remaining: firing.limit }),
		// What waits for other timers, or has, is due by when they end.
		...(firing !== undefined && dependsOn === undefined && { nominalAt }),
	});
	const idAt = (place: number) => context.ids.timer({ shard, seq: seq + place });
	const doc = graph === undefined ? normal.doc : linkRoot(normal.doc, graph, idAt);
	const timer = renderTimer(id, context.tenant, doc, state, createdAt);
	return replyTimer(timer, 201, {
		...limits,
		location: `/v1/timers/${id}`,
		...(kind === "replayed" && { "idempotency-replayed": "true" }),
	});
}
