import { listDurableObjectIds } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it, vi } from "vitest";
import { registryOf } from "../../../durable-objects/shared/object-names.ts";
import { mintApiKey } from "../../../src/core/api-key.ts";
import { deriveKey } from "../../../src/core/derived-key.ts";
import { PRINCIPAL_CACHE_MS } from "../../../src/http/constants.ts";
import type { Route } from "../../../src/http/route.ts";
import { ROUTES } from "../../../src/http/routes/all.ts";
import { call, newTenant, OPERATOR_KEY, outcome } from "./client.ts";

/** A path of each route, with ids that name nothing. */
function pathOf(path: string): string {
	return path.replace(/:\w+/g, "tmr_000000000000000000000000");
}

/** An error as its route words it: a problem's code, or the platform's own envelope. */
function outcomeAt(route: Route, answer: Awaited<ReturnType<typeof call>>): string {
	if (route.failures === undefined) return outcome(answer);
	expect(answer.body).toMatchObject({ success: false, errors: [{ message: expect.any(String) }] });
	return `${answer.status} ${ERROR_OF_STATUS[answer.status] ?? ""}`;
}

const ERROR_OF_STATUS: Readonly<Record<number, string>> = { 401: "unauthorized", 403: "forbidden" };

const KEYED = ROUTES.filter((route) => route.auth !== "public");

it.each(KEYED)(
	"[AUTH-1] $method $path answers 401 without a key and with an invented one",
	async (route) => {
		const { method, path } = route;
		const body = method === "GET" || method === "DELETE" ? {} : { body: "{}" };
		for (const key of [undefined, "x", "mnt_acme_0000000000000000000000000000000000000000"]) {
			const answer = await call(pathOf(path), { method, key, ...body });
			expect(outcomeAt(route, answer)).toBe("401 unauthorized");
			expect(answer.headers.get("www-authenticate")).toContain("Bearer");
		}
	},
);

it("[AUTH-1] an invented key reaches no object", async () => {
	const before = await listDurableObjectIds(env.TENANT_REGISTRY);
	const invented = mintApiKey("nobody", new Uint8Array(20), new Uint8Array(32));
	expect(outcome(await call("/v1/usage", { key: invented }))).toBe("401 unauthorized");
	expect(await listDurableObjectIds(env.TENANT_REGISTRY)).toEqual(before);
});

it("[AUTH-1] a key that the deployment could have made but did not is refused by the registry", async () => {
	const tenant = await newTenant();
	const checksumKey = deriveKey(env.MINOOTS_MASTER_KEY, "api-key-checksum");
	const forged = mintApiKey(tenant.id, new Uint8Array(20), checksumKey);
	expect(outcome(await call("/v1/usage", { key: forged }))).toBe("401 unauthorized");
});

it("[AUTH-2] takes the key as Bearer and as X-Api-Key", async () => {
	const { key } = await newTenant();
	expect((await call("/v1/usage", { key })).status).toBe(200);
	expect((await call("/v1/usage", { headers: { "x-api-key": key } })).status).toBe(200);
	expect((await call("/v1/usage", { headers: { authorization: `Basic ${key}` } })).status).toBe(
		401,
	);
});

it("[AUTH-3] a key may do what its scopes say, on every route", async () => {
	const tenant = await newTenant();
	const reader = await tenant.keyFor(["timer.read"]);
	expect((await call("/v1/timers", { key: reader })).status).toBe(200);
	for (const route of KEYED) {
		if (typeof route.auth !== "object") continue;
		const needed = "scope" in route.auth ? route.auth.scope : route.auth.operatorOr;
		if (needed === "timer.read") continue;
		const body = route.method === "GET" || route.method === "DELETE" ? {} : { body: "{}" };
		const answer = await call(pathOf(route.path), { method: route.method, key: reader, ...body });
		expect(`${route.method} ${route.path} ${outcomeAt(route, answer)}`).toBe(
			`${route.method} ${route.path} 403 forbidden`,
		);
	}
});

it("[AUTH-4] a tenantId in body or query must be the key's own", async () => {
	const { id, key } = await newTenant();
	const theirs = { key, body: { in: "1h", tenantId: "other" } };
	expect(outcome(await call("/v1/timers", theirs))).toBe("403 tenant_mismatch");
	expect(outcome(await call("/v1/timers?tenantId=other", { key }))).toBe("403 tenant_mismatch");
	expect(outcome(await call("/v1/usage?tenantId=other", { key }))).toBe("403 tenant_mismatch");
	expect((await call("/v1/timers", { key, body: { in: "1h", tenantId: id } })).status).toBe(201);
	expect((await call(`/v1/timers?tenantId=${id}`, { key })).status).toBe(200);
	expect((await call(`/v1/usage?tenantId=${id}`, { key })).status).toBe(200);
});

it("[AUTH-5] a key limited to mailboxes may do nothing else", async () => {
	const tenant = await newTenant();
	const limited = await tenant.keyFor(["tenant.admin"], { mailboxes: ["build-*"] });
	for (const path of ["/v1/timers", "/v1/keys", "/v1/usage"]) {
		expect(outcome(await call(path, { key: limited }))).toBe("403 forbidden");
	}
});

it("[AUTH-6] a revoked key is refused once what the edge remembers has aged", async () => {
	const tenant = await newTenant();
	const { body: made } = await call("/v1/keys", {
		key: tenant.key,
		body: { name: "short-lived", scopes: ["timer.read"] },
	});
	expect((await call("/v1/timers", { key: made.apiKey })).status).toBe(200);
	const revoked = await call(`/v1/keys/${made.id}`, { method: "DELETE", key: tenant.key });
	expect(revoked.status).toBe(204);
	vi.setSystemTime(Date.now() + PRINCIPAL_CACHE_MS);
	try {
		expect(outcome(await call("/v1/timers", { key: made.apiKey }))).toBe("401 unauthorized");
		expect((await call("/v1/timers", { key: tenant.key })).status).toBe(200);
	} finally {
		vi.useRealTimers();
	}
});

it("[AUTH-6] an expired key is refused at once, remembered or not", async () => {
	const tenant = await newTenant();
	const expiresAt = new Date(Date.now() + 1_000).toISOString();
	const key = await tenant.keyFor(["timer.read"], { expiresAt });
	expect((await call("/v1/timers", { key })).status).toBe(200);
	vi.setSystemTime(Date.parse(expiresAt));
	try {
		expect(outcome(await call("/v1/timers", { key }))).toBe("401 unauthorized");
	} finally {
		vi.useRealTimers();
	}
});

it("[AUTH-7] the operator's key is no tenant's, and a tenant's is not the operator's", async () => {
	const { id, key } = await newTenant();
	expect(outcome(await call("/v1/timers", { key: OPERATOR_KEY }))).toBe("403 forbidden");
	expect(outcome(await call("/v1/tenants", { key, body: { id: "x" } }))).toBe("403 forbidden");
	const patch = { method: "PATCH", key, body: { plan: "pro" } };
	expect(outcome(await call(`/v1/tenants/${id}`, patch))).toBe("403 forbidden");
	expect(outcome(await call("/internal/wake", { method: "POST", key }))).toBe("403 forbidden");
});

it("[AUTH-10] any key may ask what it is", async () => {
	const tenant = await newTenant();
	const mailboxes = ["build-*"];
	const expiresAt = "2099-01-01T00:00:00.000Z";
	const limited = await tenant.keyFor(["agent.pull"], { mailboxes, expiresAt });
	const { status, body } = await call("/v1/key", { key: limited });
	expect([status, body]).toEqual([
		200,
		{
			kind: "tenant",
			tenant: tenant.id,
			plan: body.plan,
			keyId: body.keyId,
			scopes: ["agent.pull"],
			mailboxes,
			expiresAt,
		},
	]);
	const listed = await call("/v1/keys", { key: tenant.key });
	expect(listed.body.items.map((one: { id: string }) => one.id)).toContain(body.keyId);
	expect((await call("/v1/key", { key: OPERATOR_KEY })).body).toEqual({ kind: "operator" });
	expect(outcome(await call("/v1/key", { key: "mnt_x" }))).toBe("401 unauthorized");
});

it("[AUTH-8] another tenant's things are not found", async () => {
	const [mine, theirs] = await Promise.all([newTenant(), newTenant()]);
	const { body: timer } = await call("/v1/timers", { key: theirs.key, body: { in: "1h" } });
	const { body: key } = await call("/v1/keys", {
		key: theirs.key,
		body: { name: "k", scopes: ["timer.read"] },
	});
	const attempts: readonly (readonly [method: string, path: string])[] = [
		["GET", `/v1/timers/${timer.id}`],
		["DELETE", `/v1/timers/${timer.id}`],
		["DELETE", `/v1/keys/${key.id}`],
		["GET", `/v1/tenants/${theirs.id}`],
	];
	for (const [method, path] of attempts) {
		expect(outcome(await call(path, { method, key: mine.key }))).toBe("404 not_found");
	}
	expect((await call(`/v1/timers/${timer.id}`, { key: theirs.key })).status).toBe(200);
	expect((await call("/v1/timers", { key: key.apiKey })).status).toBe(200);
});

it("[AUTH-9] fifty requests at once with a new key ask its registry once", async () => {
	const tenant = await newTenant();
	const key = await tenant.keyFor(["timer.read"]);
	const registry = vi.spyOn(env.TENANT_REGISTRY, "get");
	const answers = await Promise.all(Array.from({ length: 50 }, () => call("/v1/timers", { key })));
	expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200));
	expect(registry).toHaveBeenCalledTimes(1);
	registry.mockRestore();
	expect((await registryOf(env, tenant.id).getTenant()).ok).toBe(true);
});
