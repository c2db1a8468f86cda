/** Recurring timers over HTTP: what is answered of them, and what is refused. */
import { describe, expect, it, vi } from "vitest";
import { TimerViewSchema } from "../../../src/contract/timer.ts";
import { newTenant } from "./api.ts";

const HOURLY = { every: "1h" } as const;

describe("POST /v1/timers with a schedule", () => {
	it("[FIRE-20] answers as every later read does: both instants, policies, what is left", async () => {
		const { call } = await newTenant();
		const { status, body } = await call("POST", "/v1/timers", {
			schedule: { ...HOURLY, limit: 3 },
			misfire: { policy: "catch_up", max: 5, pace: "2s" },
			overlap: "buffer_one",
			jitter: "10m",
			spread: 60_000,
		});
		expect(status).toBe(201);
		expect(TimerViewSchema.parse(body)).toEqual(body);
		expect(body).toMatchObject({
			status: "scheduled",
			remainingFirings: 3,
			misfire: { policy: "catch_up", graceMs: 30_000, max: 5, paceMs: 2_000 },
			overlap: "buffer_one",
			jitterMs: 600_000,
			spreadMs: 60_000,
			firedCount: 0,
		});
		const offset = Date.parse(body.nextFireAt) - Date.parse(body.nominalAt);
		expect(offset).toBeGreaterThanOrEqual(0);
		expect(offset).toBeLessThan(660_000);
		const read = await call("GET", `/v1/timers/${body.id}`);
		const { timeRemainingMs: _, progress: __, ...later } = read.body;
		expect(body).toMatchObject(later);
	});

	it("[FIRE-20] shows the defaults of a timer that says nothing", async () => {
		const { call } = await newTenant();
		const { body } = await call("POST", "/v1/timers", { schedule: HOURLY, misfire: "skip" });
		expect(body).toMatchObject({
			misfire: { policy: "skip", graceMs: 30_000, max: 100, paceMs: 1_000 },
			overlap: "skip",
			jitterMs: 0,
			spreadMs: 0,
			remainingFirings: null,
			nominalAt: body.nextFireAt,
		});
	});

	it.each([
		[{ misfire: "sometimes" }, "misfire"],
		[{ misfire: { policy: "skip", grace: "2000d" } }, "misfire.grace"],
		[{ misfire: { policy: "catch_up", max: 0 } }, "misfire.max"],
		[{ misfire: { policy: "catch_up", pace: "2h" } }, "misfire.pace"],
		[{ overlap: "queue" }, "overlap"],
		[{ jitter: "2d" }, "jitter"],
		[{ jitter: -1 }, "jitter"],
		[{ spread: "soon" }, "spread"],
	])("[FIRE-21] refuses %j and names the field", async (policy, path) => {
		const { call } = await newTenant();
		const { status, body } = await call("POST", "/v1/timers", { schedule: HOURLY, ...policy });
		expect(status).toBe(422);
		expect(body.errors.map((error: { path: string }) => error.path)).toContain(path);
	});

	it("[DRIFT-41] takes a jitter policy of the timer's own, as the founding system did", async () => {
		const { call } = await newTenant();
		const jitterPolicy = { maxCompensationMs: 80 };
		const { status, body } = await call("POST", "/v1/timers", { in: "1h", jitterPolicy });
		expect(status).toBe(201);
		expect(body.jitterPolicy).toEqual({ maxCompensationMs: 80, smoothingFactor: 0.2 });
		const refused = await call("POST", "/v1/timers", {
			in: "1h",
			jitterPolicy: { maxCompensationMs: -1, smoothingFactor: 0 },
		});
		expect(refused.status).toBe(422);
		expect(refused.body.errors.map((error: { path: string }) => error.path)).toEqual([
			"jitterPolicy.maxCompensationMs",
			"jitterPolicy.smoothingFactor",
		]);
	});

	it("[FIRE-22] changes policies and schedule by PATCH, and back to a single instant", async () => {
		const { call } = await newTenant();
		const { body } = await call("POST", "/v1/timers", { in: "3h" });
		const made = await call("PATCH", `/v1/timers/${body.id}`, {
			schedule: { every: "2h", limit: 2 },
			overlap: "allow",
		});
		expect(made.body).toMatchObject({ overlap: "allow", remainingFirings: 2, status: "scheduled" });
		expect(made.body.schedule).toMatchObject({ every: "2h" });
		const jittered = await call("PATCH", `/v1/timers/${body.id}`, { jitter: "1s" });
		expect(jittered.body).toMatchObject({ jitterMs: 1_000, nominalAt: made.body.nominalAt });
		const at = new Date(Date.now() + 7_200_000).toISOString();
		const moved = await call("PATCH", `/v1/timers/${body.id}`, { at });
		expect(moved.body).toMatchObject({ nextFireAt: at, nominalAt: made.body.nominalAt });
		const once = await call("PATCH", `/v1/timers/${body.id}`, { schedule: null, jitter: 0 });
		expect(once.body).toMatchObject({ schedule: null, nextFireAt: at, remainingFirings: null });
	});
});

it("[IDEM-1] a repeat under the same key is answered as at first, whatever counts from the creation", async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
	const { call } = await newTenant();
	const bodies = [
		{ schedule: HOURLY },
		{ schedule: HOURLY, jitter: "10m" },
		{ schedule: { rrule: "FREQ=DAILY" } },
		{ in: "1h", spread: "1h" },
	];
	for (const [index, timer] of bodies.entries()) {
		const key = { "idempotency-key": `key-${index}` };
		const first = await call("POST", "/v1/timers", timer, key);
		vi.setSystemTime(Date.now() + 61_001);
		const second = await call("POST", "/v1/timers", timer, key);
		expect([second.status, second.body]).toEqual([201, first.body]);
		expect(second.headers.get("idempotency-replayed")).toBe("true");
	}
	vi.useRealTimers();
});
