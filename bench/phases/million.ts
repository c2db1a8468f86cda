/** A million pending timers in one shard: is everything as quick as with none? */

import { startNetwork } from "../../test/helpers/network-process.ts";
import { judge } from "../arrivals.ts";
import type { Context } from "../context.ts";
import { Connection } from "../load/connection.ts";
import { unexpected } from "../load/unexpected.ts";
import type { Run } from "../receiver/receiver.ts";
import { atLeast, atMost, type Metric, NONE } from "../report/metric.ts";
import { median, quantile } from "../statistics.ts";
import { BATCH_TIMERS, firstTenant, requireCreated, type Tenant } from "../tenant.ts";
import { FAR_URL, webhookTimer } from "../timers.ts";
import { loopCreates } from "./creates.ts";

/** Of the rate with none pending, that with a million must keep this share to be called flat. */
const FLAT = 0.9;
/** A restart is to be ready within this time, however much is pending. */
const TARGET_READY_MS = 3_000;
const DAY_MS = 86_400_000;
const MS_PER_SECOND = 1_000;
/** Samples of each kind of call. */
const CALLS = 50;
const FIRES = 200;
const FIRE_APART_MS = 5;
const FIRE_LEAD_MS = 500;
const FIRE_TIMEOUT_MS = 10_000;
/** One timer in so many has the label that is looked for. */
const LABEL_EVERY = 1_000;

export async function measureMillion({ scale, receiver, say }: Context): Promise<Metric[]> {
	const empty = await startNetwork({ logs: "drop" });
	let network = await startNetwork({ logs: "drop" });
	try {
		let tenant = firstTenant(network);
		say(`million: making ${scale.millionTimers.toLocaleString("en")}`);
		const batches = await fill(tenant, scale.millionTimers);
		const none: number[] = [];
		const full: number[] = [];
		say("million: creates beside a network with none pending");
		for (let rep = 0; rep < scale.loops; rep++) {
			none.push((await loopCreates(firstTenant(empty), scale.loopMs)).perSecond);
			full.push((await loopCreates(tenant, scale.loopMs)).perSecond);
		}
		say("million: listing, cancelling, firing, restarting");
		const calls = await measureCalls(tenant);
		const fired = await fire(receiver.startRun(), tenant);
		await network.kill("SIGTERM", "launcher");
		network = await network.restart();
		tenant = firstTenant(network);
		const restarted = await fire(receiver.startRun(), tenant);
		const n = `${scale.millionTimers.toLocaleString("en")} pending`;
		return [
			{ name: "single creates, none pending", unit: "/s", values: none },
			{ name: `single creates, ${n}`, unit: "/s", values: full },
			{
				name: `single creates, ${n} to none`,
				unit: "×",
				values: full.map((perSecond, rep) => perSecond / (none[rep] ?? Number.NaN)),
				target: { ...atLeast(FLAT), text: `flat: ≥ ${FLAT}` },
				peers: "Agents SDK 0.18 at 10,000",
			},
			{ name: "batch creates, first tenth", unit: "/s", values: [batches.first] },
			{ name: "batch creates, last tenth", unit: "/s", values: [batches.last] },
			...calls.map((metric) => ({ ...metric, name: `${metric.name}, ${n}` })),
			{ name: `lateness of 200/s p50, ${n}`, unit: "ms", values: [fired.p50Ms] },
			{ name: `lateness of 200/s p99, ${n}`, unit: "ms", values: [fired.p99Ms] },
			{
				name: `restart to ready line, ${n}`,
				unit: "ms",
				values: [network.ready.afterMs],
				target: atMost(TARGET_READY_MS),
			},
			{
				name: `missing or repeated, ${n}`,
				unit: "",
				values: [fired, restarted].map(({ missing, repeated }) => missing + repeated),
				take: "max",
				target: NONE,
			},
		];
	} finally {
		await empty.stop();
		await network.stop();
	}
}

/** Timers a second in the first and in the last tenth of the calls. */
async function fill(tenant: Tenant, count: number): Promise<{ first: number; last: number }> {
	const connection = new Connection(tenant.origin);
	const rates: number[] = [];
	const from = Date.now() + DAY_MS;
	for (let made = 0; made < count; made += BATCH_TIMERS) {
		const request = tenant.batchRequest(
			Array.from({ length: BATCH_TIMERS }, (_, index) => {
				const at = from + Math.floor(((made + index) * DAY_MS) / count);
				const timer = webhookTimer(FAR_URL, { at });
				return (made + index) % LABEL_EVERY === 0 ? { ...timer, labels: { rare: "yes" } } : timer;
			}),
		);
		const startedAt = performance.now();
		requireCreated(await connection.request(request), BATCH_TIMERS);
		rates.push((BATCH_TIMERS * MS_PER_SECOND) / (performance.now() - startedAt));
	}
	connection.close();
	const tenth = Math.ceil(rates.length / 10);
	return { first: median(rates.slice(0, tenth)), last: median(rates.slice(-tenth)) };
}

/** Latencies of calls one after another. */
async function measureCalls(tenant: Tenant): Promise<Metric[]> {
	const connection = new Connection(tenant.origin);
	const time = async (name: string, requests: readonly Buffer[]): Promise<Metric[]> => {
		const latencies: number[] = [];
		for (const request of requests) {
			const sentAt = performance.now();
			const answer = await connection.request(request);
			latencies.push(performance.now() - sentAt);
			if (answer.status !== 200) throw unexpected(answer.status, answer.body);
		}
		return [
			{ name: `${name}, p50`, unit: "ms", values: [quantile(latencies, 0.5)] },
			{ name: `${name}, p99`, unit: "ms", values: [quantile(latencies, 0.99)] },
		];
	};
	const list = (name: string, query: string) =>
		time(`list ${name}`, Array(CALLS).fill(tenant.request("GET", `/v1/timers?${query}`)));
	const middle = new Date(Date.now() + 1.5 * DAY_MS).toISOString();
	const metrics = [
		...(await list("50", "limit=50")),
		...(await list("50 by due time", "order=due&limit=50")),
		...(await list("50 by due time from the middle", `order=due&dueAfter=${middle}&limit=50`)),
		...(await list("1,000 with a status", "status=scheduled&limit=1000")),
		...(await list(`1 in ${LABEL_EVERY.toLocaleString("en")} by label`, "label=rare:yes&limit=10")),
	];
	const page = await connection.request(tenant.request("GET", `/v1/timers?limit=${CALLS}`));
	const ids = [...page.body.toString("utf8").matchAll(/"id":"(tmr_\w+)"/g)].map(([, id]) => id);
	if (ids.length !== CALLS) throw unexpected(page.status, page.body);
	const cancels = ids.map((id) => tenant.request("POST", `/v1/timers/${id}/cancel`));
	metrics.push(...(await time("cancel one", cancels)));
	connection.close();
	return metrics;
}

async function fire(run: Run, tenant: Tenant) {
	const startAt = Date.now() + FIRE_LEAD_MS;
	const dueAt = (index: number) => startAt + index * FIRE_APART_MS;
	await tenant.createAll(
		Array.from({ length: FIRES }, (_, index) => webhookTimer(run.url(index), { at: dueAt(index) })),
	);
	await run.reached(FIRES, FIRE_TIMEOUT_MS);
	return judge(await run.collect(), FIRES, dueAt);
}
