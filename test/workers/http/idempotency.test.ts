import { expect, it, vi } from "vitest";
import { GROWTH_DELAY_MS } from "../../../src/core/shard-count.ts";
import { call, newTenant, OPERATOR_KEY, outcome } from "./client.ts";

const BODY = { name: "ci", scopes: ["timer.read"] };

function withKey(key: string, idempotencyKey: string, body: unknown = BODY) {
	return { key, body, headers: { "idempotency-key": idempotencyKey } };
}

it("[IDEM-1] a repeat gets the first answer again, and nothing is made twice", async () => {
	const { key } = await newTenant();
	const first = await call("/v1/keys", withKey(key, "a"));
	const second = await call("/v1/keys", withKey(key, "a"));
	expect(first.headers.get("idempotency-replayed")).toBeNull();
	expect(second.headers.get("idempotency-replayed")).toBe("true");
	expect(second.status).toBe(201);
	expect(second.body.id).toBe(first.body.id);
	expect((await call("/v1/keys", { key })).body.items).toHaveLength(2);
});

it("[IDEM-1] keys count per route and per tenant", async () => {
	const [one, other] = await Promise.all([newTenant(), newTenant()]);
	await call("/v1/keys", withKey(one.key, "a"));
	const rotated = await call("/v1/webhook-secret/rotate", withKey(one.key, "a", {}));
	const theirs = await call("/v1/keys", withKey(other.key, "a"));
	expect([rotated.status, theirs.status]).toEqual([200, 201]);
	expect(theirs.headers.get("idempotency-replayed")).toBeNull();
});

it("[IDEM-2] another body, or another object, is refused", async () => {
	const tenant = await newTenant();
	await call("/v1/keys", withKey(tenant.key, "a"));
	const changed = await call("/v1/keys", withKey(tenant.key, "a", { ...BODY, name: "cd" }));
	expect(outcome(changed)).toBe("422 idempotency_key_reused");
	const timers = await Promise.all(
		[1, 2].map(() => call("/v1/timers", { key: tenant.key, body: { in: "1h" } })),
	);
	const cancels = timers.map(({ body }) => `/v1/timers/${body.id}/cancel`);
	const [first = "", second = ""] = cancels;
	expect((await call(first, withKey(tenant.key, "c", {}))).status).toBe(200);
	expect(outcome(await call(second, withKey(tenant.key, "c", {})))).toBe(
		"422 idempotency_key_reused",
	);
});

it("[IDEM-3] while the first runs, the second is told so", async () => {
	const { key } = await newTenant();
	const answers = await Promise.all([1, 2, 3, 4].map(() => call("/v1/keys", withKey(key, "a"))));
	const made = answers.filter(({ status }) => status === 201);
	expect(new Set(made.map(({ body }) => body.id)).size).toBe(1);
	for (const answer of answers.filter(({ status }) => status !== 201)) {
		expect(outcome(answer)).toBe("409 idempotency_in_progress");
	}
	expect((await call("/v1/keys", { key })).body.items).toHaveLength(2);
});

it("[IDEM-4] a secret that was shown is not stored, and the repeat says so", async () => {
	const { key } = await newTenant();
	const first = await call("/v1/webhook-secret/rotate", withKey(key, "r", {}));
	const again = await call("/v1/webhook-secret/rotate", withKey(key, "r", {}));
	expect(first.body.webhookSecret).toMatch(/^whsec_/);
	expect(again.body).toEqual({
		previousSignsUntil: first.body.previousSignsUntil,
		secretShown: true,
	});
});

it("[IDEM-5] a call that failed frees its key", async () => {
	const { key } = await newTenant();
	const past = { ...BODY, expiresAt: "2020-01-01T00:00:00Z" };
	expect((await call("/v1/keys", withKey(key, "a", past))).status).toBe(422);
	expect((await call("/v1/keys", withKey(key, "a"))).status).toBe(201);
});

it("[IDEM-6] a growth in between loses no answer", async () => {
	const { id, key } = await newTenant();
	const keys = Array.from({ length: 8 }, (_, i) => `before-${i}`);
	const before = await Promise.all(keys.map((one) => call("/v1/keys", withKey(key, one))));
	const grown = { method: "PATCH", key: OPERATOR_KEY, body: { shards: 2 } };
	expect((await call(`/v1/tenants/${id}`, grown)).status).toBe(200);
	vi.setSystemTime(Date.now() + GROWTH_DELAY_MS + 10_000);
	try {
		expect((await call("/v1/usage", { key })).body.shards).toBe(2);
		const after = await Promise.all(keys.map((one) => call("/v1/keys", withKey(key, one))));
		expect(after.map(({ body }) => body.id)).toEqual(before.map(({ body }) => body.id));
		const fresh = await Promise.all(
			keys.map((one) => call("/v1/keys", withKey(key, one.replace("before", "after")))),
		);
		expect(fresh.map(({ status }) => status)).toEqual(Array(8).fill(201));
		const repeat = await call("/v1/keys", withKey(key, "after-3"));
		expect(repeat.body.id).toBe(fresh[3]?.body.id);
	} finally {
		vi.useRealTimers();
	}
});

it("[IDEM-7] a key that is empty, too long or not visible ASCII is refused", async () => {
	const { key } = await newTenant();
	for (const bad of ["", "x".repeat(257), "a\tb"]) {
		expect(outcome(await call("/v1/keys", withKey(key, bad)))).toBe("400 invalid_request");
	}
	expect((await call("/v1/keys", withKey(key, "x".repeat(256)))).status).toBe(201);
});

it("[IDEM-8] the creation of a tenant replays without its secrets", async () => {
	const id = `t-${crypto.randomUUID().slice(0, 8)}`;
	const request = withKey(OPERATOR_KEY, "t", { id });
	const first = await call("/v1/tenants", request);
	const again = await call("/v1/tenants", request);
	expect(again.headers.get("location")).toBe(`/v1/tenants/${id}`);
	expect([first.status, again.status]).toEqual([201, 201]);
	expect(first.body.apiKey).toMatch(/^mnt_/);
	const { apiKey, webhookSecret, ...open } = first.body;
	expect(again.body).toEqual({ ...open, secretShown: true });
	expect(outcome(await call("/v1/tenants", { key: OPERATOR_KEY, body: { id } }))).toBe(
		"409 already_exists",
	);
	const other = withKey(OPERATOR_KEY, "t", { id, plan: "pro" });
	expect(outcome(await call("/v1/tenants", other))).toBe("422 idempotency_key_reused");
});
