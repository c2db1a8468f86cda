/** Live events: how long from a create's answer until each of 100 SSE readers has the event. */
import { setTimeout as delay } from "node:timers/promises";
import { EventSource } from "eventsource";
import type { Context } from "../context.ts";
import { Connection } from "../load/connection.ts";
import { type Metric, NONE } from "../report/metric.ts";
import { quantile } from "../statistics.ts";
import type { Tenant } from "../tenant.ts";
import { FAR, FAR_URL, webhookTimer } from "../timers.ts";

const READERS = 100;
/** Events that are fanned out one after the other. */
const EVENTS = 20;
const APART_MS = 100;
/** Readers that have not all got an event by then count as missing it. */
const PATIENCE_MS = 5_000;

export async function measureStreams(context: Context): Promise<Metric[]> {
	const { scale, tenant, say } = context;
	const subject = await tenant();
	const runs: { p50: number; p99: number; missing: number }[] = [];
	for (let rep = 0; rep < scale.reps; rep++) {
		say(`streams: repetition ${rep + 1}`);
		runs.push(await runFanOut(subject));
	}
	const name = `events: create sent → event at each of ${READERS} SSE readers`;
	return [
		{ name: `${name}, p50`, unit: "ms", values: runs.map(({ p50 }) => p50) },
		{ name: `${name}, p99`, unit: "ms", values: runs.map(({ p99 }) => p99) },
		{
			name: "events: missed by a reader",
			unit: "",
			values: runs.map(({ missing }) => missing),
			take: "max",
			target: NONE,
		},
	];
}

async function runFanOut(tenant: Tenant) {
	const arrivals: number[] = [];
	let heard = countdown(READERS);
	const readers = await Promise.all(
		Array.from({ length: READERS }, () =>
			openReader(tenant, () => {
				arrivals.push(performance.now());
				heard.count();
			}),
		),
	);
	const creates = new Connection(tenant.origin);
	const latencies: number[] = [];
	try {
		for (let index = 0; index < EVENTS; index++) {
			heard = countdown(READERS);
			arrivals.length = 0;
			const sentAt = performance.now();
			await creates.request(tenant.createRequest(webhookTimer(FAR_URL, { in: FAR })));
			await heard.reached;
			latencies.push(...arrivals.map((at) => at - sentAt));
			// A shard says at most every 50 ms that there is something new; alone is what is measured.
			await delay(APART_MS);
		}
	} finally {
		creates.close();
		for (const reader of readers) reader.close();
	}
	return {
		p50: quantile(latencies, 0.5),
		p99: quantile(latencies, 0.99),
		missing: READERS * EVENTS - latencies.length,
	};
}

/** Resolves when the stream is open. */
function openReader(tenant: Tenant, onCreated: () => void): Promise<EventSource> {
	const source = new EventSource(`${tenant.origin}/v1/events/stream?topic=timer.created`, {
		fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, ...tenant.headers } }),
	});
	source.addEventListener("timer.created", onCreated);
	return new Promise((resolve, reject) => {
		source.onopen = () => resolve(source);
		source.onerror = (event) => reject(new Error(`The stream was refused: ${event.message}`));
	});
}

/** Resolves after so many counts, or when patience ends. */
function countdown(counts: number): { readonly reached: Promise<void>; count(): void } {
	const { promise, resolve } = Promise.withResolvers<void>();
	const timer = setTimeout(resolve, PATIENCE_MS);
	let left = counts;
	return {
		reached: promise,
		count() {
			left -= 1;
			if (left > 0) return;
			clearTimeout(timer);
			resolve();
		},
	};
}
