/**
 * Creates the timers of a file: one this network exported, one of the founding system, a calendar
 * or a crontab. Each line stands alone, as in a batch, and is created like one of a batch.
 */

import type { IdempotencyClaim } from "../../../durable-objects/tenant-shard/rpc.ts";
import type { TimerId } from "../../contract/ids.ts";
import type { JsonObject } from "../../contract/json.ts";
import { LIMITS } from "../../contract/limits.ts";
import { type TimerCreate, TimerCreateSchema } from "../../contract/timer.ts";
import type { BatchItemError } from "../../contract/timer-calls.ts";
import type { ImportBody, ImportQuery, ImportResult } from "../../contract/transfer.ts";
import { inOrder, withIds, withoutEdges } from "../../core/import/dependency-order.ts";
import type { ImportLine, TimerLine } from "../../core/import/import-line.ts";
import { importedOnce } from "../../core/import/once.ts";
import { readImport } from "../../core/import/read-import.ts";
import { normaliseTimer } from "../../core/normalise-timer.ts";
import type { Address } from "../../core/public-id.ts";
import { ok, type Result } from "../../core/result.ts";
import { withHiddenTokens } from "../../core/services/hide-tokens.ts";
import { eachAtMost } from "../../each-at-most.ts";
import { withCalendars } from "../calendars/with-calendars.ts";
import type { BatchItem, TenantContext } from "../context.ts";
import { type HttpFailure, refuseField } from "../failure.ts";
import { renderProblem } from "../problem.ts";
import { readItem } from "../read-batch.ts";
import { type Reply, reply } from "../reply.ts";
import { shardFailure } from "../shard-failure.ts";
import { createLines } from "./create-batch.ts";
import { findHolders } from "./find-holders.ts";
import { readAction, rulesOf } from "./rules.ts";
import { homeOf } from "./shards.ts";

/** Calls that pause what was paused, under way at once. */
const PAUSES_AT_ONCE = 16;

/** A line that is to be created, and where it stands among all. */
type Wanted = { readonly index: number; readonly line: TimerLine };

export async function importTimers(
	context: TenantContext,
	body: ImportBody,
	query: ImportQuery,
	claim: IdempotencyClaim | null,
): Promise<Result<Reply, HttpFailure>> {
	const { url, mailbox, timezone } = query;
	const format = query.format ?? body.format;
	if (format === "crontab" && url === undefined && mailbox === undefined) {
		const why =
			"is missing: a crontab's commands go to a url or to a mailbox, which one of them names";
		return refuseField("url", why);
	}
	if (url !== undefined && mailbox !== undefined) {
		return refuseField("mailbox", "url and mailbox are given, where one may say what to do");
	}
	const read = readImport(format, body.text, { now: context.tenantNow, url, mailbox, timezone });
	if (!read.ok) return refuseField("", read.error);
	const lines = query.once === "true" ? importedOnce(read.value, format) : read.value;
	if (lines.length === 0) return refuseField("", "expected at least 1 timer, got none");
	if (lines.length > LIMITS.batchTimers) {
		return refuseField("", `expected at most ${LIMITS.batchTimers} timers, got ${lines.length}`);
	}
	const wanted = lines.flatMap((line, index): Wanted[] =>
		line.kind === "timer" ? [{ index, line }] : [],
	);
	const isDry = query.dryRun === "true";
	const made = isDry ? ok(await tryOut(context, wanted)) : await create(context, wanted, claim);
	return made.ok ? answer(lines, made.value, isDry) : made;
}

/** What becomes of one line, where it was to be created. */
type Outcome =
	| { readonly id: TimerId; readonly existing?: true; readonly warning?: string }
	| { readonly timer: TimerCreate }
	| { readonly error: BatchItemError };
/** By index. */
type Outcomes = ReadonlyMap<number, Outcome>;

/** Checks each line as a create would, and stores nothing. */
async function tryOut(request: TenantContext, wanted: readonly Wanted[]): Promise<Outcomes> {
	const sources = new Set(wanted.flatMap(({ line }) => line.source ?? []));
	const items = wanted.map(({ line }) => readLine(request, withoutEdges(line.body, sources)));
	const schedules = items.map((item) => (item.ok ? item.value.schedule : undefined));
	const rules = rulesOf(await withCalendars(request, schedules));
	const outcomes = new Map<number, Outcome>();
	const keys = new Map<number, string>();
	for (const [at, { index }] of wanted.entries()) {
		const item = items[at];
		if (item === undefined) continue;
		const normal = item.ok ? normaliseTimer(item.value, rules, readAction) : undefined;
		if (!item.ok) outcomes.set(index, { error: item.error });
		else if (normal?.ok === false) outcomes.set(index, { error: lineError(normal.error) });
		else outcomes.set(index, { timer: withHiddenTokens(item.value) });
		if (normal?.ok && normal.value.stored.dedupeKey !== null) {
			keys.set(index, normal.value.stored.dedupeKey);
		}
	}
	const holders = await findHolders(request, [...keys.values()], "everywhere");
	for (const [index, key] of keys) {
		const holder = holders.get(key);
		if (holder !== undefined)
			outcomes.set(index, { id: request.ids.timer(holder), existing: true });
	}
	return outcomes;
}

/**
 * Creates the lines, those first that others wait for: a line names what it waits for as it was
 * called where it came from, and gets the ids that those lines have here.
 */
async function create(
	context: TenantContext,
	wanted: readonly Wanted[],
	claim: IdempotencyClaim | null,
): Promise<Result<Outcomes, HttpFailure>> {
	const outcomes = new Map<number, Outcome>();
	const ids = new Map<string, TimerId>();
	const paused: Paused[] = [];
	for (const [step, part] of inOrder(wanted).entries()) {
		const items = part.map(({ line }) => readLine(context, withIds(line.body, ids)));
		const key = claim && { ...claim, key: step === 0 ? claim.key : `${claim.key} ${step}` };
		const created = await createLines(context, items, key);
		// Once something has been created, a limit is the error of the lines that it keeps out.
		if (!created.ok && step === 0) return created;
		for (const [at, { index, line }] of part.entries()) {
			const made = created.ok ? created.value.lines()[at] : { error: lineError(created.error) };
			if (made === undefined) continue;
			if ("error" in made) {
				outcomes.set(index, made);
				continue;
			}
			const id = context.ids.timer(made);
			const { existing } = made;
			outcomes.set(index, { id, ...(existing && { existing }) });
			if (line.source !== null) ids.set(line.source, id);
			// Whoever has resumed it since, meant it.
			if (line.pause !== undefined && !existing)
				paused.push({ index, id, address: made, ...line.pause });
		}
	}
	await eachAtMost(PAUSES_AT_ONCE, paused, async (one) => {
		const warning = await pauseAgain(context, one);
		if (warning !== undefined) outcomes.set(one.index, { id: one.id, warning });
	});
	return ok(outcomes);
}

type Paused = {
	readonly index: number;
	readonly id: TimerId;
	readonly address: Address;
	readonly note: string | null;
};

/** What stands in the way of it, if anything does. */
async function pauseAgain(
	context: TenantContext,
	{ address, note }: Paused,
): Promise<string | undefined> {
	const { stub, call } = homeOf(context, address.shard);
	const done = await stub.pause(call, address.seq, note);
	if (done.ok) return undefined;
	const { detail } = renderProblem(shardFailure(done.error, "The timer"), "").problem;
	return `It was paused, and is not now: ${detail}`;
}

function readLine(context: TenantContext, body: JsonObject): BatchItem<TimerCreate> {
	return readItem(body, { item: TimerCreateSchema }, context.tenant);
}

function answer(
	lines: readonly ImportLine[],
	outcomes: Outcomes,
	dryRun: boolean,
): Result<Reply, HttpFailure> {
	const results = lines.map((line, index): ImportResult => {
		const { source } = line;
		if (line.kind === "skipped") return { index, source, skipped: line.reason };
		const made = outcomes.get(index);
		if (made !== undefined) return { index, source, ...made };
		const message = line.kind === "refused" ? line.message : "It was not looked at.";
		return { index, source, error: { code: "validation_failed", message } };
	});
	const failed = results.filter((result) => "error" in result).length;
	const skipped = results.filter((result) => "skipped" in result).length;
	const existing = results.filter((result) => "existing" in result).length;
	const created = dryRun ? 0 : results.length - existing - failed - skipped;
	return reply({ created, existing, skipped, failed, dryRun, results });
}

function lineError(failure: HttpFailure): BatchItemError {
	const { code, detail, errors } = renderProblem(failure, "").problem;
	return { code, message: detail, ...(errors !== undefined && { errors }) };
}
