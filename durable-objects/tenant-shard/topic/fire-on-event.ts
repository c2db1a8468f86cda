/**
 * A timer that listens to a topic has been told of an event: whether it fires, and when. Each of its
 * firings has a row of its own, so that one that is retried for hours keeps none waiting.
 */
import type { JsonObject, JsonValue } from "../../../src/contract/json.ts";
import { evaluateExpression, isTruthy } from "../../../src/core/condition/expression.ts";
import { type EventSchedule, isOpenAt, windowKey } from "../../../src/core/event-schedule.ts";
import type { SkipReason } from "../../../src/core/firing/skip-reason.ts";
import { Budget } from "../../../src/core/jmespath/budget.ts";
import { formatTimerDoc, parseTimerDoc, type TimerDoc } from "../../../src/core/timer-doc.ts";
import { timerStateOf } from "../../../src/core/timer-state.ts";
import type { TopicEvent } from "../../../src/core/topic-event.ts";
import { formatTrail, trimTrail } from "../../../src/core/trail.ts";
import { firingRowOf, startFiring } from "../firing/firing-rows.ts";
import type { Shard } from "../shard.ts";
import type { TimerRow } from "../store.ts";
import type { Transaction } from "../transaction.ts";
import { askedOf } from "./condition-data.ts";
import { spendFiring } from "./listeners.ts";

/** @param row the timer as it is stored, waiting for events */
export function fireOnEvent(
	shard: Shard,
	tx: Transaction,
	row: TimerRow,
	doc: TimerDoc,
	schedule: EventSchedule,
	event: TopicEvent,
): void {
	if (!isOpenAt(schedule, tx.tenantNow)) return;
	const told: Told = { shard, tx, row, event };
	const { filter, debounce, throttle } = schedule;
	const data = dataOf(shard, row, doc, event, tx.tenantNow);
	const budget = new Budget();
	const ask = (expression: string) => evaluateExpression(expression, data, budget);
	const met = filter === undefined ? undefined : ask(filter);
	if (met?.ok === false) {
		skip(told, "conditions_not_met", { error: met.error.message });
		return;
	}
	if (met !== undefined && !isTruthy(met.value)) return;
	const rate = debounce ?? throttle;
	if (rate === undefined) {
		fire(told, tx.tenantNow);
		return;
	}
	const value = rate.key === undefined ? undefined : ask(rate.key);
	if (value?.ok === false) {
		skip(told, "conditions_not_met", { error: value.error.message });
		return;
	}
	const key = windowKey(value?.value);
	if (debounce !== undefined) fireWhenQuiet(told, key, debounce.periodMs);
	else fireOncePer(told, key, rate.periodMs);
}

type Told = {
	readonly shard: Shard;
	readonly tx: Transaction;
	readonly row: TimerRow;
	readonly event: TopicEvent;
};

/** The event itself, beside what conditions see. */
function dataOf(
	shard: Shard,
	row: TimerRow,
	doc: TimerDoc,
	event: TopicEvent,
	now: number,
): JsonValue {
	const { topic, payload } = event;
	return { ...askedOf(shard, row, doc, [], now), event, topic, payload };
}

/** At most one firing a period: the first event fires, those that follow within it do not. */
function fireOncePer(told: Told, key: string, periodMs: number): void {
	const { shard, tx, row } = told;
	const open = shard.store.getWindow.first(row.id, key);
	if (open !== undefined && open.until > tx.tenantNow) {
		skip(told, "throttled", { key, untilAt: open.until });
		return;
	}
	fire(told, tx.tenantNow);
	shard.store.putWindow.run(row.id, key, null, tx.tenantNow + periodMs);
}

/** One firing, a period after the last event, and for that one. */
function fireWhenQuiet(told: Told, key: string, periodMs: number): void {
	const { shard, tx, row, event } = told;
	const due = tx.tenantNow + periodMs;
	const open = shard.store.getWindow.first(row.id, key);
	const waiting = open?.firing == null ? undefined : firingRowOf(shard, row.id, open.firing);
	if (waiting === undefined || !isWaiting(shard, row, waiting)) {
		shard.store.putWindow.run(row.id, key, fire(told, due), due);
		return;
	}
	const doc = parseTimerDoc(waiting.doc);
	const held = doc.event;
	if (held !== undefined && held.publishedAt > event.publishedAt) {
		skip(told, "debounced", { key });
		return;
	}
	if (held !== undefined) skip({ ...told, event: held }, "debounced", { key });
	const text = formatTimerDoc({ ...doc, event });
	const { lane, flags, trail, id } = waiting;
	shard.store.changeTimer.run(lane, due, due, null, flags, text, trail, id);
	shard.store.putWindow.run(row.id, key, waiting.firing, due);
	shard.includeOnCommit(tx, lane, due, id);
}

function isWaiting(shard: Shard, row: TimerRow, waiting: TimerRow): boolean {
	const isOwn = waiting.parent === row.id && timerStateOf(waiting.state) === "scheduled";
	return isOwn && waiting.due !== null && !shard.claims.holdsFiring(row.id, waiting.firing);
}

function fire({ shard, tx, row, event }: Told, dueAt: number): number {
	const owner = shard.store.getTimer.first(row.id) ?? row;
	const firing = startFiring(shard, tx, owner, { dueAt, docPatch: JSON.stringify({ event }) });
	spendFiring(shard, row.id);
	return firing;
}

/** An event that came to nothing, and why. */
function skip({ shard, tx, row, event }: Told, reason: SkipReason, data: JsonObject): void {
	const { id, topic } = event;
	const chunk = tx.event("timer.skipped", row.id, { reason, topic, event: id, ...data });
	const { trail } = shard.store.getTimer.first(row.id) ?? row;
	shard.store.setTrail.run(trimTrail(trail + formatTrail([["c", chunk]])), row.id);
}
