/** The tenant's time over HTTP: read, moved, and seen by every route that speaks of schedules. */
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, it, vi } from "vitest";
import { shardOf } from "../../../durable-objects/shared/object-names.ts";
import { createApp } from "../../../src/app.ts";
import { DAY, HOUR, MINUTE } from "../../../src/core/units.ts";
import { ROUTES, routesOf } from "../../../src/http/routes/all.ts";
import { call, newTenant, OPERATOR_KEY, outcome, type TestTenant } from "../http/client.ts";

afterEach(() => {
	vi.useRealTimers();
});

const CLOCK = "/v1/dev/clock";

async function move({ key }: TestTenant, body: unknown) {
	const { status, body: moved } = await call(CLOCK, { key, body });
	expect(moved).toMatchObject({ reached: true });
	expect(status).toBe(200);
	return moved;
}

/** To two shards. */
async function grow({ id }: TestTenant): Promise<void> {
	const body = { shards: 2 };
	const grown = await call(`/v1/tenants/${id}`, { method: "PATCH", key: OPERATOR_KEY, body });
	expect(grown.status).toBe(200);
	vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 2 * MINUTE });
}

/** The tenant's time, in epoch ms. */
async function nowOf({ key }: TestTenant): Promise<number> {
	return Date.parse((await call(CLOCK, { key })).body.now);
}

async function create({ key }: TestTenant, timer: object) {
	const { status, body } = await call("/v1/timers", { key, body: timer });
	expect(status).toBe(201);
	return body;
}

it("[CLOCK-10] the clock is read and moved", async () => {
	const tenant = await newTenant();
	const { body } = await call(CLOCK, { key: tenant.key });
	expect(body).toEqual({ now: body.realNow, realNow: expect.any(String), aheadMs: 0 });
	const moved = await move(tenant, { advance: "30d" });
	expect(moved).toMatchObject({ reached: true, fired: 0, steps: 0 });
	expect(Date.parse(moved.now) - Date.parse(moved.realNow)).toBe(moved.aheadMs);
	expect(Date.parse(moved.now)).toBeGreaterThanOrEqual(Date.parse(moved.target));
	const set = new Date(Date.parse(moved.now) + DAY).toISOString();
	expect(await move(tenant, { set })).toMatchObject({ target: set });
	const ahead = (await nowOf(tenant)) - Date.now();
	expect(Math.abs(ahead - 31 * DAY)).toBeLessThan(MINUTE);
});

it("[CLOCK-10] a move that is not understood, and one back, are refused naming the field", async () => {
	const { key } = await newTenant();
	for (const [body, path] of [
		[{}, "advance"],
		[{ advance: "-1h" }, "advance"],
		[{ advance: "1h", set: "2090-01-01T00:00:00Z" }, "set"],
		[{ set: "2020-01-01T00:00:00Z" }, "set"],
		[{ back: "1h" }, "back"],
	] as const) {
		const answer = await call(CLOCK, { key, body });
		expect(outcome(answer)).toBe("422 validation_failed");
		expect(answer.body.errors[0].path).toBe(path);
	}
});

it("[CLOCK-10] the clock takes the scope timer.manage", async () => {
	const tenant = await newTenant();
	const reader = await tenant.keyFor(["timer.read", "timer.write"]);
	expect(outcome(await call(CLOCK, { key: reader }))).toBe("403 forbidden");
	expect(outcome(await call(CLOCK, { key: reader, body: { advance: 1 } }))).toBe("403 forbidden");
	const manager = await tenant.keyFor(["timer.manage"]);
	expect((await call(CLOCK, { key: manager })).status).toBe(200);
});

it("[CLOCK-10] one tenant's time is no other's", async () => {
	const [mover, other] = [await newTenant(), await newTenant()];
	await move(mover, { advance: "1d" });
	expect(await nowOf(other)).toBeLessThan(Date.now() + MINUTE);
});

it("[CLOCK-11] `in` counts from the tenant's time, `at` must lie ahead of it, and answers tell it", async () => {
	const tenant = await newTenant();
	await move(tenant, { advance: "10d" });
	const now = await nowOf(tenant);
	const timer = await create(tenant, { in: "1h" });
	expect(Date.parse(timer.at) - now).toBeGreaterThanOrEqual(HOUR);
	expect(Date.parse(timer.at) - now).toBeLessThan(HOUR + MINUTE);
	expect(timer).toMatchObject({ status: "scheduled", progress: 0 });
	expect(Math.abs(timer.timeRemainingMs - HOUR)).toBeLessThan(MINUTE);
	const passed = { at: new Date(now - DAY).toISOString() };
	const refused = await call("/v1/timers", { key: tenant.key, body: passed });
	expect(outcome(refused)).toBe("422 validation_failed");

	await move(tenant, { advance: "30m" });
	const half = (await call(`/v1/timers/${timer.id}`, { key: tenant.key })).body;
	expect(half.progress).toBeCloseTo(0.5, 1);
	expect(half.timeRemainingMs).toBeLessThanOrEqual(HOUR / 2);

	const patched = await call(`/v1/timers/${timer.id}`, {
		...{ method: "PATCH", key: tenant.key, body: { in: "2h" } },
	});
	const later = Date.parse(patched.body.at) - (await nowOf(tenant));
	expect(Math.abs(later - 2 * HOUR)).toBeLessThan(MINUTE);
	expect((await call("/v1/timers?order=due", { key: tenant.key })).body.items).toHaveLength(1);
});

it("[CLOCK-11] timers fire on the way, each at its instant", async () => {
	const tenant = await newTenant();
	const ids: string[] = [];
	for (const hours of [3, 1, 2, 30]) ids.push((await create(tenant, { in: `${hours}h` })).id);
	expect(await move(tenant, { advance: "1d" })).toMatchObject({ fired: 3, steps: 3 });
	const timers = await Promise.all(
		ids.map(async (id) => (await call(`/v1/timers/${id}`, { key: tenant.key })).body),
	);
	expect(timers.map(({ status }) => status)).toEqual([
		...["settled", "settled", "settled", "scheduled"],
	]);
	for (const timer of timers.slice(0, 3)) {
		const { dueAt, firedAt, settledAt } = timer.lastFiring;
		expect([dueAt, firedAt, settledAt]).toEqual([timer.at, timer.at, timer.at]);
	}
});

it("[CLOCK-12] chains over several shards go on at the instants at which they ended", async () => {
	const tenant = await newTenant();
	await grow(tenant);
	const from = await nowOf(tenant);
	const at = (hours: number) => new Date(from + hours * HOUR).toISOString();
	const chains = await Promise.all(
		Array.from({ length: 8 }, async () => {
			const { id: first } = await create(tenant, { at: at(1) });
			const { id: second } = await create(tenant, { in: "1h", dependsOn: [{ timer: first }] });
			const { id: third } = await create(tenant, { in: "1h", dependsOn: [{ timer: second }] });
			return [first, second, third];
		}),
	);
	expect(await move(tenant, { advance: "1d" })).toMatchObject({ fired: 24, steps: 3 });
	for (const chain of chains) {
		const fired = await Promise.all(
			chain.map(async (id) => {
				const { body } = await call(`/v1/timers/${id}`, { key: tenant.key });
				return body.lastFiring.firedAt;
			}),
		);
		expect(fired).toEqual([at(1), at(2), at(3)]);
	}
});

it("[CLOCK-12] time is moved over all shards of a tenant", async () => {
	const tenant = await newTenant();
	const { key, id } = tenant;
	await grow(tenant);
	await move(tenant, { advance: "1d" });
	const ids: string[] = [];
	for (let n = 1; n <= 20; n++) ids.push((await create(tenant, { in: `${n}m` })).id);
	const usage = await Promise.all([0, 1].map((shard) => shardOf(env, id, shard).usage()));
	expect(usage.every(({ active }) => active > 0)).toBe(true);
	expect(await move(tenant, { advance: "15m" })).toMatchObject({ fired: 15, steps: 15 });
	const { items } = (await call("/v1/timers?status=settled", { key })).body;
	const settled: string[] = items.map((timer: { id: string }) => timer.id);
	expect(settled.toSorted()).toEqual(ids.slice(0, 15).toSorted());
	for (const { at, lastFiring } of items) expect(lastFiring.firedAt).toBe(at);
});

it("[CLOCK-13] while one call moves time, another is told so, and time can be read", async () => {
	const tenant = await newTenant();
	const { key } = tenant;
	const from = await nowOf(tenant);
	await create(tenant, { schedule: { every: "1h", limit: 100 } });
	const moving = move(tenant, { advance: "30d" });
	const others = await Promise.all([
		call(CLOCK, { key, body: { advance: "1h" } }),
		call(CLOCK, { key }),
	]);
	expect(outcome(others[0])).toBe("409 clock_moving");
	expect(Date.parse(others[1].body.now)).toBeGreaterThanOrEqual(from);
	expect(await moving).toMatchObject({ fired: 100, steps: 100 });
	expect(await move(tenant, { advance: "1h" })).toMatchObject({ fired: 0 });
});

it("[CLOCK-14] a deployment has no such path, and describes none", async () => {
	const deployed = { ...env, DEV_CLOCK: "off" } as const;
	const { key } = await newTenant();
	const app = createApp(routesOf(deployed));
	const get = (path: string, method = "GET") => {
		const headers = { authorization: `Bearer ${key}` };
		const request = new Request(`http://localhost${path}`, { method, headers });
		return app.fetch(request, deployed, createExecutionContext());
	};
	for (const method of ["GET", "POST", "DELETE"]) {
		expect((await get(CLOCK, method)).status).toBe(404);
	}
	expect(await (await get("/openapi.json")).text()).not.toContain("/v1/dev/");
	expect((await call("/openapi.json")).body.paths).toHaveProperty([CLOCK]);
	expect(ROUTES.map(({ path }) => path)).not.toContain(CLOCK);
});
