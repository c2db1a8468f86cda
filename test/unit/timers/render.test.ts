/** Timers, deliveries, dead letters and events as callers read them. */
import { expect, it } from "vitest";
import { DeadLetterViewSchema, DeliveryViewSchema } from "../../../src/contract/delivery.ts";
import { EventSchema } from "../../../src/contract/event.ts";
import { TimerViewSchema } from "../../../src/contract/timer.ts";
import { createIdSpace } from "../../../src/core/public-id.ts";
import { renderDeadLetter, renderDelivery, requestOf } from "../../../src/core/render-delivery.ts";
import { renderEvent } from "../../../src/core/render-event.ts";
import { createdState, renderTimer, type TimerState } from "../../../src/core/render-timer.ts";
import type { TimerDoc, WebhookDoc } from "../../../src/core/timer-doc.ts";

const T0 = Date.UTC(2026, 10, 21, 10);
const ids = createIdSpace(new Uint8Array(32), "acme");
const home = { ids, shard: 2, tenant: "acme" };
const id = ids.timer({ shard: 2, seq: 7 });
const url = "https://example.com/hook";

function view(state: Partial<TimerState>, now: number, doc: TimerDoc = {}) {
	const timer = renderTimer(id, "acme", doc, { ...createdState(T0, T0 + 10_000), ...state }, now);
	expect(TimerViewSchema.parse(timer)).toEqual(timer);
	return timer;
}

it("[TIMER-40] shows a waiting timer with every default filled in", () => {
	const doc: TimerDoc = { name: "a", actions: [{ type: "webhook", url }] };
	expect(view({}, T0 + 2_500, doc)).toEqual({
		id,
		tenantId: "acme",
		name: "a",
		status: "scheduled",
		createdAt: "2026-11-21T10:00:00.000Z",
		at: "2026-11-21T10:00:10.000Z",
		nextFireAt: "2026-11-21T10:00:10.000Z",
		nominalAt: "2026-11-21T10:00:10.000Z",
		schedule: null,
		timeRemainingMs: 7_500,
		progress: 0.25,
		firedCount: 0,
		remainingFirings: null,
		lastFiring: null,
		message: null,
		params: {},
		actions: [{ type: "webhook", url, method: "POST", headers: {}, timeoutMs: 10_000 }],
		retry: {
			maxAttempts: 6,
			backoff: "exponential",
			baseMs: 2_000,
			capMs: 3_600_000,
			jitter: "full",
		},
		priority: 5,
		labels: {},
		metadata: {},
		context: {},
		conditions: null,
		misfire: { policy: "fire_once", graceMs: 30_000, max: 100, paceMs: 1_000 },
		overlap: "skip",
		jitterMs: 0,
		spreadMs: 0,
		jitterPolicy: null,
		dedupeKey: null,
		dedupe: null,
		concurrencyKey: null,
		dependsOn: [],
		graph: null,
		graphRootId: null,
		graphNodeId: null,
		fidelity: "full",
		requestedBy: null,
		cancelReason: null,
		escalation: null,
		acknowledgedAt: null,
		acknowledgeNote: null,
		skipReason: null,
		pausedAt: null,
		pauseNote: null,
		etag: '"1-scheduled"',
	});
});

it("[ESC-11] shows an acknowledgement until the timer fires again", () => {
	const doc: TimerDoc = { acknowledged: { at: T0 + 1_000, until: T0 + 1_000, note: "on it" } };
	const fired = (firedAt: number) => {
		const times = { dueAt: T0, nominalAt: T0, firedAt, settledAt: null };
		return view({ firing: { seq: 1, ...times, status: "firing" } }, T0 + 2_000, doc);
	};
	expect(fired(T0 + 1_000)).toMatchObject({
		acknowledgedAt: new Date(T0 + 1_000).toISOString(),
		acknowledgeNote: "on it",
	});
	expect(fired(T0 + 1_001)).toMatchObject({ acknowledgedAt: null, acknowledgeNote: null });
});

it("[CTRL-4] shows a pause while it lasts, and what is left of the way to its instant", () => {
	const doc: TimerDoc = { pause: { at: T0 + 1_000, note: "moving" } };
	expect(view({ status: "paused" }, T0 + 2_500, doc)).toMatchObject({
		status: "paused",
		pausedAt: new Date(T0 + 1_000).toISOString(),
		pauseNote: "moving",
		nextFireAt: null,
		timeRemainingMs: 7_500,
		progress: 0.25,
	});
	expect(view({ status: "settled" }, T0, doc)).toMatchObject({ pausedAt: null, pauseNote: null });
});

it.each([
	[8_999, "scheduled"],
	[9_000, "armed"],
	[10_000, "armed"],
	[12_000, "armed"],
])("[TIMER-41] a timer due at 10,000 ms is, at %i ms, %s", (elapsed, status) => {
	const timer = view({}, T0 + elapsed);
	expect(timer.status).toBe(status);
	expect(timer.etag).toBe('"1-scheduled"');
	expect(timer.progress).toBeLessThanOrEqual(1);
});

it("[TIMER-42] shows what a firing was like", () => {
	const firing = {
		seq: 1,
		dueAt: T0 + 10_000,
		nominalAt: T0 + 10_000,
		firedAt: T0 + 10_004,
		settledAt: null,
		status: "firing",
	} as const;
	const timer = view(
		{ status: "firing", nextAt: null, version: 2, firing, firedCount: 1 },
		T0 + 11_000,
	);
	expect(timer).toMatchObject({
		status: "firing",
		nextFireAt: null,
		timeRemainingMs: 0,
		progress: 1,
		firedCount: 1,
		lastFiring: { seq: 1, latenessMs: 4, settledAt: null, status: "firing" },
		etag: '"2-firing"',
	});
});

it.each(["settled", "failed", "cancelled"] as const)(
	"[TIMER-43] a timer that is %s has nothing left",
	(status) => {
		expect(view({ status }, T0 + 1_000)).toMatchObject({
			status,
			nextFireAt: null,
			timeRemainingMs: 0,
			progress: 1,
		});
	},
);

it.each([
	[
		{ maxAttempts: 2 },
		{ maxAttempts: 2, backoff: "exponential", baseMs: 2_000, capMs: 3_600_000, jitter: "full" },
	],
	[
		{ backoff: "linear" },
		{ maxAttempts: 6, backoff: "linear", baseMs: 2_000, capMs: 3_600_000, jitter: "none" },
	],
	[
		{ backoff: "fixed", baseMs: 5 },
		{ maxAttempts: 6, backoff: "fixed", baseMs: 5, jitter: "none" },
	],
	[{ delaysMs: [1, 2] }, { delaysMs: [1, 2] }],
] as const)("[TIMER-44] shows the retry policy %j whole", (retry, shown) => {
	expect(
		view({}, T0, { retry: "delaysMs" in retry ? { delaysMs: [...retry.delaysMs] } : retry }).retry,
	).toEqual(shown);
});

const attempt = {
	attempt: 1,
	at: T0,
	durationMs: 12,
	outcome: "http_error",
	status: 500,
	error: null,
	excerpt: "no",
} as const;
const dead = {
	timer: 7,
	firing: 1,
	action: 0,
	state: "dead",
	attempts: 1,
	nextAttemptAt: null,
	settledAt: T0 + 5,
	history: [attempt],
	patch: null,
	request: null,
	result: null,
	postponed: null,
} as const;
const action = { type: "webhook", url, message: "m" } as const;
const doc: TimerDoc = { name: "a", labels: { x: "y" }, actions: [action] };

it("[DEAD-1] shows a dead letter with its request and every attempt", () => {
	const letter = renderDeadLetter({ ...dead, deadAt: T0 + 5, reason: "HTTP 500" }, doc, home);
	expect(DeadLetterViewSchema.parse(letter)).toEqual(letter);
	expect(letter).toMatchObject({
		id: ids.delivery({ shard: 2, seq: 7, firing: 1, action: 0 }),
		timerId: id,
		timerName: "a",
		labels: { x: "y" },
		status: "dead",
		reason: "HTTP 500",
		deadAt: "2026-11-21T10:00:00.005Z",
		request: { url, method: "POST", message: "m" },
		history: [{ attempt: 1, status: 500, at: "2026-11-21T10:00:00.000Z" }],
	});
	expect(letter.lastAttempt).toEqual(letter.history[0]);
});

it("[DEAD-2] shows and sends the edit of a replay", () => {
	const patch = { url: "https://b.example/", body: { a: 1 } };
	expect(renderDelivery({ ...dead, patch }, doc, home)).toMatchObject({ url: patch.url });
	expect(requestOf(action, patch)).toEqual({
		type: "webhook",
		url: "https://b.example/",
		body: { a: 1 },
	});
	expect(requestOf(action, { timeoutMs: 5 })).toEqual({
		type: "webhook",
		url,
		message: "m",
		timeoutMs: 5,
	});
	expect(requestOf(action, { method: "GET" })).toEqual({ type: "webhook", url, method: "GET" });
	const large: WebhookDoc = { type: "webhook", url, bodyRef: { sha256: "ab", bytes: 40_000 } };
	expect(requestOf(large, { headers: { a: "b" } }).bodyRef).toEqual({
		sha256: "ab",
		bytes: 40_000,
	});
	expect(requestOf(large, { body: null })).toEqual({ type: "webhook", url, body: null });
});

it("[TIMER-45] writes events as CloudEvents", () => {
	const event = {
		sequence: 513,
		at: T0,
		type: "timer.created",
		timer: 7,
		data: { a: 1 },
		traceparent: null,
	} as const;
	const rendered = renderEvent(event, home);
	expect(EventSchema.parse(rendered)).toEqual(rendered);
	expect(rendered).toEqual({
		specversion: "1.0",
		id: ids.event({ shard: 2, seq: 513 }),
		source: "/v1/tenants/acme",
		type: "timer.created",
		time: "2026-11-21T10:00:00.000Z",
		subject: id,
		datacontenttype: "application/json",
		tenantid: "acme",
		sequence: "0000000000000513",
		data: { a: 1 },
	});
	const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
	expect(renderEvent({ ...event, traceparent }, home).traceparent).toBe(traceparent);
});

it("[AGENT-2] shows an agent's delivery with its mailbox and what it was acknowledged with", () => {
	const agent: TimerDoc = { actions: [{ type: "agent", mailbox: "build" }] };
	const held = { ...dead, state: "accepted", settledAt: null, history: [] } as const;
	const delivery = renderDelivery(held, agent, home);
	expect(DeliveryViewSchema.parse(delivery)).toEqual(delivery);
	expect(delivery).toMatchObject({
		type: "agent",
		mailbox: "build",
		status: "accepted",
		result: null,
	});
	expect(delivery).not.toHaveProperty("url");
	expect(renderDelivery({ ...held, result: '{"ok":true}' }, agent, home)).toMatchObject({
		result: { ok: true },
	});
	const letter = renderDeadLetter({ ...dead, deadAt: T0, reason: "no" }, agent, home);
	expect(DeadLetterViewSchema.parse(letter)).toEqual(letter);
	expect(letter.request).toEqual({
		type: "agent",
		mailbox: "build",
		command: {},
		ackTimeoutMs: 60_000,
		ttlMs: 14 * 24 * 3_600_000,
	});
});

it("[FIRE-15] shows when a schedule goes on while an extra firing runs", () => {
	const running = { status: "firing", nextAt: T0 + 10_000 } as const;
	expect(view(running, T0 + 2_500)).toMatchObject({
		status: "firing",
		nextFireAt: "2026-11-21T10:00:10.000Z",
		timeRemainingMs: 7_500,
		progress: 0.25,
	});
	expect(view({ status: "firing", nextAt: null }, T0 + 10_000)).toMatchObject({
		nextFireAt: null,
		timeRemainingMs: 0,
	});
});
