/** What senders ask and tell of their hosts, and what they hold back. */
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { EndpointHealthRpc } from "../../../durable-objects/endpoint-health/rpc.ts";
import { healthOf } from "../../../durable-objects/shared/object-names.ts";
import { openTenantKey } from "../../../durable-objects/shared/seal.ts";
import { sealToken } from "../../../src/action-secrets.ts";
import type { DeliveryOutcome } from "../../../src/contract/envelope.ts";
import {
	FAILING_MS,
	FAILURES_TO_OPEN,
	type HealthReport,
	OPEN_MS,
	PROBE_PAUSE_MS,
} from "../../../src/core/circuit.ts";
import {
	parseTimerDoc,
	type RepositoryDispatchDoc,
	type TimerDoc,
} from "../../../src/core/timer-doc.ts";
import { MINUTE } from "../../../src/core/units.ts";
import type { Env } from "../../../src/env.ts";
import { WELL_FOR_MS } from "../../../src/queue/constants.ts";
import { sendEnvelope } from "../../../src/queue/send-envelope.ts";
import { deliveriesOf, envelopeOf, type Network, type Stage, stage } from "../queue/sending.ts";

const HOST = "hooks.example.com";
const START = Date.UTC(2090, 0, 1);

beforeEach(() => {
	vi.useFakeTimers({ toFake: ["Date"], now: START });
});
afterEach(() => {
	vi.useRealTimers();
});

const failing: Network = () => new Response("", { status: 503 });

/** A tenant whose calls to health objects are noted. `away` has them fail. */
async function watched(network?: Network, away?: () => Promise<never>) {
	const parcel = await envelopeOf([]);
	const { tenant } = parcel;
	const set: Stage = stage(network === undefined ? {} : { network });
	const asks: string[] = [];
	const reports: HealthReport[] = [];
	const namespace = {
		idFromName: (name: string) => env.ENDPOINT_HEALTH.idFromName(name),
		get: (id: DurableObjectId) => {
			const stub = env.ENDPOINT_HEALTH.get(id) as unknown as EndpointHealthRpc;
			return {
				admit: (timeoutMs: number) => {
					asks.push(id.name ?? "");
					return away?.() ?? stub.admit(timeoutMs);
				},
				note: (report: HealthReport) => {
					reports.push(report);
					return away?.() ?? stub.note(report);
				},
			};
		},
	};
	const watching: Env = {
		...set.env,
		ENDPOINT_HEALTH: namespace as unknown as Env["ENDPOINT_HEALTH"], // Only what `healthOf` calls.
	};
	/** Sends an envelope of so many deliveries; answers their outcomes. */
	async function send(
		count: number,
		webhook: Parameters<typeof deliveriesOf>[1] = {},
		edit: (doc: TimerDoc) => TimerDoc = (doc) => doc,
	): Promise<DeliveryOutcome[]> {
		const before = set.outcomes().length;
		const deliveries = deliveriesOf(count, { url: `https://${HOST}/`, ...webhook }).map((one) => ({
			...one,
			doc: JSON.stringify(edit(parseTimerDoc(one.doc))),
		}));
		const leaseUntil = Date.now() + 5 * MINUTE;
		await sendEnvelope({ ...parcel, deliveries, leaseUntil }, watching, set.ctx);
		return set.outcomes().slice(before);
	}
	const health = healthOf(env as unknown as Env, tenant, HOST) as unknown as EndpointHealthRpc;
	return { ...set, parcel, send, asks, reports, health };
}

/** The same, with the circuit of `HOST` open until the instant answered. */
async function spared(network?: Network) {
	const set = await watched(network);
	const failed = { hasRecovered: false, probe: null };
	await set.health.note({ ...failed, failures: 1 });
	vi.setSystemTime(START + FAILING_MS);
	await set.health.note({ ...failed, failures: FAILURES_TO_OPEN });
	return { ...set, until: START + FAILING_MS + OPEN_MS };
}

const kindsOf = (outcomes: readonly DeliveryOutcome[]) => outcomes.map(({ kind }) => kind).sort();

it("[HEALTH-7] a healthy storm costs one call a host every five seconds", async () => {
	const { send, asks, reports, sent } = await watched();
	await Promise.all(Array.from({ length: 20 }, () => send(100)));
	expect(asks).toHaveLength(1);
	vi.setSystemTime(START + WELL_FOR_MS - 1);
	await send(100);
	expect(asks).toHaveLength(1);
	vi.setSystemTime(START + WELL_FOR_MS);
	await send(100);
	expect(asks).toHaveLength(2);
	await send(3, { url: "https://other.example.com/" });
	await send(3, { url: `https://${HOST}:8443/` });
	expect(asks).toHaveLength(4);
	expect(sent).toHaveLength(2_206);
	expect(reports).toEqual([]);
});

it("[HEALTH-7] failures are told together, and not one by one", async () => {
	const { send, asks, reports } = await watched(failing);
	await send(100);
	expect(asks).toHaveLength(1);
	// One in each second that it took, and one at its end.
	expect(reports.length).toBeLessThanOrEqual(3);
	expect(reports.reduce((sum, { failures }) => sum + failures, 0)).toBe(100);
});

it("[HEALTH-7] the first success after failures is told, and no other", async () => {
	let status = 503;
	const { send, reports } = await watched(() => new Response("", { status }));
	await send(2);
	status = 200;
	await send(50);
	await send(50);
	expect(reports).toEqual([
		{ hasRecovered: false, failures: 2, probe: null },
		{ hasRecovered: true, failures: 0, probe: null },
	]);
});

it("[HEALTH-7] a failure among successes that follow at once is not told", async () => {
	const { send, reports } = await watched(
		(_, index) => new Response("", { status: index ? 200 : 503 }),
	);
	await send(50);
	expect(reports).toEqual([]);
});

it("[HEALTH-4] a receiver's refusals are no ill health", async () => {
	const { send, reports } = await watched(() => new Response("", { status: 404 }));
	await send(50);
	expect(reports).toEqual([]);
});

it("[HEALTH-2] a host that fails for long is not sent to while its circuit is open", async () => {
	const { send, sent } = await watched(failing);
	await send(FAILURES_TO_OPEN);
	vi.setSystemTime(START + FAILING_MS);
	await send(1);
	const until = START + FAILING_MS + OPEN_MS;
	expect(await send(40)).toEqual(
		Array(40).fill(
			expect.objectContaining({ kind: "postponed", until, reason: "circuit_open", host: HOST }),
		),
	);
	expect(sent).toHaveLength(FAILURES_TO_OPEN + 1);
	expect(kindsOf(await send(1, { url: "https://other.example.com/" }))).toEqual(["attempted"]);
});

it("[HEALTH-7] while a circuit is known to be open nobody asks", async () => {
	const { send, asks, sent } = await spared();
	for (let envelopes = 0; envelopes < 5; envelopes++) await send(10);
	expect([asks.length, sent.length]).toEqual([1, 0]);
});

it("[HEALTH-3] one delivery of an envelope probes, and the others wait for it", async () => {
	const { send, sent, until } = await spared();
	vi.setSystemTime(until);
	const outcomes = await send(20);
	expect(kindsOf(outcomes)).toEqual(["attempted", ...Array(19).fill("postponed")]);
	expect(outcomes.find(({ kind }) => kind === "postponed")).toMatchObject({
		until: until + PROBE_PAUSE_MS,
	});
	expect(sent).toHaveLength(1);
	expect(kindsOf(await send(20))).toEqual(Array(20).fill("attempted"));
});

it("[HEALTH-3] a probe that fails opens the circuit for twice as long", async () => {
	const { send, sent, until } = await spared(failing);
	vi.setSystemTime(until);
	await send(1);
	expect(await send(1)).toMatchObject([{ kind: "postponed", until: until + 2 * OPEN_MS }]);
	expect(sent).toHaveLength(1);
});

it("[HEALTH-3] a probe that cannot be sent leaves its place to another", async () => {
	const { send, sent, reports, until } = await spared();
	vi.setSystemTime(until);
	// Its body is not there, so nothing can be sent; that says nothing about the host.
	const lost = await send(1, { bodyRef: { sha256: "ab".repeat(32), bytes: 7 } });
	expect(lost).toMatchObject([{ kind: "attempted", outcome: "connection_failed" }]);
	expect(reports.map(({ probe }) => probe)).toEqual(["unused"]);
	expect(kindsOf(await send(1))).toEqual(["attempted"]);
	expect(sent).toHaveLength(1);
});

it.each([
	["fails", () => Promise.reject(new Error("gone"))],
	["says nothing", () => new Promise<never>(() => undefined)],
])("[HEALTH-9] a health object that %s holds nothing up", async (_, away) => {
	const { send, sent, asks } = await watched(undefined, away);
	expect(kindsOf(await send(10))).toEqual(Array(10).fill("attempted"));
	await send(10);
	expect([asks.length, sent.length]).toEqual([1, 20]);
});

/** Sends dispatches to the same host, of a token that the tenant has sealed. */
async function dispatch({ send, parcel }: Awaited<ReturnType<typeof watched>>, count: number) {
	const key = await openTenantKey(env.MINOOTS_MASTER_KEY, parcel.tenant, parcel.wrappedKey);
	if (!key.ok) throw new Error(key.error.code);
	const action: RepositoryDispatchDoc = {
		type: "repository_dispatch",
		repository: "acme/site",
		eventType: "x",
		apiUrl: `https://${HOST}/api/v3`,
		sealedToken: await sealToken(key.value, "ghp_0123456789"),
	};
	return send(count, {}, (doc) => ({ ...doc, actions: [action] }));
}

it("[GH-9] spares the host of a service as that of a webhook", async () => {
	const outcomes = await dispatch(await spared(), 1);
	expect(outcomes).toMatchObject([{ kind: "postponed", reason: "circuit_open", host: HOST }]);
});

it.each([
	[429, []],
	[403, []],
	[503, [{ hasRecovered: false, failures: 3, probe: null }]],
])("[GH-9] a service that answers %i is told of as %j", async (status, told) => {
	const set = await watched(() => new Response("", { status }));
	await dispatch(set, 3);
	expect(set.sent).toHaveLength(3);
	expect(set.reports).toEqual(told);
});
