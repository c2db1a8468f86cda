/** Single creates in a closed loop, beside the least that the platform can do in the same minute. */

import { startHelper } from "../child.ts";
import type { Context } from "../context.ts";
import { CONNECTIONS, type LoopResult, runClosedLoop } from "../load/closed-loop.ts";
import { measureDiskSync } from "../load/disk-sync.ts";
import { encodeRequest } from "../load/request.ts";
import { atLeast, atMost, type Metric } from "../report/metric.ts";
import type { Tenant } from "../tenant.ts";
import { FAR, FAR_URL, type Variant, webhookTimer } from "../timers.ts";

const TARGET_PER_SECOND = 4_500;
const TARGET_P99_MS = 25;
/** Times the bare object that inserts one row per request. */
const TARGET_RATIO = 1.7;

/** One repetition of each kind after the other, so that a noisy minute spoils no ratio. */
export async function measureCreates({ scale, baseline, tenant, say }: Context): Promise<Metric[]> {
	const echo = await startHelper("load/echo-process.ts");
	const bare = await baseline();
	const subject = await tenant();
	const body = JSON.stringify(webhookTimer(FAR_URL, { in: FAR }));
	const post = (path: string) => encodeRequest({ method: "POST", path, body });
	const results: Record<"echo" | "empty" | "row" | "full" | "fast", LoopResult[]> = {
		echo: [],
		empty: [],
		row: [],
		full: [],
		fast: [],
	};
	const syncs: number[] = [];
	const { loopMs: durationMs, loops } = scale;
	for (let rep = 0; rep < loops; rep++) {
		syncs.push(measureDiskSync());
		say(`creates: repetition ${rep + 1}`);
		const loop = (origin: string, path: string, expected: number) =>
			runClosedLoop({ origin, request: post(path), expected, durationMs });
		results.echo.push(await loop(echo.origin, "/", 200));
		results.empty.push(await loop(bare.origin, "/empty", 201));
		results.row.push(await loop(bare.origin, "/row", 201));
		results.full.push(await loopCreates(subject, durationMs));
		results.fast.push(await loopCreates(subject, durationMs, { fidelity: "fast" }));
	}
	await echo.stop();
	const ratio = results.full.map((full, rep) => {
		const row = results.row[rep];
		return row === undefined ? Number.NaN : full.perSecond / row.perSecond;
	});
	return [
		{ name: "machine: 4 KiB appended and fdatasync, p50", unit: "ms", values: syncs },
		rate("generator's ceiling: empty node:http server", results.echo),
		rate("baseline: empty Hono route", results.empty),
		rate("baseline: object, one row a request", results.row),
		latency("baseline: object, one row a request, p99", results.row, "p99Ms"),
		{
			...rate(`single creates, ${CONNECTIONS} connections`, results.full),
			target: atLeast(TARGET_PER_SECOND),
			peers: "BullMQ fsync always 7,300 · Restate 4,600 · pg-boss 1,400 · Agents SDK 620",
		},
		latency("single creates, p50", results.full, "p50Ms"),
		{ ...latency("single creates, p99", results.full, "p99Ms"), target: atMost(TARGET_P99_MS) },
		{
			name: "single creates to one row a request",
			unit: "×",
			values: ratio,
			target: atLeast(TARGET_RATIO),
		},
		{ ...rate("single creates", results.fast), variant: "fast" },
		{ ...latency("single creates, p99", results.fast, "p99Ms"), variant: "fast" },
	];
}

/** A closed loop of single creates that never come due during the benchmark. */
export function loopCreates(
	tenant: Tenant,
	durationMs: number,
	variant: Variant = {},
): Promise<LoopResult> {
	const request = tenant.createRequest(webhookTimer(FAR_URL, { in: FAR }, variant));
	return runClosedLoop({ origin: tenant.origin, request, expected: 201, durationMs });
}

export function rate(name: string, results: readonly LoopResult[]): Metric {
	return { name, unit: "/s", values: results.map(({ perSecond }) => perSecond) };
}

export function latency(
	name: string,
	results: readonly LoopResult[],
	which: "p50Ms" | "p99Ms",
): Metric {
	return { name, unit: "ms", values: results.map((result) => result[which]) };
}
