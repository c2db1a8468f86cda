/** The `metrics` objects and the route that shows them. */
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import type { MetricsPush } from "../../../durable-objects/metrics/rpc.ts";
import { pushMetrics } from "../../../durable-objects/shared/metrics-pusher.ts";
import { metricsOf } from "../../../durable-objects/shared/object-names.ts";
import {
	ACTIVE_TIMERS,
	DELIVERIES,
	DUE_TO_CLAIMED,
	POSTPONED,
	seriesOf,
	TIMERS_ENDED,
} from "../../../src/core/metrics-catalog.ts";
import { MetricsFold } from "../../../src/core/metrics-fold.ts";
import { readScrape } from "../../helpers/scrape.ts";
import { call, newTenant, OPERATOR_KEY, outcome } from "../http/client.ts";

const FAILED = seriesOf(TIMERS_ENDED, "failed");
const DEAD = seriesOf(DELIVERIES, "dead", "low");
const POSTPONED_HIGH = seriesOf(POSTPONED, "circuit_open", "high");
const CLAIMED = seriesOf(DUE_TO_CLAIMED, "low");
const ACTIVE = seriesOf(ACTIVE_TIMERS);

let sources = 0;

function pushOf(more: Partial<MetricsPush> = {}): MetricsPush {
	const source = `shard:test-${++sources}:0`;
	const run = crypto.randomUUID();
	const at = Date.now();
	return { counters: {}, histograms: {}, source, run, seq: 1, at, gauges: null, ...more };
}

/** Objects beyond the sixteen, so that a test has its own. */
const ownObject = () => metricsOf(env, 1_000 + ++sources);

async function scrape() {
	const { status, body } = await call("/metrics", { key: OPERATOR_KEY });
	expect(status).toBe(200);
	return readScrape(body);
}

it("[METRIC-10] shows the operator, and nobody else, the sum of all objects", async () => {
	const before = await scrape();
	const fold = new MetricsFold();
	for (const late of [0, 3, 40, 7_200_000]) fold.observeMs(DUE_TO_CLAIMED, CLAIMED, late);
	const { histograms } = fold.read();
	for (let i = 0; i < 40; i++) {
		await pushMetrics(
			env,
			pushOf({ counters: { [FAILED]: 2 }, histograms, gauges: { [ACTIVE]: 3 } }),
		);
	}
	const after = await scrape();
	const grown = (series: string) =>
		(after.values.get(series) ?? 0) - (before.values.get(series) ?? 0);
	expect(grown(FAILED)).toBe(80);
	expect(grown(ACTIVE)).toBe(120);
	const [seen, had] = [after, before].map((one) => one.histograms.get(CLAIMED));
	expect((seen?.count ?? 0) - (had?.count ?? 0)).toBe(160);
	expect((seen?.buckets.get(3_600) ?? 0) - (had?.buckets.get(3_600) ?? 0)).toBe(120);

	const answer = await call("/metrics", { key: OPERATOR_KEY });
	expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
	const { key } = await newTenant();
	expect(outcome(await call("/metrics", { key }))).toBe("403 forbidden");
	expect(outcome(await call("/metrics"))).toBe("401 unauthorized");
});

it("[METRIC-11] an object that nobody has told anything answers, and stores nothing", async () => {
	const object = ownObject();
	expect(await object.read()).toEqual({
		totals: { counters: {}, histograms: {} },
		gauges: { values: {}, sources: 0, ageSeconds: 0 },
	});
	const tables = await runInDurableObject(object, (_, { storage }) =>
		storage.sql
			.exec("SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_%' ESCAPE '\\'")
			.toArray(),
	);
	expect(tables).toEqual([]);
});

it("[METRIC-12] what was read is durable: a restart takes nothing of it back", async () => {
	const object = ownObject();
	const gauges = { [ACTIVE]: 7 };
	await object.push(pushOf({ counters: { [DEAD]: 5 }, gauges }));
	const before = await object.read();
	expect(before).toMatchObject({
		totals: { counters: { [DEAD]: 5 } },
		gauges: { values: gauges, sources: 1 },
	});
	await evictDurableObject(object);
	expect((await object.read()).totals).toEqual(before.totals);
	await object.push(pushOf({ counters: { [DEAD]: 1 } }));
	const after = await object.read();
	expect(after.totals.counters).toEqual({ [DEAD]: 6 });
	expect(after.gauges.values).toEqual(gauges);
});

it("[METRIC-13] many pushes are one write of one row, until something is read", async () => {
	const object = ownObject();
	const writes = await runInDurableObject(object, async (metrics, { storage }) => {
		const { sql } = storage;
		const exec = sql.exec.bind(sql);
		let rows = 0;
		Object.defineProperty(sql, "exec", {
			value: (query: string, ...values: unknown[]) => {
				const cursor = exec(query, ...values);
				if (/^INSERT OR REPLACE/.test(query)) rows += cursor.rowsWritten;
				return cursor;
			},
		});
		for (let i = 0; i < 100; i++) await metrics.push(pushOf({ counters: { [DEAD]: 1 } }));
		const whilePushed = rows;
		await metrics.read();
		await metrics.read();
		return [whilePushed, rows];
	});
	expect(writes).toEqual([0, 1]);
});

it("[METRIC-14] a push that comes twice counts once", async () => {
	const object = ownObject();
	const push = pushOf({ counters: { [POSTPONED_HIGH]: 3 } });
	await object.push(push);
	await object.push(push);
	await object.push({ ...push, seq: 2 });
	await object.push({ ...push, run: "another life" });
	expect((await object.read()).totals.counters).toEqual({ [POSTPONED_HIGH]: 9 });
});

it("[METRIC-15] a source that has nothing to state any more is forgotten", async () => {
	const object = ownObject();
	const push = pushOf({ gauges: { [ACTIVE]: 7 } });
	await object.push(push);
	await object.read();
	await object.push({ ...push, seq: 2, gauges: null });
	expect((await object.read()).gauges.sources).toBe(1);
	await object.push({ ...push, seq: 3, gauges: {} });
	await object.read();
	await evictDurableObject(object);
	expect((await object.read()).gauges).toEqual({ values: {}, sources: 0, ageSeconds: 0 });
});
