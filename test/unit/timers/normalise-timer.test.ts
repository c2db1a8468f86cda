/** What a timer may say, and what is stored of it. */

import fc from "fast-check";
import { expect, it } from "vitest";
import { LIMITS } from "../../../src/contract/limits.ts";
import { createJudge } from "../../../src/core/destination/judge.ts";
import { parseTimerDoc } from "../../../src/core/timer-doc.ts";
import { unpackFlags } from "../../../src/core/timer-flags.ts";
import { DAY } from "../../../src/core/units.ts";
import { accepted, NOW, readTimer, refused } from "./read-timer.ts";

const url = "https://example.com/hook";
const webhook = { type: "webhook", url };

it.each([
	[{ in: "30s" }, NOW + 30_000],
	[{ duration: 1_500 }, NOW + 1_500],
	[{ at: "2026-12-01T09:00:00.000Z" }, Date.UTC(2026, 11, 1, 9)],
	[{ fireAt: "2026-12-01T10:00:00.001+01:00" }, Date.UTC(2026, 11, 1, 9, 0, 0, 1)],
	[{ at: new Date(NOW + 1).toISOString() }, NOW + 1],
])("[TIMER-10] %j is due when it says", (when, dueAt) => {
	const timer = accepted(readTimer(when));
	expect(timer.dueAt).toBe(dueAt);
	expect(timer.stored).toEqual({
		dueAt,
		flags: timer.stored.flags,
		name: null,
		doc: "{}",
		dedupeKey: null,
	});
});

it.each([
	[{}, ["in"]],
	[{ in: "30s", at: "2026-12-01T09:00:00Z" }, ["in", "at"]],
	[{ in: "30s", duration: "30s" }, ["in", "duration"]],
	[{ in: "30s", duration: "1m", fireAt: "2026-12-01T09:00:00Z" }, ["in", "duration", "fireAt"]],
])("[TIMER-11] refuses %j: exactly one field says when", (json, paths) => {
	expect(refused(readTimer(json))).toEqual(["validation_failed", ...paths]);
});

it.each([
	[{ in: 0 }, "in"],
	[{ in: -5 }, "in"],
	[{ in: "0s" }, "in"],
	[{ duration: "soon" }, "duration"],
	[{ in: 1e300 }, "in"],
	[{ in: "9000y" }, "in"],
	[{ at: "2026-11-21T09:59:59.999Z" }, "at"],
	[{ at: "2026-11-21T10:00:00Z" }, "at"],
	[{ at: "2026-12-01T09:00:00" }, "at"],
	[{ fireAt: "2026-02-30T09:00:00Z" }, "fireAt"],
	[{ fireAt: "+010000-01-01T00:00:00Z" }, "fireAt"],
])("[TIMER-12] refuses %j, naming the field", (json, path) => {
	expect(refused(readTimer(json))).toEqual(["validation_failed", path]);
});

it("[TIMER-13] lets the plan alone limit how far ahead a timer may be due", () => {
	const plan = { name: "Free", horizonDays: 30 };
	expect(accepted(readTimer({ in: "30d" }, { plan })).dueAt).toBe(NOW + 30 * DAY);
	const result = readTimer({ in: 30 * DAY + 1 }, { plan });
	expect(refused(result)).toEqual(["validation_failed", "in"]);
	expect(JSON.stringify(result)).toContain("the Free plan may be due up to 30 days ahead");
	expect(accepted(readTimer({ at: "9999-12-31T23:59:59.999Z" })).dueAt).toBe(LIMITS.instantMax);
	expect(refused(readTimer({ in: "3000000d" }))).toEqual(["validation_failed", "in"]);
});

it("[TIMER-14] stores what was written, without defaults", () => {
	const json = {
		in: "30s",
		name: "backup",
		message: "done",
		actions: [{ ...webhook, headers: { "X-Team": "ops" }, timeoutMs: 500, data: { a: [1] } }],
		retry: { maxAttempts: 3 },
		priority: 2,
		labels: { team: "ops" },
		metadata: { a: { b: null } },
		params: { id: 7 },
		dedupeKey: "k",
		fidelity: "fast",
		requestedBy: "agent:a",
	};
	const { stored } = accepted(readTimer(json, { traceparent: "00-aa-bb-01" }));
	const { in: _, ...rest } = json;
	expect(parseTimerDoc(stored.doc)).toEqual({
		...rest,
		actions: [{ ...webhook, headers: { "x-team": "ops" }, timeoutMs: 500, data: { a: [1] } }],
		traceparent: "00-aa-bb-01",
	});
	expect(stored).toMatchObject({ name: "backup", dedupeKey: "k" });
	expect(unpackFlags(stored.flags)).toEqual({
		priority: 2,
		fidelity: "fast",
		actions: 1,
		timeoutMs: 500,
	});
});

it("[TIMER-15] refuses destinations that are not allowed, naming each URL", () => {
	const actions = [webhook, { type: "webhook", url: "http://169.254.169.254/" }, webhook];
	expect(refused(readTimer({ in: 1, actions }))).toEqual(["destination_refused", "actions.1.url"]);
	const local = { type: "webhook", url: "http://127.0.0.1:9/" };
	expect(refused(readTimer({ in: 1, actions: [local] }))).toEqual([
		"destination_refused",
		"actions.0.url",
	]);
	const judge = createJudge({ allowLoopback: true, ownPorts: [3000] });
	expect(readTimer({ in: 1, actions: [local] }, { judge }).ok).toBe(true);
});

it.each([
	[{ headers: { "webhook-id": "x" } }, "actions.0.headers.webhook-id"],
	[{ headers: { "x-a": "1\r\nx-b: 2" } }, "actions.0.headers.x-a"],
	[{ method: "GET", body: {} }, "actions.0.body"],
	[{ method: "GET", message: "m" }, "actions.0.message"],
	[{ method: "GET", data: {} }, "actions.0.data"],
	[{ body: null, message: "m" }, "actions.0.message"],
	[{ body: 1, data: {} }, "actions.0.data"],
	[{ timeoutMs: 99 }, "actions.0.timeoutMs"],
	[{ timeoutMs: 60_001 }, "actions.0.timeoutMs"],
	[{ colour: "red" }, "actions.0.colour"],
])("[TIMER-16] refuses the action %j, naming the field", (action, path) => {
	const json = { in: 1, actions: [{ ...webhook, ...action }] };
	expect(refused(readTimer(json))).toEqual(["validation_failed", path]);
});

it("[TIMER-17] names everything that is wrong at once", () => {
	const json = {
		in: "soon",
		actions: [
			{ ...webhook, method: "GET", body: 1 },
			{ type: "webhook", url: "ftp://a/" },
		],
	};
	expect(refused(readTimer(json))).toEqual([
		"validation_failed",
		"in",
		"actions.0.body",
		"actions.1.url",
	]);
});

it("[TIMER-18] bounds the number of labels", () => {
	const labels = (n: number) =>
		Object.fromEntries(Array.from({ length: n }, (_, i) => [`k${i}`, ""]));
	expect(readTimer({ in: 1, labels: labels(LIMITS.labels) }).ok).toBe(true);
	expect(refused(readTimer({ in: 1, labels: labels(LIMITS.labels + 1) }))).toEqual([
		"validation_failed",
		"labels",
	]);
});

it("[TIMER-19] keeps a body up to the limit in the row and sends a larger one to R2", () => {
	const bodyOf = (bytes: number) => "x".repeat(bytes - 2);
	const inline = accepted(
		readTimer({ in: 1, actions: [{ ...webhook, body: bodyOf(LIMITS.inlineBodyBytes) }] }),
	);
	expect(inline.payloads).toEqual([]);

	const body = bodyOf(LIMITS.inlineBodyBytes + 1);
	const { doc, stored, payloads } = accepted(
		readTimer({ in: 1, actions: [webhook, { ...webhook, body }] }),
	);
	expect(doc.actions?.[1]).toMatchObject({ body });
	const [payload] = payloads;
	expect(new TextDecoder().decode(payload?.bytes)).toBe(JSON.stringify(body));
	expect(parseTimerDoc(stored.doc).actions).toEqual([
		webhook,
		{ ...webhook, bodyRef: { sha256: payload?.sha256, bytes: LIMITS.inlineBodyBytes + 1 } },
	]);
	expect(payload?.sha256).toMatch(/^[0-9a-f]{64}$/);
});

it("[TIMER-19] counts bytes, not characters", () => {
	const body = "€".repeat(Math.ceil(LIMITS.inlineBodyBytes / 3));
	expect(accepted(readTimer({ in: 1, actions: [{ ...webhook, body }] })).payloads).toHaveLength(1);
});

it("[TIMER-20] refuses a timer that is too large for a row", () => {
	const metadata = { text: "x".repeat(LIMITS.timerBytes) };
	expect(refused(readTimer({ in: 1, metadata }))).toEqual(["payload_too_large"]);
});

it("[TIMER-21] refuses or accepts any JSON, and never throws", () => {
	const field = fc.oneof(
		fc.jsonValue(),
		fc.constantFrom("30s", 5, "2026-12-01T09:00:00Z", "https://example.com", null),
	);
	const action = fc.record(
		{
			type: fc.constantFrom("webhook", "agent", "workflow"),
			mailbox: field,
			url: field,
			method: field,
			headers: field,
			body: field,
			timeoutMs: field,
			data: field,
		},
		{ requiredKeys: [] },
	);
	const names = [
		"in",
		"at",
		"duration",
		"fireAt",
		"name",
		"message",
		"params",
		"retry",
		"priority",
	];
	const step = fc.record(
		{ after: field, attempts: field, actions: fc.oneof(field, fc.array(action)) },
		{ requiredKeys: [] },
	);
	const escalation = fc.record(
		{
			after: fc.oneof(
				field,
				fc.record({ attempts: field }),
				fc.record({ unacknowledgedFor: field }),
			),
			steps: fc.oneof(field, fc.array(step)),
		},
		{ requiredKeys: [] },
	);
	const timer = fc.record(
		{
			escalation: fc.oneof(field, escalation),
			...Object.fromEntries(names.map((name) => [name, field])),
			labels: fc.oneof(field, fc.dictionary(fc.string(), fc.string())),
			actions: fc.oneof(field, fc.array(action)),
			events: fc.record({
				on_expire: fc.record(
					{ webhook: fc.oneof(field, action), message: field },
					{ requiredKeys: [] },
				),
			}),
			actionBundle: fc.record({
				actions: fc.array(
					fc.record({
						id: fc.string(),
						kind: fc.constantFrom("webhook", "x"),
						parameters: fc.oneof(fc.object(), action),
						escalation: fc.oneof(
							field,
							fc.record(
								{
									afterAttempts: field,
									escalatesTo: fc.record(
										{ kind: field, parameters: action, escalation: field },
										{ requiredKeys: [] },
									),
								},
								{ requiredKeys: [] },
							),
						),
					}),
				),
			}),
		},
		{ requiredKeys: [] },
	);
	fc.assert(
		fc.property(fc.oneof(timer, fc.jsonValue()), (json) => {
			const result = readTimer(json);
			if (result.ok) {
				expect(result.value.dueAt).toBeGreaterThan(NOW);
				expect(parseTimerDoc(result.value.stored.doc)).toBeTypeOf("object");
			} else if ("errors" in result.error) {
				expect(result.error.errors.length).toBeGreaterThan(0);
				for (const { message } of result.error.errors) expect(message).not.toBe("");
			}
		}),
		{ numRuns: 2_000 },
	);
});

it.each(["workflow", "message", "command", "file_write", "fax", "Webhook"])(
	"[TIMER-22] refuses an action of type %s as unsupported, naming it",
	(type) => {
		const json = { in: 1, actions: [webhook, { type, mailbox: "a" }] };
		expect(refused(readTimer(json))).toEqual(["unsupported_action", "actions.1.type"]);
	},
);

it("[TIMER-22] refuses an action without a type as misspelt", () => {
	expect(refused(readTimer({ in: 1, actions: [{ url }] }))).toEqual([
		"validation_failed",
		"actions.0.type",
	]);
});
