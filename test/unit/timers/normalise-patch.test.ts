/** Changes to a timer. */
import { expect, it } from "vitest";
import { LIMITS } from "../../../src/contract/limits.ts";
import { etagHolds, etagOf } from "../../../src/core/etag.ts";
import { DAY } from "../../../src/core/units.ts";
import { accepted, NOW, readPatch, refused } from "./read-timer.ts";

const url = "https://example.com/hook";

it.each([
	[{ in: "1m" }, { dueAt: NOW + 60_000, delayMs: 60_000 }],
	[{ fireAt: "2026-12-01T09:00:00Z" }, { dueAt: Date.UTC(2026, 11, 1, 9) }],
	[{ extend: "15m" }, { extendMs: 900_000 }],
	[{ name: "b" }, { docPatch: '{"name":"b"}' }],
	[{ name: null, message: null }, { docPatch: '{"name":null,"message":null}' }],
	[{ labels: {} }, { docPatch: '{"labels":{}}' }],
	[{}, {}],
])("[TIMER-30] %j changes nothing but what it names", (json, change) => {
	expect(accepted(readPatch(json)).change).toEqual({
		dueAt: null,
		extendMs: null,
		docPatch: null,
		ifMatch: null,
		horizonAt: LIMITS.instantMax,
		...change,
	});
});

it.each([
	[{ extend: "1m", in: "1m" }, ["in", "extend"]],
	[{ extend: "1m", at: "2026-12-01T09:00:00Z" }, ["at", "extend"]],
	[{ extend: "-1m" }, ["extend"]],
	[{ at: "2020-01-01T00:00:00Z" }, ["at"]],
	[{ actions: [] }, ["actions"]],
	[{ dedupeKey: "k" }, ["dedupeKey"]],
	[{ status: "cancelled" }, ["status"]],
])("[TIMER-31] refuses the change %j, naming the fields", (json, paths) => {
	expect(refused(readPatch(json))).toEqual(["validation_failed", ...paths]);
});

it("[TIMER-32] judges new actions as those of a new timer", () => {
	const actions = [{ type: "webhook", url: "http://[::1]/" }];
	expect(refused(readPatch({ actions }))).toEqual(["destination_refused", "actions.0.url"]);
	const body = "x".repeat(LIMITS.inlineBodyBytes);
	const { change, payloads } = accepted(readPatch({ actions: [{ type: "webhook", url, body }] }));
	expect(JSON.parse(change.docPatch ?? "")).toEqual({
		actions: [
			{ type: "webhook", url, bodyRef: { sha256: payloads[0]?.sha256, bytes: body.length + 2 } },
		],
	});
});

it("[TIMER-33] tells the shard how far a timer may be extended", () => {
	const plan = { name: "Free", horizonDays: 30 };
	expect(accepted(readPatch({ extend: "1d" }, { plan })).change.horizonAt).toBe(NOW + 30 * DAY);
});

it.each([
	['"3-scheduled"', true],
	["*", true],
	['"1-scheduled", "3-scheduled"', true],
	['"2-scheduled"', false],
	['W/"3-scheduled"', false],
	["3-scheduled", false],
	["", false],
])("[TIMER-34] If-Match: %s on version 3 holds: %s", (ifMatch, holds) => {
	const etag = etagOf({ version: 3, status: "scheduled" });
	expect(etag).toBe('"3-scheduled"');
	expect(etagHolds(ifMatch, etag)).toBe(holds);
});
