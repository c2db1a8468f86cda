import { afterEach, beforeEach, expect, it, vi } from "vitest";
import {
	METRICS_OBJECTS,
	PUSH_EVERY_MS,
	PUSH_TRIES_MAX,
} from "../../../durable-objects/metrics/constants.ts";
import type { MetricsPush } from "../../../durable-objects/metrics/rpc.ts";
import { MetricsPusher, pushMetrics } from "../../../durable-objects/shared/metrics-pusher.ts";
import { seriesOf, TIMERS_CREATED } from "../../../src/core/metrics-catalog.ts";
import type { Env } from "../../../src/env.ts";

const CREATED = seriesOf(TIMERS_CREATED, "medium");

beforeEach(() => {
	vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
	vi.useRealTimers();
});

/** A `metrics` namespace that notes pushes, or refuses them, or takes them and loses its answer. */
function stage(mode: { is: "up" | "down" | "mute" } = { is: "up" }) {
	const pushes: { readonly object: string; readonly push: MetricsPush }[] = [];
	let tries = 0;
	const METRICS = {
		getByName: (object: string) => ({
			async push(push: MetricsPush) {
				tries += 1;
				if (mode.is !== "down") pushes.push({ object, push });
				if (mode.is !== "up") throw new Error("no answer");
			},
		}),
	};
	const faults: unknown[] = [];
	const pusher = new MetricsPusher({
		source: "shard:acme:0",
		run: "run",
		onFault: (error) => faults.push(error),
	});
	// Only `getByName` and `push` are called.
	const env = { METRICS } as unknown as Pick<Env, "METRICS">;
	const count = () => {
		pusher.fold.count(CREATED);
		pusher.changed(env);
	};
	return { pushes, faults, count, mode, pusher, env, tries: () => tries };
}

const told = (pushes: readonly { readonly push: MetricsPush }[]) =>
	pushes.map(({ push }) => push.counters[CREATED] ?? 0);

it("[METRIC-7] pushes at most once in five seconds, whatever happens, and nothing when nothing does", async () => {
	const { pushes, count } = stage();
	for (let second = 0; second < 20; second++) {
		for (let i = 0; i < 1_000; i++) count();
		await vi.advanceTimersByTimeAsync(1_000);
	}
	await vi.advanceTimersByTimeAsync(PUSH_EVERY_MS);
	expect(pushes.length).toBeLessThanOrEqual(5);
	expect(told(pushes).reduce((sum, one) => sum + one, 0)).toBe(20_000);
	await vi.advanceTimersByTimeAsync(60 * PUSH_EVERY_MS);
	expect(pushes.length).toBeLessThanOrEqual(5);
});

it("[METRIC-8] sends a push that failed again as it was, and what came meanwhile after it", async () => {
	const { pushes, count, mode } = stage({ is: "mute" });
	count();
	await vi.advanceTimersByTimeAsync(PUSH_EVERY_MS);
	count();
	count();
	mode.is = "up";
	await vi.advanceTimersByTimeAsync(2 * PUSH_EVERY_MS);
	expect(told(pushes)).toEqual([1, 1, 2]);
	expect(pushes.map(({ push }) => push.seq)).toEqual([1, 1, 2]);
});

it("[METRIC-8] gives up after some tries, and begins again with the next change, losing nothing", async () => {
	const { pushes, faults, count, mode, tries } = stage({ is: "down" });
	count();
	await vi.advanceTimersByTimeAsync(10 * PUSH_TRIES_MAX * PUSH_EVERY_MS);
	expect(tries()).toBe(PUSH_TRIES_MAX);
	expect(faults).toHaveLength(PUSH_TRIES_MAX);
	mode.is = "up";
	count();
	await vi.advanceTimersByTimeAsync(3 * PUSH_EVERY_MS);
	expect(told(pushes)).toEqual([1, 1]);
});

it("[METRIC-7] makes a new plan when the context of the old one has died", async () => {
	const { pushes, pusher, env, count } = stage();
	vi.spyOn(globalThis, "setTimeout").mockImplementationOnce(() => setInterval(() => {}, 1e9));
	count();
	await vi.advanceTimersByTimeAsync(2 * PUSH_EVERY_MS + 1);
	expect(pushes).toEqual([]);
	pusher.changed(env);
	await vi.advanceTimersByTimeAsync(PUSH_EVERY_MS);
	expect(told(pushes)).toEqual([1]);
});

it("[METRIC-9] a source always tells the same of the sixteen objects, and sources spread over them", async () => {
	const { pushes, pusher, env } = stage();
	const objects = new Set<string>();

	for (let shard = 0; shard < 400; shard++) {
		const push = { counters: {}, histograms: {}, run: "r", seq: 1, at: 0, gauges: null };
		await pushMetrics(env, { ...push, source: `shard:acme:${shard}` });
		objects.add(pushes.at(-1)?.object ?? "");
	}
	expect(objects.size).toBe(METRICS_OBJECTS);
	pusher.changed(env);
	await vi.advanceTimersByTimeAsync(PUSH_EVERY_MS);
	const [first] = pushes;
	expect(pushes.at(-1)?.object).toBe(first?.object);
});

it("[METRIC-23] pushes nothing where observers are switched off", async () => {
	const { pushes, pusher, env } = stage();
	pusher.fold.count(CREATED);
	pusher.changed({ ...env, OBSERVERS: "off" });
	await vi.advanceTimersByTimeAsync(2 * PUSH_EVERY_MS);
	expect(pushes).toEqual([]);
	pusher.changed({ ...env, OBSERVERS: "on" });
	await vi.advanceTimersByTimeAsync(PUSH_EVERY_MS);
	expect(told(pushes)).toEqual([1]);
});
