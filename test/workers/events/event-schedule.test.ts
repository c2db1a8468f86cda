/** Timers that wait for events, over HTTP: how they are written, shown, changed and fired. */
import { runDurableObjectAlarm } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { shardOf } from "../../../durable-objects/shared/object-names.ts";
import { idSpaceOf } from "../../../src/derived-keys.ts";
import { type Api, env, newTenant, operator } from "../timers/api.ts";

/** Longer than the delay of a growth and than an edge remembers a key's holder. */
const GROWTH_MS = 61_000;

function create(api: Api, body: object) {
	return api.call("POST", "/v1/timers", body);
}

async function firingsOf(api: Api, id: string, count: number) {
	const read = async () => (await api.call("GET", `/v1/timers/${id}/firings`)).body.items;
	await vi.waitFor(async () => expect(await read()).toHaveLength(count), { timeout: 5_000 });
	return read();
}

describe("a timer with an event for its schedule", () => {
	it("[EVENT-20] is shown without an instant, and fires when its topic is published", async () => {
		const api = await newTenant();
		const schedule = {
			event: "orders.paid",
			filter: "event.payload.total > `10`",
			throttle: { key: "payload.customer", period: "1h" },
			limit: 3,
		};
		const created = await create(api, { name: "thank", schedule });
		expect(created.status).toBe(201);
		expect(created.body).toMatchObject({
			status: "scheduled",
			at: null,
			nextFireAt: null,
			nominalAt: null,
			timeRemainingMs: 0,
			progress: 0,
			firedCount: 0,
			remainingFirings: 3,
			schedule: { ...schedule, timezone: "UTC" },
		});
		const { id } = created.body;
		expect((await api.call("GET", `/v1/timers/${id}`)).body).toEqual(created.body);
		for (const [customer, total] of [
			["a", 5],
			["a", 50],
			["a", 60],
			["b", 70],
		] as const) {
			const payload = { customer, total };
			await api.call("POST", "/v1/events", { topic: "orders.paid", payload });
		}
		const firings = await firingsOf(api, id, 2);
		expect(
			firings.map(({ seq, status }: { seq: number; status: string }) => [seq, status]),
		).toEqual([
			[2, "settled"],
			[1, "settled"],
		]);
		expect((await api.call("GET", `/v1/timers/${id}`)).body).toMatchObject({
			status: "scheduled",
			firedCount: 2,
			remainingFirings: 1,
			nextFireAt: null,
		});
		expect((await api.call("POST", `/v1/timers/${id}/cancel`)).body.outcome).toBe("cancelled");
	});

	it("[EVENT-20] is read as the founding scheduler wrote it", async () => {
		const api = await newTenant();
		const created = await create(api, { schedule_kind: "event", schedule_expr: "orders.paid" });
		expect(created.body.schedule).toEqual({ event: "orders.paid", timezone: "UTC" });
	});

	it("[EVENT-20] is shown without an instant also where it has an end, and in lists", async () => {
		const api = await newTenant();
		const schedule = { event: "a", end: "2099-01-01T00:00:00Z" };
		const created = await create(api, { schedule });
		expect(created.body).toMatchObject({ at: null, timeRemainingMs: 0, progress: 0 });
		await create(api, { schedule: { event: "a" } });
		for (const [query, count] of [
			["order=due", 2],
			["status=scheduled", 2],
			["dueBefore=2090-01-01T00:00:00Z", 0],
			["dueAfter=2099-01-01T00:00:00Z", 0],
		] as const) {
			const listed = await api.call("GET", `/v1/timers?${query}`);
			expect([query, listed.body.items.length]).toEqual([query, count]);
		}
	});

	it("[EVENT-23] has no instant that could be moved", async () => {
		const api = await newTenant();
		const { id } = (await create(api, { schedule: { event: "a" } })).body;
		for (const change of [{ in: "1h" }, { at: "2099-01-01T00:00:00Z" }, { extend: "1h" }]) {
			const refused = await api.call("PATCH", `/v1/timers/${id}`, change);
			expect([refused.status, refused.body.errors[0].path]).toEqual([422, "schedule"]);
		}
		const snoozed = await api.call("POST", `/v1/timers/${id}/snooze`, { by: "1h" });
		expect([snoozed.status, snoozed.body.errors[0].path]).toEqual([422, "schedule"]);
		const ended = await api.call("PATCH", `/v1/timers/${id}`, { schedule: null });
		expect([ended.status, ended.body.errors[0].path]).toEqual([422, "schedule"]);
		const named = await api.call("PATCH", `/v1/timers/${id}`, { labels: { a: "b" } });
		expect(named.body).toMatchObject({ status: "scheduled", nextFireAt: null, labels: { a: "b" } });
	});

	it("[EVENT-20] can be given a time by PATCH, and an event again", async () => {
		const api = await newTenant();
		const { id } = (await create(api, { schedule: { event: "a" } })).body;
		const change = async (schedule: object) =>
			(await api.call("PATCH", `/v1/timers/${id}`, { schedule })).body;
		expect(await change({ every: "1h" })).toMatchObject({
			status: "scheduled",
			nextFireAt: expect.any(String),
		});
		expect(await change({ event: "b" })).toMatchObject({ status: "scheduled", nextFireAt: null });
		for (const topic of ["a", "b"]) await api.call("POST", "/v1/events", { topic });
		expect(await firingsOf(api, id, 1)).toMatchObject([{ status: "settled" }]);
	});

	it.each([
		["schedule.filter", { filter: "payload ==" }],
		["schedule.throttle.key", { throttle: { key: "a[", period: "1m" } }],
		["schedule.debounce.period", { debounce: { period: "soon" } }],
		["schedule.debounce.period", { debounce: { period: "31d" } }],
		["schedule.throttle", { debounce: { period: "1m" }, throttle: { period: "1m" } }],
		["schedule.event", { event: "a\nb" }],
		["schedule.end", { end: "2020-01-01T00:00:00Z" }],
		["schedule.businessDays", { businessDays: { shift: "next" } }],
	])("[EVENT-21] refuses a bad %s (%#)", async (path, more) => {
		const api = await newTenant();
		const refused = await create(api, { schedule: { event: "a", ...more } });
		expect([refused.status, refused.body.code]).toEqual([422, "validation_failed"]);
		expect(refused.body.errors[0].path).toBe(path);
	});
});

describe("in a tenant of several shards", () => {
	beforeEach(() => {
		vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
	});
	afterEach(() => {
		vi.useRealTimers();
	});

	it("[EVENT-22] listeners of all shards fire, also those of before a growth", async () => {
		const api = await newTenant();
		const ids: string[] = [];
		for (const shards of [1, 2, 4]) {
			if (shards > 1) {
				await operator("PATCH", `/v1/tenants/${api.tenant}`, { shards });
				vi.setSystemTime(Date.now() + GROWTH_MS);
			}
			for (let n = 0; n < 6; n++)
				ids.push((await create(api, { schedule: { event: "t" } })).body.id);
		}
		await api.call("POST", "/v1/events", { topic: "t" });
		// The alarms are armed on the clock that was set ahead.
		const ring = (shard: number) => runDurableObjectAlarm(shardOf(env, api.tenant, shard));
		for (const id of ids) {
			await vi.waitFor(async () => {
				for (const shard of [0, 1, 2, 3]) await ring(shard);
				expect((await api.call("GET", `/v1/timers/${id}`)).body.firedCount).toBe(1);
			});
		}
	});
});

describe("conditions after a growth", () => {
	it("[TOPIC-15] see the last events of before it in the new shards too", async () => {
		vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2090, 0, 1) });
		onTestFinished(() => {
			vi.useRealTimers();
		});
		const api = await newTenant();
		for (let n = 0; n < 150; n++) {
			await api.call("POST", "/v1/events", { topic: `t-${n}`, payload: { n } });
		}
		await operator("PATCH", `/v1/tenants/${api.tenant}`, { shards: 2 });
		vi.setSystemTime(Date.now() + GROWTH_MS);
		const conditions = 'events."t-149".n == `149` && events."t-0".n == `0`';
		const ids: string[] = [];
		// A create draws its shard: so many never draw the same one.
		for (let n = 0; n < 40; n++) ids.push((await create(api, { in: "1m", conditions })).body.id);
		const shards = ids.map((id) => idSpaceOf(env, api.tenant).parse("tmr", id)?.shard);
		expect(new Set(shards)).toEqual(new Set([0, 1]));
		vi.setSystemTime(Date.now() + 60_000);
		for (const shard of [0, 1]) await runDurableObjectAlarm(shardOf(env, api.tenant, shard));
		for (const id of ids) {
			expect((await api.call("GET", `/v1/timers/${id}`)).body.status).toBe("settled");
		}
	});
});

describe("a timer with a condition for its schedule", () => {
	it("[CONDITION-10] is looked at so often, and reads the last event of a topic", async () => {
		const api = await newTenant();
		const created = await create(api, {
			schedule: { condition: "events.weather.rain > 0.5", every: "1s" },
		});
		expect(created.status).toBe(201);
		expect(created.body).toMatchObject({
			status: "armed",
			schedule: { condition: "events.weather.rain > 0.5", every: "1s" },
		});
		await api.call("POST", "/v1/events", { topic: "weather", payload: { rain: 0.8 } });
		const [firing] = await firingsOf(api, created.body.id, 1);
		expect(firing).toMatchObject({ seq: 1, status: "settled" });
	});

	it("[CONDITION-10] is read as the founding scheduler wrote it", async () => {
		const api = await newTenant();
		const created = await create(api, {
			schedule_kind: "condition",
			schedule_expr: "weather.rain > 0.5",
		});
		expect(created.body.schedule).toMatchObject({ condition: "weather.rain > 0.5", every: "1m" });
	});

	it("[CONDITION-10] refuses an expression that cannot be read, naming it", async () => {
		const schedule = { condition: "events.weather.rain >" };
		const refused = await create(await newTenant(), { schedule });
		expect(refused.status).toBe(422);
		expect(refused.body.errors[0].path).toBe("schedule.condition");
	});
});
