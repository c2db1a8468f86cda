/** Dead letters over all shards of a tenant: list, look at, replay, replay many. */
import type {
	DeadLetterFilter,
	DeadLetterPosition,
	DeadLetterRecord,
} from "../../../durable-objects/tenant-shard/rpc.ts";
import type { DeadLetterPatch, DeadLetterView, DeliveryView } from "../../contract/delivery.ts";
import type { FieldError } from "../../contract/error.ts";
import type { Page } from "../../contract/page.ts";
import { formatInstant } from "../../core/instant.ts";
import { normaliseReplay } from "../../core/normalise-replay.ts";
import { renderDeadLetter, renderDelivery } from "../../core/render-delivery.ts";
import { err, ok, type Result } from "../../core/result.ts";
import {
	type ActionDoc,
	isServiceDoc,
	parseTimerDoc,
	requireAction,
} from "../../core/timer-doc.ts";
import { SECOND } from "../../core/units.ts";
import type { TenantContext } from "../context.ts";
import type { HttpFailure } from "../failure.ts";
import { shardFailure } from "../shard-failure.ts";
import { wholeDoc } from "./answer.ts";
import { DEAD_LETTER_BOUNDS, type List, type PageQuery, pageOfShards, readCursor } from "./page.ts";
import { rulesOf } from "./rules.ts";
import { sealEdit, sealerOf, withEditHeaders, withHeaders } from "./secrets.ts";
import { allHomes, locateDelivery } from "./shards.ts";

const WHAT = "The dead letter";

export async function listDeadLetters(
	context: TenantContext,
	query: PageQuery,
	filter: DeadLetterFilter,
): Promise<Result<Page<DeadLetterView>, HttpFailure>> {
	const list: List = { scope: ["dead-letters", filter], bounds: DEAD_LETTER_BOUNDS };
	const start = readCursor(query, list);
	if (!start.ok) return start;
	const after = start.value === null ? null : positionOf(start.value);
	const parts = await Promise.all(
		allHomes(context).map(async ({ shard, stub }) => {
			const { items, scannedTo } = await stub.deadLetters(filter, after, query.limit);
			return {
				items: items.map((record) => ({ shard, record })),
				scannedTo: scannedTo && numbersOf(scannedTo),
			};
		}),
	);
	const page = pageOfShards(parts, query, list, ({ shard, record }) =>
		numbersOf({ ...record, shard }),
	);
	const { ids } = context;
	const items = page.items.map(async ({ shard, record }) => {
		const doc = await withHeaders(context, parseTimerDoc(record.doc));
		return renderDeadLetter(await withOpenEdit(context, record), doc, { ids, shard });
	});
	return ok({ items: await Promise.all(items), nextCursor: page.nextCursor });
}

export async function readDeadLetter(
	context: TenantContext,
	id: string,
): Promise<Result<DeadLetterView, HttpFailure>> {
	const found = await findDeadLetter(context, id);
	if (!found.ok) return found;
	const { record, shard } = found.value;
	const doc = await wholeDoc(context, record.doc);
	const home = { ids: context.ids, shard };
	return ok(renderDeadLetter(await withOpenEdit(context, record), doc, home));
}

/** Sends it again, edited if a patch says so, under the same id. Answers the revived delivery. */
export async function replayDeadLetter(
	context: TenantContext,
	id: string,
	patch: DeadLetterPatch | undefined,
): Promise<Result<DeliveryView, HttpFailure>> {
	const edit = patch === undefined ? ok(null) : normaliseReplay(patch, rulesOf(context));
	if (!edit.ok) return edit;
	const found = await findDeadLetter(context, id);
	if (!found.ok) return found;
	const { record, shard, stub, call } = found.value;
	const { timer, firing, action } = record;
	const doc = parseTimerDoc(record.doc);
	const misfits = edit.value === null ? [] : misfitsOf(edit.value, requireAction(doc, action));
	if (misfits.length > 0) return err({ code: "validation_failed", errors: misfits });
	const sealed = edit.value && (await sealEdit(sealerOf(context), edit.value));
	const revived = await stub.replayDeadLetter(call, timer, firing, action, sealed);
	if (!revived.ok) return err(shardFailure(revived.error, WHAT));
	return ok(renderDelivery(revived.value, doc, { ids: context.ids, shard }));
}

/** What of an edit an action does not have: the token is a service's, all else a webhook's. */
function misfitsOf(edit: DeadLetterPatch, action: ActionDoc): FieldError[] {
	const { type } = action;
	if (type === "agent") {
		const message = `only a webhook or a call of a service can be edited; this is a delivery to an ${type}`;
		return [{ path: "patch", message }];
	}
	const hasToken = isServiceDoc(action) && action.tokenPreview !== undefined;
	const isTaken = (member: string) => (member === "token" ? hasToken : type === "webhook");
	return Object.keys(edit)
		.filter((member) => !isTaken(member))
		.map((member) => ({ path: `patch.${member}`, message: `not of an action of type ${type}` }));
}

/**
 * Replays all that match at a rate over the tenant. Each shard gets its share of the rate and starts
 * that much later than the one before it, so that the rate holds from the first second on.
 */
export async function replayDeadLetters(
	context: TenantContext,
	filter: DeadLetterFilter,
	ratePerSecond: number,
): Promise<{ replayed: number; refused: number; lastAt: string | null }> {
	const homes = allHomes(context);
	const share = ratePerSecond / homes.length;
	const done = await Promise.all(
		homes.map(({ shard, stub, call }) => {
			const startAt = context.now + Math.floor((shard * SECOND) / ratePerSecond);
			return stub.replayDeadLetters(call, filter, startAt, share);
		}),
	);
	const lasts = done.flatMap(({ lastAt }) => (lastAt === null ? [] : [lastAt]));
	return {
		replayed: done.reduce((sum, { replayed }) => sum + replayed, 0),
		refused: done.reduce((sum, { refused }) => sum + refused, 0),
		lastAt: lasts.length === 0 ? null : formatInstant(Math.max(...lasts)),
	};
}

export async function deleteDeadLetter(
	context: TenantContext,
	id: string,
): Promise<Result<null, HttpFailure>> {
	const located = locateDelivery(context, id, WHAT);
	if (!located.ok) return located;
	const { stub, call, seq, firing, action } = located.value;
	const deleted = await stub.deleteDeadLetter(call, seq, firing, action);
	return deleted.ok ? deleted : err(shardFailure(deleted.error, WHAT));
}

async function findDeadLetter(context: TenantContext, id: string) {
	const located = locateDelivery(context, id, WHAT);
	if (!located.ok) return located;
	const { stub, seq, firing, action } = located.value;
	const record = await stub.deadLetter(seq, firing, action);
	if (!record.ok) return err(shardFailure(record.error, WHAT));
	return ok({ ...located.value, record: record.value satisfies DeadLetterRecord });
}

async function withOpenEdit(context: TenantContext, record: DeadLetterRecord) {
	return { ...record, patch: await withEditHeaders(context, record.patch) };
}

function numbersOf(position: DeadLetterPosition): readonly number[] {
	const { deadAt, shard, timer, firing, action } = position;
	return [deadAt, shard, timer, firing, action];
}

function positionOf(numbers: readonly number[]): DeadLetterPosition {
	const [deadAt = 0, shard = 0, timer = 0, firing = 0, action = 0] = numbers;
	return { deadAt, shard, timer, firing, action };
}
