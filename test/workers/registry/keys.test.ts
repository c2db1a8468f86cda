/** Keys as the registry makes, finds, lists and deletes them. */
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { KEYS_MAX } from "../../../durable-objects/tenant-registry/constants.ts";
import { SCOPES } from "../../../src/contract/scopes.ts";
import { KeySchema } from "../../../src/contract/tenant.ts";
import { hashApiKey } from "../../../src/core/api-key.ts";
import { HOUR } from "../../../src/core/units.ts";
import { newTenant, unwrap } from "./new-tenant.ts";

const NOW = Date.UTC(2026, 10, 21, 12);
const UNAUTHORIZED = { ok: false, error: { code: "unauthorized" } };

beforeEach(() => {
	vi.useFakeTimers({ now: NOW, toFake: ["Date"] });
});

afterEach(() => {
	vi.useRealTimers();
});

describe("keys", () => {
	it("[KEY-4] a key lets in with its own scopes and mailboxes", async () => {
		const { registry } = await newTenant();
		const { key, apiKey } = unwrap(
			await registry.createKey({
				name: "builds",
				scopes: ["agent.pull", "timer.read", "agent.pull"],
				mailboxes: ["build-*"],
			}),
		);
		expect(unwrap(await registry.authenticate(hashApiKey(apiKey)))).toMatchObject({
			keyId: key.id,
			scopes: ["agent.pull", "timer.read"],
			mailboxes: ["build-*"],
			expiresAt: null,
		});
	});

	it("[KEY-5] lets nobody in with another tenant's key or any hash but a key's own", async () => {
		const { registry, apiKey } = await newTenant();
		const other = await newTenant();
		const hash = hashApiKey(apiKey);
		const sameHead = hash.slice(0, 63) + (hash.endsWith("0") ? "1" : "0");
		const wrong = [hashApiKey(other.apiKey), sameHead, hash.slice(0, 8), "", hash.toUpperCase()];
		for (const keyHash of wrong) {
			expect(await registry.authenticate(keyHash)).toEqual(UNAUTHORIZED);
		}
		expect(await registry.authenticate(hash)).toMatchObject({ ok: true });
	});

	it("[KEY-6] a key stops letting in at the instant it expires", async () => {
		const { registry } = await newTenant();
		const { key, apiKey } = unwrap(
			await registry.createKey({
				name: "an hour",
				scopes: ["timer.read"],
				expiresAt: "2026-11-21T15:00:00+02:00",
			}),
		);
		expect(key.expiresAt).toBe("2026-11-21T13:00:00.000Z");
		vi.setSystemTime(NOW + HOUR - 1);
		expect(unwrap(await registry.authenticate(hashApiKey(apiKey))).expiresAt).toBe(NOW + HOUR);
		vi.setSystemTime(NOW + HOUR);
		expect(await registry.authenticate(hashApiKey(apiKey))).toEqual(UNAUTHORIZED);
	});

	it.each([
		["2026-11-21T12:00:00.000Z", "is past"],
		["2025-01-01T00:00:00Z", "is past"],
		["tomorrow", "is not an instant"],
	])("[KEY-6] refuses the expiry %s", async (expiresAt, message) => {
		const { registry } = await newTenant();
		const answer = await registry.createKey({ name: "k", scopes: ["timer.read"], expiresAt });
		expect(answer).toMatchObject({
			ok: false,
			error: { code: "invalid", path: "expiresAt", message: expect.stringContaining(message) },
		});
		expect(unwrap(await registry.listKeys())).toHaveLength(1);
	});

	it("[KEY-7] a deleted key lets nobody in and is gone from the list", async () => {
		const { registry } = await newTenant();
		const { key, apiKey } = unwrap(
			await registry.createKey({ name: "gone", scopes: ["timer.read"] }),
		);
		expect(await registry.deleteKey(key.id)).toEqual({ ok: true, value: null });
		expect(await registry.authenticate(hashApiKey(apiKey))).toEqual(UNAUTHORIZED);
		expect(unwrap(await registry.listKeys())).toHaveLength(1);
		expect(await registry.deleteKey(key.id)).toEqual({ ok: false, error: { code: "not_found" } });
	});

	it("[KEY-3] lists keys oldest first with a preview, and stores no key's text", async () => {
		const { registry, apiKey: first } = await newTenant();
		vi.setSystemTime(NOW + 1);
		const { key, apiKey } = unwrap(
			await registry.createKey({ name: "second", scopes: ["timer.read"] }),
		);
		await evictDurableObject(registry);
		const keys = unwrap(await registry.listKeys());
		expect(keys).toHaveLength(2);
		expect(keys[0]).toMatchObject({
			name: "first key",
			preview: `${first.slice(0, 12)}...`,
			scopes: [...SCOPES],
			createdAt: "2026-11-21T12:00:00.000Z",
		});
		expect(keys[1]).toEqual(key);
		for (const shown of keys) expect(KeySchema.parse(shown)).toEqual(shown);

		const stored = await runInDurableObject(registry, (_, { storage }) =>
			JSON.stringify(storage.sql.exec("SELECT * FROM api_key").toArray()),
		);
		for (const text of [first, apiKey]) {
			expect(stored).toContain(hashApiKey(text));
			expect(stored).not.toContain(text.slice(-40));
		}
	});

	it("[KEY-8] a tenant has at most a thousand keys", async () => {
		const { registry } = await newTenant();
		const call = { name: "k", scopes: ["timer.read" as const] };
		await runInDurableObject(registry, async (instance) => {
			for (let keys = 1; keys < KEYS_MAX; keys++) unwrap(await instance.createKey(call));
		});
		expect(await registry.createKey(call)).toMatchObject({
			ok: false,
			error: { code: "invalid", message: expect.stringContaining("1000 keys") },
		});
	});

	it("[KEY-5] finds a key by an index", async () => {
		const { registry } = await newTenant();
		const plan = await runInDurableObject(registry, (_, { storage }) =>
			JSON.stringify(
				storage.sql
					.exec("EXPLAIN QUERY PLAN SELECT id FROM api_key WHERE substr(hash, 1, 8) = ?", "0")
					.toArray(),
			),
		);
		expect(plan).toContain("USING INDEX api_key_hash_head");
	});
});
