/** A tenant's life in its registry: founding, plan, growth, configuration and the watch list. */

import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { hasSchema } from "../../../durable-objects/shared/migrate.ts";
import { registryOf } from "../../../durable-objects/shared/object-names.ts";
import { TenantSchema } from "../../../src/contract/tenant.ts";
import { hashApiKey, parseApiKey } from "../../../src/core/api-key.ts";
import { deriveKey } from "../../../src/core/derived-key.ts";
import { MINUTE } from "../../../src/core/units.ts";
import { newTenant, unusedTenantId, unwrap } from "./new-tenant.ts";

const NOW = Date.UTC(2026, 10, 21, 12);
const NOT_FOUND = { ok: false, error: { code: "not_found" } };

beforeEach(() => {
	vi.useFakeTimers({ now: NOW, toFake: ["Date"] });
});

afterEach(() => {
	vi.useRealTimers();
});

describe("before its creation", () => {
	it("[TEN-1] a registry answers not found, lets nobody in and writes nothing", async () => {
		const registry = registryOf(env, unusedTenantId());
		expect(await registry.authenticate(hashApiKey("mnt_x_y"))).toEqual({
			ok: false,
			error: { code: "unauthorized" },
		});
		const answers = await Promise.all([
			registry.getTenant(),
			registry.patchTenant({ plan: "pro" }),
			registry.config(),
			registry.shardConfig(),
			registry.listKeys(),
			registry.createKey({ name: "k", scopes: ["timer.read"] }),
			registry.deleteKey("key_1"),
			registry.rotateWebhookSecret(),
			registry.grantQuota(0, 0, 1),
		]);
		for (const answer of answers) expect(answer).toEqual(NOT_FOUND);
		expect(await registry.watchedShards()).toEqual({ configVersion: 0, shards: [] });
		const isWritten = await runInDurableObject(registry, (_, { storage }) => hasSchema(storage));
		expect(isWritten).toBe(false);
	});
});

describe("creation", () => {
	it("[TEN-2] answers the tenant, a key that may do everything, and a webhook secret", async () => {
		const { id, registry, tenant, apiKey, webhookSecret } = await newTenant("pro");
		expect(TenantSchema.parse(tenant)).toEqual({
			id,
			name: null,
			plan: "pro",
			shards: 1,
			effectiveAt: null,
			region: null,
			jitterPolicy: { maxCompensationMs: 0, smoothingFactor: 0.2 },
			createdAt: "2026-11-21T12:00:00.000Z",
		});
		expect(parseApiKey(apiKey, deriveKey(env.MINOOTS_MASTER_KEY, "api-key-checksum"))).toEqual({
			tenant: id,
		});
		expect(atob(webhookSecret.replace(/^whsec_/, ""))).toHaveLength(32);
		const principal = unwrap(await registry.authenticate(hashApiKey(apiKey)));
		expect(principal.scopes).toContain("tenant.admin");
		expect(principal).toMatchObject({ mailboxes: null, expiresAt: null });
		expect(principal.config).toEqual({
			tenant: id,
			version: 1,
			plan: "pro",
			shardSteps: [{ count: 1, effectiveAt: NOW }],
			region: null,
			wrappedKey: expect.stringMatching(/^v1\./),
		});
	});

	it("[TEN-3] happens once, even when asked twice at the same time", async () => {
		const id = unusedTenantId();
		const registry = registryOf(env, id);
		const input = { id, name: "Twice", plan: "free", region: null } as const;
		const answers = await Promise.all([registry.createTenant(input), registry.createTenant(input)]);
		expect(answers.filter((answer) => answer.ok)).toHaveLength(1);
		expect(answers.find((answer) => !answer.ok)).toMatchObject({
			error: { code: "already_exists" },
		});
		expect(unwrap(await registry.listKeys())).toHaveLength(1);
	});

	it("[TEN-3] survives eviction", async () => {
		const { registry, tenant, apiKey } = await newTenant();
		await evictDurableObject(registry);
		expect(unwrap(await registry.getTenant())).toEqual(tenant);
		expect(await registry.authenticate(hashApiKey(apiKey))).toMatchObject({ ok: true });
	});
});

describe("configuration", () => {
	it("[TEN-4] its version rises with plan, shards and secrets, and with nothing else", async () => {
		const { registry } = await newTenant();
		const version = async () => unwrap(await registry.config()).version;
		const unchanged = [
			() => registry.patchTenant({}),
			() => registry.patchTenant({ name: "Acme" }),
			() => registry.patchTenant({ plan: "free", shards: 1 }),
			() => registry.createKey({ name: "k", scopes: ["timer.read"] }),
			() => registry.grantQuota(0, 0, 1),
		];
		for (const call of unchanged) {
			unwrap<unknown, unknown>(await call());
			expect(await version()).toBe(1);
		}
		unwrap(await registry.patchTenant({ plan: "pro" }));
		expect(await version()).toBe(2);
		unwrap(await registry.patchTenant({ shards: 2 }));
		expect(await version()).toBe(3);
		unwrap(await registry.rotateWebhookSecret());
		expect(await version()).toBe(4);
		expect(unwrap(await registry.shardConfig())).toMatchObject({ version: 4, plan: "pro" });
		expect(await registry.watchedShards()).toMatchObject({ configVersion: 4 });
	});

	it("[PLAN-4] name and plan change as asked, and what is not named stays", async () => {
		const { registry } = await newTenant();
		expect(unwrap(await registry.patchTenant({ name: "Acme" }))).toMatchObject({
			name: "Acme",
			plan: "free",
		});
		expect(unwrap(await registry.patchTenant({ plan: "enterprise" }))).toMatchObject({
			name: "Acme",
			plan: "enterprise",
		});
	});
});

describe("growth", () => {
	it("[GROW-6] shows the new count at once and when it takes effect", async () => {
		const { registry } = await newTenant();
		expect(unwrap(await registry.patchTenant({ shards: 2 }))).toMatchObject({
			shards: 2,
			effectiveAt: "2026-11-21T12:01:00.000Z",
		});
		vi.setSystemTime(NOW + MINUTE);
		expect(unwrap(await registry.getTenant())).toMatchObject({ shards: 2, effectiveAt: null });
		expect(unwrap(await registry.config()).shardSteps).toEqual([
			{ count: 1, effectiveAt: NOW },
			{ count: 2, effectiveAt: NOW + MINUTE },
		]);
	});

	it("[GROW-6] says what is wrong with a refused one and changes nothing of the call", async () => {
		const { registry } = await newTenant();
		expect(await registry.patchTenant({ shards: 3, plan: "pro" })).toEqual({
			ok: false,
			error: {
				code: "invalid",
				path: "shards",
				message: "shards only double: expected 1 (as it is) or 2",
			},
		});
		expect(unwrap(await registry.getTenant())).toMatchObject({ plan: "free", shards: 1 });
		unwrap(await registry.patchTenant({ shards: 2 }));
		expect(await registry.patchTenant({ shards: 4 })).toMatchObject({
			error: {
				message:
					"growth to 2 shards takes effect at 2026-11-21T12:01:00.000Z; grow again after that",
			},
		});
	});

	it("[GROW-6] goes from 1 to 64 and ends there", async () => {
		const { registry } = await newTenant();
		for (let shards = 2, now = NOW; shards <= 64; shards *= 2, now += MINUTE) {
			vi.setSystemTime(now);
			unwrap(await registry.patchTenant({ shards }));
		}
		vi.setSystemTime(NOW + 10 * MINUTE);
		expect(await registry.patchTenant({ shards: 32 })).toMatchObject({
			error: { message: "the tenant has 64 shards, which is the most there are" },
		});
		expect(unwrap(await registry.getTenant())).toMatchObject({ shards: 64, effectiveAt: null });
	});
});

describe("watch list", () => {
	it("[TEN-7] names every watched shard once, also after eviction", async () => {
		const { registry } = await newTenant();
		for (const shard of [3, 0, 3, 0]) await registry.watchShard(shard);
		await evictDurableObject(registry);
		expect(await registry.watchedShards()).toEqual({ configVersion: 1, shards: [0, 3] });
	});
});
