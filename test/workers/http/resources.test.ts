/** Tenants, keys, usage, prices, health and the wake, over HTTP. */

import {
	createExecutionContext,
	createScheduledController,
	runInDurableObject,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it, vi } from "vitest";
import {
	KeyCreatedSchema,
	TenantCreatedSchema,
	TenantSchema,
	UsageSchema,
} from "../../../src/contract/tenant.ts";
import { pricing } from "../../../src/core/plan.ts";
import { scheduled } from "../../../src/scheduled.ts";
import { call, newTenant, OPERATOR_KEY, outcome } from "./client.ts";

it("[HTTP-15] says that it lives, and that objects answer, to anyone", async () => {
	for (const path of ["/healthz", "/readyz"]) {
		const answer = await call(path, { key: "nonsense" });
		expect([answer.status, answer.body]).toEqual([200, { status: "ok" }]);
	}
});

it("[HTTP-16] shows plans and prices to anyone", async () => {
	const answer = await call("/v1/pricing");
	expect([answer.status, answer.body]).toEqual([200, pricing()]);
});

it("[HTTP-17] makes a tenant on the free plan, with its key and its secret", async () => {
	const id = `t-${crypto.randomUUID().slice(0, 8)}`;
	const made = await call("/v1/tenants", { key: OPERATOR_KEY, body: { id, name: "Acme" } });
	expect(made.status).toBe(201);
	expect(made.headers.get("location")).toBe(`/v1/tenants/${id}`);
	expect(TenantCreatedSchema.parse(made.body)).toMatchObject({ id, name: "Acme", plan: "free" });
	const shown = await call(`/v1/tenants/${id}`, { key: OPERATOR_KEY });
	expect(TenantSchema.parse(shown.body)).toEqual(shown.body);
	expect(JSON.stringify(shown.body)).not.toMatch(/mnt_|whsec_/);
	expect((await call(`/v1/tenants/${id}`, { key: made.body.apiKey })).body).toEqual(shown.body);
	expect((await call("/v1/timers", { key: made.body.apiKey, body: { in: "1h" } })).status).toBe(
		201,
	);
});

it("[HTTP-17] refuses ids that cannot stand in a key", async () => {
	for (const id of ["", "A", "a_b", "-a", "a".repeat(41), 7, null]) {
		const answer = await call("/v1/tenants", { key: OPERATOR_KEY, body: { id } });
		expect(outcome(answer)).toBe("422 validation_failed");
		expect(answer.body.errors[0].path).toBe("id");
	}
	for (const path of ["/v1/tenants/nobody", "/v1/tenants/A%20B", "/v1/tenants/nobody/keys"]) {
		expect(outcome(await call(path, { key: OPERATOR_KEY }))).toBe("404 not_found");
	}
});

it("[HTTP-17] changes name, plan and shards", async () => {
	const { id } = await newTenant("free");
	const patch = (body: unknown) =>
		call(`/v1/tenants/${id}`, { method: "PATCH", key: OPERATOR_KEY, body });
	expect((await patch({ name: "New", plan: "pro" })).body).toMatchObject({
		name: "New",
		plan: "pro",
		shards: 1,
		effectiveAt: null,
	});
	const grown = await patch({ shards: 2 });
	expect(grown.body.shards).toBe(2);
	expect(Date.parse(grown.body.effectiveAt)).toBeGreaterThan(Date.now());
	const refused = await patch({ shards: 3 });
	expect([outcome(refused), refused.body.errors[0].path]).toEqual([
		"422 validation_failed",
		"shards",
	]);
});

it("[HTTP-18] shows a key once and lists only its beginning", async () => {
	const { key, id } = await newTenant();
	const body = { name: "ci", scopes: ["timer.read"], expiresAt: "2099-01-01T00:00:00Z" };
	const made = await call("/v1/keys", { key, body });
	expect(made.status).toBe(201);
	expect(KeyCreatedSchema.parse(made.body)).toMatchObject({ name: "ci", mailboxes: null });
	const listed = await call("/v1/keys", { key });
	expect(listed.body.items).toHaveLength(2);
	expect(listed.body.nextCursor).toBeNull();
	for (const secret of [key, made.body.apiKey]) {
		expect(JSON.stringify(listed.body)).not.toContain(secret);
	}
	expect((await call(`/v1/tenants/${id}/keys`, { key: OPERATOR_KEY })).body).toEqual(listed.body);
	const gone = await call("/v1/keys/key_0000000000000000", { method: "DELETE", key });
	expect(outcome(gone)).toBe("404 not_found");
});

it("[HTTP-18] the operator makes keys and rotates secrets for a tenant", async () => {
	const { id } = await newTenant();
	const key = await call(`/v1/tenants/${id}/keys`, {
		key: OPERATOR_KEY,
		body: { name: "new", scopes: ["tenant.admin"] },
	});
	expect((await call("/v1/usage", { key: key.body.apiKey })).status).toBe(200);
	const path = `/v1/tenants/${id}/webhook-secret/rotate`;
	const rotated = await call(path, { method: "POST", key: OPERATOR_KEY });
	expect(rotated.body.webhookSecret).toMatch(/^whsec_/);
	expect(rotated.body.previousSignsUntil).toMatch(/^\d{4}-.*\.\d{3}Z$/);
	expect(outcome(await call(path, { key: OPERATOR_KEY, body: { now: true } }))).toBe(
		"422 validation_failed",
	);
});

it("[HTTP-19] adds up what is used over all shards", async () => {
	const { key } = await newTenant("pro");
	await call("/v1/timers", { key, body: { in: "1h" } });
	await call("/v1/timers", { key, body: { in: "1h" } });
	const usage = await call("/v1/usage", { key });
	expect(UsageSchema.parse(usage.body)).toEqual({
		plan: "pro",
		activeTimers: { used: 2, limit: 10_000 },
		createsThisMinute: { used: 2, limit: 20_000 },
		shards: 1,
	});
});

it("[HTTP-20] the wake reaches every shard that has timers", async () => {
	const wake = async () =>
		(await call("/internal/wake", { method: "POST", key: OPERATOR_KEY })).body;
	const before = await wake();
	const { key } = await newTenant();
	const { body: timer } = await call("/v1/timers", { key, body: { in: "1h" } });
	const after = await wake();
	expect(after).toMatchObject({
		tenants: before.tenants + 1,
		shards: before.shards + 1,
		pending: before.pending + 1,
		failed: 0,
	});
	expect(Date.parse(after.nextDueAt)).toBeLessThanOrEqual(Date.parse(timer.nextFireAt));
	expect((await call("/openapi.json")).body.paths["/internal/wake"]).toBeUndefined();
});

it("[HTTP-20] the cron trigger does the same, and a shard that fails holds up no other", async () => {
	const { id, key } = await newTenant();
	await call("/v1/timers", { key, body: { in: "1h" } });
	const sweep = async () => {
		const log = vi.spyOn(console, "log");
		const exec = createExecutionContext();
		await scheduled(createScheduledController(), env, exec);
		const lines = log.mock.calls.map(([line]) => JSON.parse(String(line)));
		log.mockRestore();
		return lines;
	};
	const [whole] = await sweep();
	expect(whole).toMatchObject({ kind: "watchdog", failed: 0 });

	const get = env.TENANT_SHARD.get.bind(env.TENANT_SHARD);
	const broken = env.TENANT_SHARD.idFromName(`${id}:0`);
	const spy = vi.spyOn(env.TENANT_SHARD, "get").mockImplementation((shard) => {
		if (shard.equals(broken)) throw new Error("out of reach");
		return get(shard);
	});
	const [failure, partial] = await sweep();
	spy.mockRestore();
	expect(failure).toMatchObject({ kind: "wake_failed", what: `${id}:0`, error: "out of reach" });
	expect(partial).toMatchObject({ kind: "watchdog", failed: 1, shards: whole.shards - 1 });
});

it("[MAIL-59] the cron trigger sets the lost alarm of a mailbox again", async () => {
	const { id, key } = await newTenant();
	await call("/v1/mailboxes/jobs/messages", { key, body: { body: "work" } });
	const mailbox = env.AGENT_MAILBOX.get(env.AGENT_MAILBOX.idFromName(`${id}:jobs`));
	const alarmAt = () => runInDurableObject(mailbox, (_, { storage }) => storage.getAlarm());
	const armedAt = await alarmAt();
	expect(armedAt).not.toBeNull();
	await runInDurableObject(mailbox, (_, { storage }) => storage.deleteAlarm());
	await scheduled(createScheduledController(), env, createExecutionContext());
	expect(await alarmAt()).toBe(armedAt);
});

it("[HTTP-11] a plan's requests a minute end in 429, with what is left on the way there", async () => {
	const { key } = await newTenant("free");
	const first = await call("/v1/timers", { key });
	expect(first.headers.get("ratelimit-policy")).toBe('"requests";q=600;w=60');
	expect(first.headers.get("ratelimit")).toMatch(/^"requests";r=599;t=\d+$/);
	for (let sent = 1; sent < 600; sent += 1) await call("/v1/timers/bad", { key });
	const refused = await call("/v1/timers", { key });
	expect(outcome(refused)).toBe("429 rate_limited");
	expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
	expect(refused.headers.get("ratelimit")).toMatch(/^"requests";r=0;t=\d+$/);
});

it("[OAPI-1] [REF-1] serves the document, the page and what starts it", async () => {
	const document = await call("/openapi.json");
	expect([document.status, document.body.openapi]).toEqual([200, "3.1.0"]);
	const page = await call("/docs");
	expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
	expect(page.headers.get("content-security-policy")).toMatch(
		/^default-src 'none'; script-src 'self';/,
	);
	const scripts = [...page.body.matchAll(/src="([^"]+)"/g)].map(([, path]) => path);
	expect(scripts).toEqual(["/docs/redoc.js", "/docs/reference.js"]);
	const script = await call("/docs/reference.js");
	expect(script.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
	expect(script.body).toContain("Redoc.init");
});
