/** A recurring timer that is paused, resumed, evicted and restarted at random. */
import fc from "fast-check";
import { it } from "vitest";
import { nextOccurrence } from "../../src/core/recurrence/next-occurrence.ts";
import type { ScheduleDoc } from "../../src/core/recurrence/schedule-doc.ts";
import { MINUTE } from "../../src/core/units.ts";
import { START, setClock, standStill } from "./clock.ts";
import { accepted, newShard, timerOf, webhooks } from "./harness.ts";

standStill();

const RUNS = 40;

const schedule = fc.oneof<fc.Arbitrary<ScheduleDoc>[]>(
	fc.integer({ min: 1, max: 40 }).map((minutes) => ({ everyMs: minutes * MINUTE, phaseMs: 0 })),
	fc
		.constantFrom("*/7 * * * *", "5,6,50 * * * *", "0 */2 * * *", "*/10 8-17 * * MON")
		.map((cron) => ({ cron: [cron], timezone: "Europe/Berlin" })),
);
const step = fc.oneof(
	fc.integer({ min: 1, max: 90 * MINUTE }).map((ms) => ({ kind: "pass", ms }) as const),
	fc.constantFrom("pause", "resume", "evict", "reboot").map((kind) => ({ kind }) as const),
);

/** Epoch ms of the occurrences after `from`, up to and with `to`. */
function occurrences(of: ScheduleDoc, from: number, to: number): number[] {
	const all: number[] = [];
	for (let at = nextOccurrence(of, from, new Map())?.at; at !== undefined && at <= to; ) {
		all.push(at);
		at = nextOccurrence(of, at, new Map())?.at;
	}
	return all;
}

it("[CTRL-9] fires each occurrence once, but for those within a pause", {
	timeout: 60_000,
}, async ({ expect }) => {
	let total = 0;
	await fc.assert(
		fc.asyncProperty(
			schedule,
			fc.array(step, { minLength: 3, maxLength: 25 }),
			async (of, steps) => {
				setClock(START);
				const shard = newShard();
				const first = nextOccurrence(of, START, new Map())?.at ?? 0;
				await shard.create(timerOf(first, { ...webhooks(1), schedule: of }));
				const fired: number[] = [];
				const expected: number[] = [];
				let isPaused = false;
				async function pass(to: number): Promise<void> {
					while (Date.now() < to) {
						const rings = Math.max(Date.now() + 1, (await shard.alarmAt()) ?? to);
						for (const envelope of await shard.advance(Math.min(to, rings))) {
							for (const { dueAt, nominalAt = dueAt } of envelope.deliveries) fired.push(nominalAt);
							await shard.report(envelope);
						}
					}
				}
				for (const one of steps) {
					if (one.kind === "pass") {
						const from = Date.now();
						await pass(from + one.ms);
						if (!isPaused) expected.push(...occurrences(of, from, from + one.ms));
					} else if (one.kind === "evict") await shard.evict();
					else if (one.kind === "reboot") await shard.reboot();
					else {
						accepted(await shard.stub()[one.kind](shard.call, 1, null));
						isPaused = one.kind === "pause";
					}
				}
				expect(fired).toEqual(expected);
				total += fired.length;
			},
		),
		{ numRuns: RUNS },
	);
	// Schedules that are never due would show nothing.
	expect(total).toBeGreaterThan(RUNS);
});
