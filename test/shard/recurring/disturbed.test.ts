/** Schedules at random under a moved clock, disturbed between their occurrences. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { ScheduleSchema } from "../../../src/contract/schedule.ts";
import { NO_CALENDARS } from "../../../src/core/calendar/calendar-dates.ts";
import { occurrencesFrom } from "../../../src/core/recurrence/next-occurrence.ts";
import { pathInSchedule, readSchedule } from "../../../src/core/recurrence/read-schedule.ts";
import { Flaws } from "../../../src/core/timer-rules.ts";
import { randomSchedule } from "../../helpers/random-schedules.ts";
import { START, setClock, standStill } from "../clock.ts";
import { accepted, newShard, type ShardDriver, timerOf } from "../harness.ts";

standStill();

const COUNT = 24;
const RUNS = 15;

const disturbance = fc.constantFrom("none", "evict", "reboot", "pause", "pause and evict");

async function disturb(shard: ShardDriver, what: string): Promise<void> {
	if (what.startsWith("pause")) accepted(await shard.stub().pause(shard.call, 1, null));
	if (what.endsWith("evict")) await shard.evict();
	if (what === "reboot") await shard.reboot();
	if (what.startsWith("pause")) accepted(await shard.stub().resume(shard.call, 1, null));
}

/** Undefined for a rule at random that can never come, which is refused. */
function docOf(input: object) {
	const options = {
		...{ now: START, pathOf: pathInSchedule, calendars: NO_CALENDARS, requireFuture: false },
	};
	return readSchedule(ScheduleSchema.parse(input), options, new Flaws());
}

it("[CLOCK-21] evictions, restarts and pauses between occurrences change none of them", {
	timeout: 120_000,
}, async () => {
	const between = fc.array(disturbance, { minLength: COUNT, maxLength: COUNT });
	await fc.assert(
		fc.asyncProperty(randomSchedule("2089-10-01T02:30:00"), between, async (input, steps) => {
			const schedule = docOf(input);
			fc.pre(schedule !== undefined);
			const asked = { from: START, inclusive: false, count: COUNT };
			const expected = occurrencesFrom(schedule, asked, NO_CALENDARS).map(({ at }) => at);
			const [first] = expected;
			fc.pre(first !== undefined);
			setClock(START);
			const shard = newShard();
			shard.lab.devClock = "on";
			await shard.create(timerOf(Date.parse(first), { schedule }));
			const last = expected.length - 1;
			for (const [n, at] of expected.entries()) {
				expect(await shard.stub().standAt(Date.parse(at))).toBe(1);
				if (n < last) await disturb(shard, steps[n] ?? "none");
			}
			const { items } = accepted(await shard.stub().events(1, 0, 10_000));
			const fired = items.filter(({ type }) => type === "timer.fired").reverse();
			expect(fired.map(({ data }) => data?.["dueAt"])).toEqual(expected);
		}),
		{ numRuns: RUNS },
	);
});
