import { afterEach, expect, it, vi } from "vitest";
import { ok } from "../../../src/core/result.ts";
import { PRINCIPAL_CACHE_MS, SHARED_LOOKUP_MS } from "../../../src/http/constants.ts";
import { type Holder, lookUpHolder, rememberedHolder } from "../../../src/http/principals.ts";

const NOW = Date.UTC(2026, 11, 1);
const HOLDER: Holder = {
	tenant: "a",
	principal: {
		keyId: "key_1",
		scopes: ["timer.read"],
		mailboxes: null,
		expiresAt: null,
		config: {
			tenant: "a",
			version: 1,
			plan: "free",
			shardSteps: [{ count: 1, effectiveAt: 0 }],
			region: null,
			wrappedKey: "wrapped",
		},
	},
};
const exec = { waitUntil: () => undefined };

afterEach(() => {
	vi.useRealTimers();
});

it("[AUTH-6] trusts an answer, good or bad, for five seconds and no longer", async () => {
	await lookUpHolder("k1", NOW, exec, async () => ok(HOLDER));
	await lookUpHolder("k2", NOW, exec, async () => ok(null));
	for (const key of ["k1", "k2"]) {
		expect(rememberedHolder(key, NOW + PRINCIPAL_CACHE_MS - 1)).not.toBeUndefined();
		expect(rememberedHolder(key, NOW + PRINCIPAL_CACHE_MS)).toBeUndefined();
	}
	expect(rememberedHolder("k2", NOW)).toBeNull();
});

it("[DRIFT-20] honours no revoked key for longer because the clock was set back", async () => {
	await lookUpHolder("k3", NOW, exec, async () => ok(HOLDER));
	expect(rememberedHolder("k3", NOW)).toEqual(HOLDER);
	expect(rememberedHolder("k3", NOW - 60_000)).toBeUndefined();
});

it("[AUTH-9] concurrent misses of one key share one call", async () => {
	const gate = Promise.withResolvers<void>();
	const lookup = vi.fn(async () => {
		await gate.promise;
		return ok(HOLDER);
	});
	const asked = Array.from({ length: 20 }, () => lookUpHolder("k3", NOW, exec, lookup));
	gate.resolve();
	expect(await Promise.all(asked)).toEqual(Array(20).fill(ok(HOLDER)));
	expect(lookup).toHaveBeenCalledTimes(1);
});

it("[AUTH-9] a request does not wait for ever on another's call", async () => {
	vi.useFakeTimers();
	const never = lookUpHolder("k4", NOW, exec, () => new Promise(() => undefined));
	const second = lookUpHolder("k4", NOW, exec, async () => ok(HOLDER));
	await vi.advanceTimersByTimeAsync(SHARED_LOOKUP_MS);
	expect(await second).toEqual(ok(HOLDER));
	expect(await Promise.race([never, "still waiting"])).toBe("still waiting");
});

it("[AUTH-9] a call that fails is not remembered", async () => {
	const failing = lookUpHolder("k5", NOW, exec, () => Promise.reject(new Error("gone")));
	await expect(failing).rejects.toThrow("gone");
	expect(rememberedHolder("k5", NOW)).toBeUndefined();
	expect(await lookUpHolder("k5", NOW, exec, async () => ok(HOLDER))).toEqual(ok(HOLDER));
});
