/**
 * Timers that fire each minute, all at once, over virtual minutes: a minute ends when all of its
 * firings have settled, so what is measured is how many the network makes a second. Beside it, as
 * many timers that fire once.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { TimerCreate } from "../../src/contract/timer.ts";
import { startNetwork } from "../../test/helpers/network-process.ts";
import type { Context } from "../context.ts";
import type { Metric } from "../report/metric.ts";
import { firstTenant, type Tenant } from "../tenant.ts";

const MINUTES = 10;
const MS_PER_SECOND = 1_000;
/** Ahead of the tenant's time, so that all timers are made before the first of them is due. */
const LEAD = "1h";
const SAMPLES = 20;

type Moved = { readonly reached: boolean; readonly fired: number; readonly target: string };
type Firings = { readonly id: string; readonly firedCount: number };

export async function measureRecurring(context: Context): Promise<Metric[]> {
	const { scale, say } = context;
	const count = scale.pendingTimers;
	const once: number[] = [];
	const again: number[] = [];
	const hooks: number[] = [];
	for (let rep = 0; rep < scale.reps; rep++) {
		say(`recurring: repetition ${rep + 1}`);
		once.push(await firingsPerSecond(fires(count, { in: LEAD }), LEAD, 1));
		again.push(await firingsPerSecond(fires(count, everyMinute), `${MINUTES}m`, MINUTES));
		const url = context.receiver.startRun().url(0);
		const webhooks = fires(scale.stormTimers, {
			...everyMinute,
			actions: [{ type: "webhook", url, body: {} }],
		});
		hooks.push(await firingsPerSecond(webhooks, `${MINUTES}m`, MINUTES));
	}
	const name = `recurring: firings of ${count} timers due together`;
	return [
		{ name, variant: "that fire once", unit: "/s", values: once },
		{ name, variant: `each minute for ${MINUTES} virtual minutes`, unit: "/s", values: again },
		{
			name: `recurring: firings of ${scale.stormTimers} timers due together, delivered`,
			variant: `each minute for ${MINUTES} virtual minutes`,
			unit: "/s",
			values: hooks,
		},
	];
}

const everyMinute = { schedule: { every: "1m", phase: 0 } } satisfies TimerCreate;

function fires(count: number, timer: TimerCreate): TimerCreate[] {
	return Array.from({ length: count }, () => ({ ...timer, fidelity: "fast" }));
}

/** On a network of its own: the clock of a tenant is not turned back. */
async function firingsPerSecond(
	timers: readonly TimerCreate[],
	advance: string,
	rounds: number,
): Promise<number> {
	await using network = await startNetwork({ logs: "drop" });
	const tenant = firstTenant(network);
	// No minute begins while they are made and the clock is not yet moved.
	const intoMinute = Date.now() % 60_000;
	if (intoMinute > 30_000) await delay(60_000 - intoMinute);
	await tenant.createAll(timers);
	const startedAt = performance.now();
	let moved = await move(tenant, { advance });
	let fired = moved.fired;
	while (!moved.reached) {
		moved = await move(tenant, { set: moved.target });
		fired += moved.fired;
	}
	const seconds = (performance.now() - startedAt) / MS_PER_SECOND;
	await requireFired(tenant, timers.length, fired, rounds);
	return fired / seconds;
}

async function move(tenant: Tenant, to: object): Promise<Moved> {
	return (await call(tenant, "POST", "/v1/dev/clock", to)) as Moved;
}

async function requireFired(tenant: Tenant, timers: number, fired: number, rounds: number) {
	if (fired !== timers * rounds) {
		throw new Error(`${fired} firings of ${timers} timers in ${rounds} rounds`);
	}
	const page = await call(tenant, "GET", `/v1/timers?limit=${SAMPLES}`);
	for (const { id, firedCount } of (page as { items: readonly Firings[] }).items) {
		if (firedCount !== rounds) throw new Error(`${id} has fired ${firedCount} times`);
	}
}

async function call(tenant: Tenant, method: string, path: string, body?: object) {
	const response = await fetch(tenant.origin + path, {
		method,
		headers: { ...tenant.headers, "content-type": "application/json" },
		...(body !== undefined && { body: JSON.stringify(body) }),
	});
	if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
	return response.json();
}
