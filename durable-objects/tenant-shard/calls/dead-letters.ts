/** Dead letters: listing, editing and replaying, dropping. */
import type { StoredPatch } from "../../../src/contract/delivery.ts";
import { LIMITS } from "../../../src/contract/limits.ts";
import { err, ok, type Result } from "../../../src/core/result.ts";
import { kindOf } from "../../../src/core/services/service-kinds.ts";
import {
	type ActionDoc,
	formatTimerDoc,
	isServiceDoc,
	NOT_ITS_OWN,
	parseTimerDoc,
	requireAction,
	type TimerDocPatch,
} from "../../../src/core/timer-doc.ts";
import {
	deliveryStateCode,
	isEnded,
	timerStateCode,
	timerStateOf,
} from "../../../src/core/timer-state.ts";
import { cancelEntryOf, formatTrail, parseTrail } from "../../../src/core/trail.ts";
import { PAGE_DOC_CHARS, SCAN_SLICE_ROWS } from "../constants.ts";
import { addFiring } from "../firing/extra-firing.ts";
import { asBefore } from "../firing/keep-firing.ts";
import { laneOn } from "../lanes.ts";
import { refuseActive } from "../quota.ts";
import type {
	DeadLetterFilter,
	DeadLetterPosition,
	DeadLetterRecord,
	DeliveryRecord,
	ShardError,
} from "../rpc.ts";
import { formatHistory, parseHistory } from "../settle/delivery-history.ts";
import { putDelivery } from "../settle/put-delivery.ts";
import type { Shard } from "../shard.ts";
import type { DeliveryRow, TimerRow } from "../store.ts";
import type { Transaction } from "../transaction.ts";
import { recordOfDelivery } from "./deliveries.ts";
import { isPaused } from "./pause.ts";

const DEAD = deliveryStateCode("dead");

/** Behind which row of the index by age to read on. */
export type DeadRowKey = [settledAt: number, timer: number, firing: number, action: number];

export const FIRST_DEAD: DeadRowKey = [0, 0, 0, -1];

export function listDeadLetters(
	shard: Shard,
	filter: DeadLetterFilter,
	after: DeadLetterPosition | null,
	limit: number,
): { items: DeadLetterRecord[]; scannedTo: DeadLetterPosition | null } {
	const items: DeadLetterRecord[] = [];
	let read = 0;
	let chars = 0;
	for (const row of deadRows(shard, after)) {
		read += 1;
		const record = deadLetterOf(shard, row);
		if (record !== undefined && matches(record, filter)) {
			items.push(record);
			chars += record.doc.length;
		}
		const isFull = items.length === limit || chars >= PAGE_DOC_CHARS;
		if (isFull || read === LIMITS.pageScanRows) {
			return { items, scannedTo: positionOf(shard, row) };
		}
	}
	return { items, scannedTo: null };
}

export function findDeadLetter(
	shard: Shard,
	timer: number,
	firing: number,
	action: number,
): DeadLetterRecord | undefined {
	const row = shard.exists ? shard.store.getDelivery.first(timer, firing, action) : undefined;
	return row?.state === DEAD ? deadLetterOf(shard, row) : undefined;
}

/** Gives a dead delivery up for good. Its row stays: without one it would count as not yet tried. */
export function dropDeadLetter(shard: Shard, letter: DeadLetterRecord): void {
	const row = shard.store.getDelivery.first(letter.timer, letter.firing, letter.action);
	if (row !== undefined) putDelivery(shard, { ...row, state: deliveryStateCode("cancelled") });
}

/**
 * Makes a dead delivery due again at `dueAt`, with a fresh count of attempts and the same id. Refused
 * while its timer is being cancelled: then nothing but what is in flight may be sent. A timer that
 * had ended counts as active again, so it needs room in the quota.
 */
export function replay(
	shard: Shard,
	tx: Transaction,
	{ timer, firing, action }: Pick<DeliveryRow, "timer" | "firing" | "action">,
	patch: StoredPatch | null,
	dueAt: number,
): Result<DeliveryRecord, ShardError> {
	const row = shard.store.getDelivery.first(timer, firing, action);
	const owner = shard.store.getTimer.first(timer);
	if (row?.state !== DEAD || owner === undefined) return err({ code: "not_found" });
	const isCancelled = cancelEntryOf(parseTrail(owner.trail)) !== undefined;
	const hasEnded = isEnded(timerStateOf(owner.state));
	if (isCancelled && !hasEnded) return err({ code: "in_flight" });
	// A firing that the timer has left behind is taken up beside it, and its end is not undone.
	const refused = hasEnded && owner.firing === firing ? refuseActive(shard, tx) : undefined;
	if (refused !== undefined) return err(refused);
	const { reason: _, ...history } = parseHistory(row.history);
	const edited = patch === null ? history : { ...history, patch: overEdit(history.patch, patch) };
	const revived: DeliveryRow = {
		...row,
		state: deliveryStateCode("retrying"),
		due: dueAt,
		settled_at: null,
		history: formatHistory({ ...edited, base: row.attempts }),
	};
	putDelivery(shard, revived);
	if (owner.firing === firing) reviveTimer(shard, tx, owner, dueAt);
	else reviveFiring(shard, tx, owner, revived, dueAt);
	return ok(recordOfDelivery(shard, revived));
}

/** An edit over an earlier one. Of an earlier release's headers nothing stays behind new ones. */
function overEdit(earlier: StoredPatch | undefined, edit: StoredPatch): StoredPatch {
	if (earlier === undefined) return edit;
	const { headers, ...kept } = earlier;
	const stays = edit.sealedHeaders === undefined && headers !== undefined;
	return { ...kept, ...(stays && { headers }), ...edit };
}

/**
 * A failed timer fires on: it counts as active again, and is due with its first retry. A paused one
 * stays paused.
 */
function reviveTimer(shard: Shard, tx: Transaction, owner: TimerRow, dueAt: number): void {
	const paused = isPaused(owner);
	const soonest = owner.due === null ? dueAt : Math.min(owner.due, dueAt);
	const due = paused ? null : soonest;
	shard.store.updateTimer.run(
		due,
		paused ? owner.state : timerStateCode("firing"),
		formatTrail([["r", tx.tenantNow]]),
		owner.id,
	);
	if (isEnded(timerStateOf(owner.state))) tx.counter.active += 1;
	if (due !== null) tx.onCommit(() => shard.include(laneOn("real", owner.lane), due, owner.id));
}

/** A firing that has ended while its timer went on has a row of its own again. */
function reviveFiring(
	shard: Shard,
	tx: Transaction,
	owner: TimerRow,
	{ firing, history }: DeliveryRow,
	dueAt: number,
): void {
	const open = shard.store.getFiring.first(owner.id, firing);
	if (open === undefined) {
		const past = parseHistory(history).firing;
		const docPatch = JSON.stringify({
			...NOT_ITS_OWN,
			...(past?.event !== undefined && { event: past.event }),
			...(past?.params !== undefined && { params: past.params }),
			...ownActions(shard, owner.id, firing),
		});
		const again = past === undefined ? {} : asBefore(firing, past);
		addFiring(shard, tx, owner.id, { dueAt, firing, state: "firing", docPatch, ...again });
	} else reviveTimer(shard, tx, open, dueAt);
}

/** The actions of a firing whose deliveries have kept theirs; its timer has others by now. */
function ownActions(shard: Shard, timer: number, firing: number): TimerDocPatch {
	const actions = shard.store.firingDeliveries.all(timer, firing).map(({ history }) => {
		return parseHistory(history).request;
	});
	const own = actions.filter((action) => action !== undefined);
	return own.length === 0 || own.length < actions.length ? {} : { actions: own, escalation: null };
}

function* deadRows(shard: Shard, after: DeadLetterPosition | null): Generator<DeliveryRow> {
	if (!shard.exists) return;
	let from = startOf(shard, after);
	while (true) {
		const rows = shard.store.deadDeliveries.all(...from, SCAN_SLICE_ROWS);
		yield* rows;
		const last = rows.at(-1);
		if (last === undefined || rows.length < SCAN_SLICE_ROWS) return;
		from = keyOf(last);
	}
}

function startOf(shard: Shard, after: DeadLetterPosition | null): DeadRowKey {
	if (after === null) return FIRST_DEAD;
	const home = shard.identity.shard;
	if (after.shard === home) return [after.deadAt, after.timer, after.firing, after.action];
	return after.shard < home
		? [after.deadAt, 0, 0, -1]
		: [after.deadAt, Number.MAX_SAFE_INTEGER, 0, 0];
}

export function deadLetterOf(shard: Shard, row: DeliveryRow): DeadLetterRecord | undefined {
	const owner = shard.store.getTimer.first(row.timer);
	if (owner === undefined) return undefined;
	const { request, ...record } = recordOfDelivery(shard, row);
	return {
		...record,
		request: null,
		deadAt: row.settled_at ?? 0,
		reason: parseHistory(row.history).reason ?? "",
		doc: request === null ? owner.doc : docWith(owner.doc, row.action, request),
	};
}

/** A timer's document as it reads for a delivery with an action of its own. */
function docWith(text: string, action: number, request: ActionDoc): string {
	const actions = Array.from({ length: action + 1 }, () => request);
	return formatTimerDoc({ ...parseTimerDoc(text), actions });
}

export function keyOf({ settled_at, timer, firing, action }: DeliveryRow): DeadRowKey {
	return [settled_at ?? 0, timer, firing, action];
}

function positionOf(shard: Shard, row: DeliveryRow): DeadLetterPosition {
	const { timer, firing, action } = row;
	return { deadAt: row.settled_at ?? 0, shard: shard.identity.shard, timer, firing, action };
}

export function matches(letter: DeadLetterRecord, filter: DeadLetterFilter): boolean {
	const { deadBefore, deadAfter, name, labels, host } = filter;
	if (deadBefore !== null && letter.deadAt >= deadBefore) return false;
	if (deadAfter !== null && letter.deadAt <= deadAfter) return false;
	if (name === null && labels.length === 0 && host === null) return true;
	const doc = parseTimerDoc(letter.doc);
	if (name !== null && doc.name !== name) return false;
	if (!labels.every(([key, value]) => doc.labels?.[key] === value)) return false;
	if (host === null) return true;
	const action = requireAction(doc, letter.action);
	if (isServiceDoc(action)) return URL.parse(kindOf(action).urlOf(action))?.hostname === host;
	if (action.type !== "webhook") return false;
	// The host of a url may be a template, which only a delivery resolves.
	return URL.parse(letter.patch?.url ?? action.url)?.hostname === host;
}
