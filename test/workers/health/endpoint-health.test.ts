/** The object of a host, itty-durable and all: what it keeps, and what it costs. */
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { EndpointHealthRpc } from "../../../durable-objects/endpoint-health/rpc.ts";
import { FAILING_MS, FAILURES_TO_OPEN, OPEN_MS } from "../../../src/core/circuit.ts";

const START = Date.UTC(2090, 0, 1);
const TIMEOUT_MS = 10_000;

beforeEach(() => {
	vi.useFakeTimers({ toFake: ["Date"], now: START });
});
afterEach(() => {
	vi.useRealTimers();
});

let hosts = 0;

function newHost() {
	const raw = env.ENDPOINT_HEALTH.get(env.ENDPOINT_HEALTH.idFromName(`acme:host-${++hosts}`));
	// The type of a stub nests too deeply to be checked beside the assertions on it.
	return { raw, health: raw as unknown as EndpointHealthRpc };
}

function failed(failures: number) {
	return { hasRecovered: false, failures, probe: null };
}

/** A host whose circuit has just opened. */
async function openHost() {
	const host = newHost();
	await host.health.note(failed(1));
	vi.setSystemTime(START + FAILING_MS);
	const verdict = await host.health.note(failed(FAILURES_TO_OPEN));
	const until = START + FAILING_MS + OPEN_MS;
	expect(verdict).toEqual({ kind: "open", until });
	return { ...host, until };
}

it("[HEALTH-5] an open circuit outlives its object in memory", async () => {
	const { raw, health, until } = await openHost();
	await evictDurableObject(raw);
	expect(await health.admit(TIMEOUT_MS)).toEqual({ kind: "open", until });
});

it("[HEALTH-5] failures counted before an eviction count after it", async () => {
	const { raw, health } = newHost();
	await health.note(failed(FAILURES_TO_OPEN - 1));
	await evictDurableObject(raw);
	vi.setSystemTime(START + FAILING_MS);
	expect(await health.note(failed(1))).toMatchObject({ kind: "open" });
});

it("[HEALTH-3] of all that ask at once one is the probe", async () => {
	const { health, until } = await openHost();
	vi.setSystemTime(until);
	const verdicts = await Promise.all(Array.from({ length: 50 }, () => health.admit(TIMEOUT_MS)));
	expect(verdicts.filter(({ kind }) => kind === "probe")).toHaveLength(1);
	expect(verdicts.filter(({ kind }) => kind === "open")).toHaveLength(49);
	await health.note({ hasRecovered: false, failures: 0, probe: "passed" });
	expect(await health.admit(TIMEOUT_MS)).toEqual({ kind: "closed", isAiling: false });
});

it("[HEALTH-5] a healthy host that is asked about stores nothing", async () => {
	const { raw, health } = newHost();
	for (let asked = 0; asked < 10; asked++) await health.admit(TIMEOUT_MS);
	const stored = await runInDurableObject(raw, (_, state) => state.storage.list());
	expect([...stored.keys()]).toEqual([]);
});
