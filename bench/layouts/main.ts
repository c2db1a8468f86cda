/**
 * Compares storage layouts for a shard's timers in a real Durable Object (workerd, through
 * Miniflare): rows read and written, bytes and time per timer. Run: node bench/layouts/main.ts
 * The figures and what follows from them are in docs/decisions/0004-shard-storage-layout.md.
 */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { BATCH, STORM } from "./layout-b.ts";
import { LAYOUTS } from "./layouts.ts";
import type { Cost } from "./meter.ts";
import type { Report } from "./worker.ts";

const OTHERS = [100, 100_000];
const US_PER_MS = 1_000;

async function bundle(): Promise<string> {
	const { outputFiles } = await build({
		entryPoints: [path.join(import.meta.dirname, "worker.ts")],
		bundle: true,
		format: "esm",
		target: "es2024",
		write: false,
	});
	return outputFiles[0]?.text ?? "";
}

function median(values: readonly number[]): number {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Rows read, rows written and microseconds for one timer. */
function perTimer(costs: readonly Cost[]): readonly [number, number, number] {
	return [
		median(costs.map(({ read }) => read)) / BATCH,
		median(costs.map(({ written }) => written)) / BATCH,
		// The runtime's clock has a step of 1 ms, so only the mean over many rounds says anything.
		(costs.reduce((total, { ms }) => total + ms, 0) * US_PER_MS) / costs.length / BATCH,
	];
}

function line(name: string, others: number, report: Report): string {
	const phases = (["create", "claim", "settle"] as const).map((phase) =>
		perTimer(report.rounds.map((round) => round[phase])),
	);
	const sum = (column: 0 | 1) => phases.reduce((total, costs) => total + costs[column], 0);
	const cells = phases.map(([r, w, us]) => `${r.toFixed(2)} / ${w.toFixed(2)} / ${us.toFixed(1)}`);
	const totals = [sum(0).toFixed(2), sum(1).toFixed(2), report.pendingBytes.toFixed(0)];
	totals.push((report.storm.read / STORM).toFixed(1));
	return `| ${[name, others, ...cells, ...totals].join(" | ")} |`;
}

const directory = await mkdtemp(path.join(tmpdir(), "layouts-"));
const miniflare = new Miniflare(
	convertV4MiniflareOptions({
		name: "layouts",
		host: "127.0.0.1",
		port: 0,
		modules: true,
		script: await bundle(),
		compatibilityDate: "2026-10-20",
		durableObjects: { BENCH: { className: "Bench", useSQLite: true } },
		defaultPersistRoot: directory,
	}),
);
try {
	console.log(
		"Per timer: rows read / rows written / µs. 100 one-webhook timers due together, a transaction each phase.\n",
	);
	console.log(
		"| layout | others pending | create | claim | settle | read | written | bytes a pending timer | read to claim one of a storm |",
	);
	console.log("|---|---|---|---|---|---|---|---|---|");
	const reports: Report[] = [];
	for (const name of Object.keys(LAYOUTS)) {
		for (const others of OTHERS) {
			const query = new URLSearchParams({ layout: name, others: String(others) });
			const response = await miniflare.dispatchFetch(`http://bench/?${query}`);
			if (!response.ok) throw new Error(`${name}: ${await response.text()}`);
			const report = (await response.json()) as Report;
			console.log(line(name, others, report));
			reports.push(report);
		}
	}
	const detailed = reports.findLast(({ plans }) => plans.length > 0);
	console.log("\n| statement on layout B | read | written |\n|---|---|---|");
	for (const { name, cost } of detailed?.probes ?? []) {
		console.log(`| ${name} | ${cost.read} | ${cost.written} |`);
	}
	console.log("\nQuery plans");
	for (const { name, plan } of detailed?.plans ?? []) console.log(`- ${name}: ${plan}`);
	console.log("\nLayouts");
	for (const [name, { about }] of Object.entries(LAYOUTS)) console.log(`- ${name}: ${about}`);
} finally {
	await miniflare.dispose();
	await rm(directory, { recursive: true, force: true });
}
