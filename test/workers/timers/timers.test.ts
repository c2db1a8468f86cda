/** `/v1/timers`: one timer at a time. */
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../../src/contract/limits.ts";
import { TimerViewSchema } from "../../../src/contract/timer.ts";
import { CancelAnswerSchema } from "../../../src/contract/timer-calls.ts";
import { newTenant } from "./api.ts";

const url = "https://1.1.1.1/hook";
const webhook = { type: "webhook", url };
const UNKNOWN_ID = "tmr_000000000000000000000000";

describe("create and read", () => {
	it("[TIMER-50] creates a timer and reads it back", async () => {
		const { call, tenant } = await newTenant();
		const created = await call("POST", "/v1/timers", {
			name: "backup",
			in: "1h",
			actions: [webhook],
			labels: { team: "ops" },
		});
		expect(created.status).toBe(201);
		expect(TimerViewSchema.parse(created.body)).toEqual(created.body);
		expect(created.body).toMatchObject({
			tenantId: tenant,
			name: "backup",
			status: "scheduled",
			progress: 0,
			actions: [{ type: "webhook", url, method: "POST", timeoutMs: 10_000 }],
		});
		expect(created.headers.get("location")).toBe(`/v1/timers/${created.body.id}`);
		expect(created.headers.get("etag")).toBe(created.body.etag);

		const read = await call("GET", `/v1/timers/${created.body.id}`);
		expect(read.status).toBe(200);
		expect(read.headers.get("etag")).toBe(created.body.etag);
		const { timeRemainingMs, progress, ...rest } = read.body;
		expect(created.body).toMatchObject(rest);
		expect(progress).toBeLessThan(0.01);
		expect(timeRemainingMs).toBeGreaterThan(3_500_000);
	});

	it("[FOUND-1] takes the founding README's call, without a content type", async () => {
		const { call } = await newTenant();
		const text = `{"name":"backup_database","duration":"30s","events":{"on_expire":{"webhook":"${url}","message":"done"}}}`;
		const created = await call("POST", "/v1/timers", text, {
			"content-type": "application/x-www-form-urlencoded",
		});
		expect(created.status).toBe(201);
		expect(created.body).toMatchObject({ message: "done", actions: [{ type: "webhook", url }] });
	});

	it("[TIMER-51] keeps a large body in R2, and shows it where one timer is read", async () => {
		const { call } = await newTenant();
		const body = { text: "é".repeat(LIMITS.inlineBodyBytes) };
		const created = await call("POST", "/v1/timers", { in: "1h", actions: [{ ...webhook, body }] });
		expect(created.body.actions[0].body).toEqual(body);
		const read = await call("GET", `/v1/timers/${created.body.id}`);
		expect(read.body.actions).toEqual(created.body.actions);
		const listed = await call("GET", "/v1/timers");
		expect(listed.body.items[0].actions[0].body).toBeUndefined();
		expect(listed.body.items[0].actions[0].bodyRef.bytes).toBe(
			JSON.stringify(body).length + 32_768,
		);
		expect(TimerViewSchema.parse(listed.body.items[0])).toEqual(listed.body.items[0]);
	});

	it.each([
		[{}, 422, "validation_failed", "in"],
		[{ in: "1h", colour: "red" }, 422, "validation_failed", "colour"],
		[{ in: "1h", actions: [] }, 422, "validation_failed", "actions"],
		[{ in: "1h", actions: [{ type: "workflow" }] }, 422, "unsupported_action", "actions.0.type"],
		[
			{ in: "1h", events: { on_expire: { command: "ls" } } },
			422,
			"unsupported_action",
			"events.on_expire.command",
		],
		[
			{ in: "1h", actions: [{ ...webhook, url: "https://10.0.0.1" }] },
			422,
			"destination_refused",
			"actions.0.url",
		],
	])("[TIMER-52] refuses %j", async (body, status, code, path) => {
		const { call } = await newTenant();
		const refused = await call("POST", "/v1/timers", body);
		expect(refused.status).toBe(status);
		expect(refused.headers.get("content-type")).toBe("application/problem+json");
		expect(refused.body).toMatchObject({ status, code, errors: [{ path }] });
		expect((await call("GET", "/v1/timers")).body.items).toEqual([]);
	});

	it("[TIMER-53] answers 404 for ids that the tenant never had", async () => {
		const [mine, other] = await Promise.all([newTenant(), newTenant()]);
		const foreign = (await other.call("POST", "/v1/timers", { in: "1h" })).body.id;
		for (const id of [foreign, UNKNOWN_ID, "tmr_x", "job_000000000000000000000000"]) {
			for (const [method, path] of [
				["GET", ""],
				["PATCH", ""],
				["DELETE", ""],
				["POST", "/cancel"],
				["GET", "/wait?timeout=1s"],
				["GET", "/firings"],
				["GET", "/deliveries"],
				["GET", "/events"],
			] as const) {
				const body = method === "PATCH" || method === "POST" ? {} : undefined;
				const answer = await mine.call(method, `/v1/timers/${id}${path}`, body);
				expect([method, path, answer.status, answer.body.code]).toEqual([
					method,
					path,
					404,
					"not_found",
				]);
			}
		}
		expect((await other.call("GET", `/v1/timers/${foreign}`)).status).toBe(200);
	});

	it("[TIMER-54] takes only the key's own tenant as tenantId", async () => {
		const { call, tenant } = await newTenant();
		expect((await call("POST", "/v1/timers", { in: "1h", tenantId: tenant })).status).toBe(201);
		const refused = await call("POST", "/v1/timers", { in: "1h", tenantId: "someone" });
		expect([refused.status, refused.body.code]).toEqual([403, "tenant_mismatch"]);
		expect((await call("GET", `/v1/timers?tenantId=${tenant}`)).status).toBe(200);
		expect((await call("GET", "/v1/timers?tenantId=someone")).status).toBe(403);
	});
});

describe("keys", () => {
	it("[TIMER-60] replays a create byte for byte", async () => {
		const { call } = await newTenant();
		const body = { in: "1h", name: "a" };
		const key = { "idempotency-key": "k-1" };
		const first = await call("POST", "/v1/timers", body, key);
		const second = await call("POST", "/v1/timers", body, key);
		expect(second.status).toBe(201);
		expect(second.body).toEqual(first.body);
		expect(first.headers.get("idempotency-replayed")).toBeNull();
		expect(second.headers.get("idempotency-replayed")).toBe("true");
		expect(second.headers.get("location")).toBe(first.headers.get("location"));
		expect((await call("GET", "/v1/timers")).body.items).toHaveLength(1);

		const reused = await call("POST", "/v1/timers", { ...body, name: "b" }, key);
		expect([reused.status, reused.body.code]).toEqual([422, "idempotency_key_reused"]);
	});

	it("[TIMER-61] replays a create whose instant has passed since", async () => {
		const { call } = await newTenant();
		const key = { "idempotency-key": "k-1" };
		const body = { at: new Date(Date.now() + 150).toISOString() };
		const first = await call("POST", "/v1/timers", body, key);
		expect(first.status).toBe(201);
		expect((await call("GET", `/v1/timers/${first.body.id}/wait?timeout=5s`)).status).toBe(200);
		const second = await call("POST", "/v1/timers", body, key);
		expect(second.status).toBe(201);
		expect(second.body).toEqual(first.body);
		const unkeyed = await call("POST", "/v1/timers", body);
		expect([unkeyed.status, unkeyed.body.errors[0].path]).toEqual([422, "at"]);
	});

	it("[TIMER-62] answers with the timer that holds the dedupe key until that has ended", async () => {
		const { call } = await newTenant();
		const body = { in: "1h", dedupeKey: "d" };
		const first = await call("POST", "/v1/timers", body);
		expect(first.status).toBe(201);
		const second = await call("POST", "/v1/timers", { ...body, name: "other" });
		expect(second.status).toBe(200);
		expect(second.body).toMatchObject({ id: first.body.id, name: null, dedupeKey: "d" });
		await call("POST", `/v1/timers/${first.body.id}/cancel`);
		const third = await call("POST", "/v1/timers", body);
		expect(third.status).toBe(201);
		expect(third.body.id).not.toBe(first.body.id);
	});

	it("[TIMER-63] refuses beyond the plan's quota with 429 and says when to come back", async () => {
		const { call } = await newTenant("free");
		const line = { in: "1h" };
		const batch = await call("POST", "/v1/timers/batch", { timers: Array(100).fill(line) });
		expect(batch.body).toMatchObject({ created: 100, failed: 0 });
		const refused = await call("POST", "/v1/timers", line);
		expect([refused.status, refused.body.code]).toEqual([429, "quota_exceeded"]);
		expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
		expect(refused.headers.get("ratelimit-policy")).toBe(
			'"requests";q=600;w=60, "active-timers";q=100',
		);
		const whole = await call("POST", "/v1/timers/batch", { timers: [line, line] });
		expect([whole.status, whole.body.code]).toEqual([429, "quota_exceeded"]);
		const mixed = await call("POST", "/v1/timers/batch", { timers: [line, {}] });
		expect(mixed.status).toBe(200);
		expect(mixed.body.results.map((one: { error: { code: string } }) => one.error.code)).toEqual([
			"quota_exceeded",
			"validation_failed",
		]);
	});
});

describe("change", () => {
	it("[TIMER-70] changes a timer and its ETag", async () => {
		const { call } = await newTenant();
		const { id, etag, at } = (await call("POST", "/v1/timers", { in: "1h", labels: { a: "1" } }))
			.body;
		const patched = await call(
			"PATCH",
			`/v1/timers/${id}`,
			{ extend: "1h", name: "b", labels: { c: "2" }, actions: [webhook], priority: 1 },
			{ "if-match": etag },
		);
		expect(patched.status).toBe(200);
		expect(patched.body).toMatchObject({
			id,
			name: "b",
			labels: { c: "2" },
			priority: 1,
			actions: [{ url }],
			at: new Date(Date.parse(at) + 3_600_000).toISOString(),
		});
		expect(patched.body.etag).not.toBe(etag);
		expect((await call("GET", `/v1/timers/${id}`)).body.etag).toBe(patched.body.etag);

		const stale = await call("PATCH", `/v1/timers/${id}`, { name: "c" }, { "if-match": etag });
		expect([stale.status, stale.body.code]).toEqual([412, "precondition_failed"]);
		expect(stale.headers.get("etag")).toBe(patched.body.etag);
		const removed = await call(
			"PATCH",
			`/v1/timers/${id}`,
			{ name: null, in: "3h" },
			{ "if-match": "*" },
		);
		expect(removed.body).toMatchObject({ name: null });
	});

	it("[TIMER-71] refuses changes beyond the plan's horizon and to what has ended", async () => {
		const { call } = await newTenant("free");
		const { id } = (await call("POST", "/v1/timers", { in: "360d" })).body;
		const far = await call("PATCH", `/v1/timers/${id}`, { extend: "10d" });
		expect([far.status, far.body.code]).toEqual([422, "validation_failed"]);
		expect((await call("POST", "/v1/timers", { in: "366d" })).body.errors[0].path).toBe("in");
		await call("POST", `/v1/timers/${id}/cancel`);
		const ended = await call("PATCH", `/v1/timers/${id}`, { name: "x" });
		expect([ended.status, ended.body.code]).toEqual([409, "already_settled"]);
	});

	it("[TIMER-72] cancels once, and says so again", async () => {
		const { call } = await newTenant();
		const { id } = (await call("POST", "/v1/timers", { in: "1h" })).body;
		const reason = { reason: "late", requestedBy: "agent:a" };
		const first = await call("POST", `/v1/timers/${id}/cancel`, reason);
		expect(CancelAnswerSchema.parse(first.body)).toEqual(first.body);
		expect(first.body).toMatchObject({
			outcome: "cancelled",
			timer: { status: "cancelled", cancelReason: "late (requested by agent:a)", nextFireAt: null },
		});
		const again = await call("POST", `/v1/timers/${id}/cancel`);
		expect(again.body.outcome).toBe("cancelled");
		expect(again.body.timer.cancelReason).toBe("late (requested by agent:a)");
	});

	it("[TIMER-73] removes a timer and its history", async () => {
		const { call } = await newTenant();
		const { id } = (await call("POST", "/v1/timers", { in: "1h" })).body;
		const stale = await call("DELETE", `/v1/timers/${id}`, undefined, { "if-match": '"9-firing"' });
		expect(stale.status).toBe(412);
		const deleted = await call("DELETE", `/v1/timers/${id}`);
		expect(deleted).toMatchObject({ status: 200, body: { deleted: { deliveries: 0, events: 1 } } });
		expect((await call("GET", `/v1/timers/${id}`)).status).toBe(404);
		expect((await call("DELETE", `/v1/timers/${id}`)).status).toBe(404);
	});
});

describe("wait and history", () => {
	it("[TIMER-80] waits until a timer has settled, and tells its history newest first", async () => {
		const { call, tenant } = await newTenant();
		const { id } = (await call("POST", "/v1/timers", { in: 60, name: "tick" })).body;
		const done = await call("GET", `/v1/timers/${id}/wait?timeout=10s`);
		expect(done.status).toBe(200);
		expect(done.body).toMatchObject({ status: "settled", firedCount: 1, progress: 1 });
		expect(done.body.lastFiring).toMatchObject({ seq: 1, status: "settled" });

		const firings = await call("GET", `/v1/timers/${id}/firings`);
		expect(firings.body).toEqual({ items: [done.body.lastFiring], nextCursor: null });
		expect((await call("GET", `/v1/timers/${id}/deliveries`)).body).toEqual({
			items: [],
			nextCursor: null,
		});
		const events = await call("GET", `/v1/timers/${id}/events?limit=2`);
		expect(events.body.items).toHaveLength(2);
		const rest = await call("GET", `/v1/timers/${id}/events?cursor=${events.body.nextCursor}`);
		const all = [...events.body.items, ...rest.body.items];
		expect(all.map(({ type }) => type)).toEqual(["timer.settled", "timer.fired", "timer.created"]);
		expect(all[2]).toMatchObject({ subject: id, tenantid: tenant, specversion: "1.0" });
		const wrong = await call("GET", `/v1/timers/${id}/firings?cursor=${events.body.nextCursor}`);
		expect([wrong.status, wrong.body.code]).toEqual([400, "invalid_cursor"]);
	});

	it("[TIMER-81] answers 202 when the time is up first", async () => {
		const { call } = await newTenant();
		const { id } = (await call("POST", "/v1/timers", { in: "1h" })).body;
		const waited = await call("GET", `/v1/timers/${id}/wait?timeout=20`);
		expect(waited).toMatchObject({ status: 202, body: { id, status: "scheduled" } });
		for (const timeout of ["61s", "0", "soon"]) {
			const refused = await call("GET", `/v1/timers/${id}/wait?timeout=${timeout}`);
			expect([refused.status, refused.body.errors[0].path]).toEqual([422, "timeout"]);
		}
	});
});
