/** Webhook secrets as shards are given them: sealed, several while one rotates. */

import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openTenantKey } from "../../../durable-objects/shared/seal.ts";
import { SIGNING_SECRETS_MAX } from "../../../durable-objects/tenant-registry/constants.ts";
import { DAY, HOUR } from "../../../src/core/units.ts";
import { parseWebhookSecret } from "../../../src/core/webhook-signature.ts";
import { type NewTenant, newTenant, unwrap } from "./new-tenant.ts";

const NOW = Date.UTC(2026, 10, 21, 12);

beforeEach(() => {
	vi.useFakeTimers({ now: NOW, toFake: ["Date"] });
});

afterEach(() => {
	vi.useRealTimers();
});

/** What a sender that is handed the tenant's configuration signs with. */
async function signingSecrets({ id, registry }: NewTenant) {
	const { wrappedKey, secrets } = unwrap(await registry.shardConfig());
	const key = unwrap(await openTenantKey(env.MINOOTS_MASTER_KEY, id, wrappedKey));
	const opened = [];
	for (const { sealed, signsUntil } of secrets) {
		opened.push({ text: unwrap(await key.unseal("webhook-secret", sealed)), signsUntil });
	}
	return opened;
}

describe("webhook secrets", () => {
	it("[SEAL-4] the first one reaches shards sealed, and is what the owner was shown", async () => {
		const tenant = await newTenant();
		expect(parseWebhookSecret(tenant.webhookSecret)).toMatchObject({ ok: true });
		expect(await signingSecrets(tenant)).toEqual([
			{ text: tenant.webhookSecret, signsUntil: null },
		]);
		const stored = await runInDurableObject(tenant.registry, (_, { storage }) =>
			JSON.stringify(storage.sql.exec("SELECT * FROM webhook_secret").toArray()),
		);
		expect(stored).not.toContain(tenant.webhookSecret.slice("whsec_".length));
	});

	it("[SEAL-5] after a rotation the old one signs for 24 hours beside the new one", async () => {
		const tenant = await newTenant();
		const rotated = unwrap(await tenant.registry.rotateWebhookSecret());
		expect(rotated.previousSignsUntil).toBe(NOW + DAY);
		const both = [
			{ text: rotated.webhookSecret, signsUntil: null },
			{ text: tenant.webhookSecret, signsUntil: NOW + DAY },
		];
		expect(await signingSecrets(tenant)).toEqual(both);
		vi.setSystemTime(NOW + DAY - 1);
		expect(await signingSecrets(tenant)).toEqual(both);
		vi.setSystemTime(NOW + DAY);
		expect(await signingSecrets(tenant)).toEqual(both.slice(0, 1));
	});

	it("[SEAL-5] rotated again within a day, each signs for its own 24 hours", async () => {
		const tenant = await newTenant();
		const second = unwrap(await tenant.registry.rotateWebhookSecret());
		vi.setSystemTime(NOW + HOUR);
		const third = unwrap(await tenant.registry.rotateWebhookSecret());
		expect(await signingSecrets(tenant)).toEqual([
			{ text: third.webhookSecret, signsUntil: null },
			{ text: second.webhookSecret, signsUntil: NOW + HOUR + DAY },
			{ text: tenant.webhookSecret, signsUntil: NOW + DAY },
		]);
	});

	it("[SEAL-5] at most the five newest sign", async () => {
		const tenant = await newTenant();
		const texts = [tenant.webhookSecret];
		for (let rotation = 0; rotation < SIGNING_SECRETS_MAX + 2; rotation++) {
			texts.unshift(unwrap(await tenant.registry.rotateWebhookSecret()).webhookSecret);
		}
		const signing = await signingSecrets(tenant);
		expect(signing.map(({ text }) => text)).toEqual(texts.slice(0, SIGNING_SECRETS_MAX));
	});

	it("[SEAL-5] rotations at the same time leave one current secret", async () => {
		const tenant = await newTenant();
		await Promise.all([1, 2, 3].map(() => tenant.registry.rotateWebhookSecret()));
		const current = (await signingSecrets(tenant)).filter(({ signsUntil }) => signsUntil === null);
		expect(current).toHaveLength(1);
	});
});
