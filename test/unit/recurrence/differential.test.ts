/**
 * Random rules against the libraries that are right where they answer (decision 0007): croner for
 * cron expressions, rrule-temporal for recurrence rules, in zones whose data they read alike.
 */
import { Cron } from "croner";
import fc from "fast-check";
import { RRuleTemporal } from "rrule-temporal";
import { expect, it } from "vitest";
import { accepted, chain } from "./read.ts";

/** Few, since the libraries take up to 100 ms each. */
const RUNS = { numRuns: 100 };
const TIMEOUT_MS = 60_000;
const NOW = Date.UTC(2025, 5, 1);
const DAY_MS = 86_400_000;

const timezone = fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe");
const instant = fc
	.integer({ min: Date.UTC(2005, 0, 1) / 1_000, max: Date.UTC(2037, 0, 1) / 1_000 })
	.map((seconds) => seconds * 1_000);

function numbers(min: number, max: number): fc.Arbitrary<string> {
	return fc
		.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 3 })
		.map((values) => values.sort((a, b) => a - b).join(","));
}

function field(min: number, max: number): fc.Arbitrary<string> {
	// A step of one is `*` to us, and a restriction of a day field to croner.
	const step = fc.integer({ min: 2, max: 7 }).map((each) => `*/${each}`);
	return fc.oneof(fc.constant("*"), step, numbers(min, max), fc.constant(`${min + 1}-${max - 2}`));
}

const expression = fc
	.tuple(
		fc.oneof(fc.constant("0"), field(0, 59)),
		field(0, 59),
		field(0, 23),
		fc.oneof(field(1, 28), fc.constantFrom("L", "LW", "15W")),
		fc.oneof(fc.constant("*"), field(1, 12)),
		fc.constantFrom("*", "*", "1-5", "MON", "5L", "2#2", "0,6"),
	)
	.map((fields) => fields.join(" "));

it(
	"[SCHED-2] random expressions fire when croner says, across DST too",
	() => {
		fc.assert(
			fc.property(expression, timezone, instant, (cron, zone, from) => {
				const job = new Cron(cron, { timezone: zone, paused: true });
				const ours = chain(accepted({ cron, timezone: zone }, { now: NOW }), from, 4);
				const theirs: number[] = [];
				let after = new Date(from);
				while (theirs.length < 4) {
					const next = job.nextRun(after);
					if (next === null) break;
					theirs.push(next.getTime());
					after = next;
				}
				expect(ours).toEqual(theirs);
			}),
			RUNS,
		);
	},
	TIMEOUT_MS,
);

function part(name: string, values: fc.Arbitrary<string>): fc.Arbitrary<string | undefined> {
	const text = values.map((each) => `${name}=${each}`);
	return fc.option(text, { nil: undefined, freq: 2 });
}

const frequency = fc.constantFrom("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY");
const rule = frequency.chain((freq) =>
	fc
		.tuple(
			part("INTERVAL", fc.integer({ min: 2, max: 5 }).map(String)),
			part("BYMONTH", numbers(1, 12)),
			freq === "WEEKLY" ? fc.constant(undefined) : part("BYMONTHDAY", numbers(1, 28)),
			part("BYDAY", fc.constantFrom("MO,WE", "FR", "SA,SU,TH")),
			part("BYHOUR", numbers(4, 23)),
			part("BYMINUTE", numbers(0, 59)),
			part("BYSETPOS", fc.constantFrom("1", "-1", "2", "1,-1")),
			part("WKST", fc.constantFrom("SU", "MO", "WE")),
		)
		.map((parts) => [`FREQ=${freq}`, ...parts.filter((each) => each !== undefined)].join(";"))
		// BYSETPOS picks from what another part names.
		.filter((text) => !text.includes("BYSETPOS") || /BY(?!SETPOS)/.test(text)),
);

it(
	"[SCHED-10] random rules give what rrule-temporal gives",
	() => {
		fc.assert(
			fc.property(rule, timezone, instant, (rrule, zone, anchor) => {
				// Not in the night of a change, where sub-daily rules go by elapsed time only here.
				const dtstart = `${new Date(anchor).toISOString().slice(0, 10)}T12:00:00`;
				const start = dtstart.replace(/[-:]/g, "");
				const text = `DTSTART;TZID=${zone}:${start}\nRRULE:${rrule};COUNT=4`;
				const theirs = listTheirs(text);
				// It gives up after 10,000 steps, on rules that never fire among others.
				fc.pre(theirs !== undefined);
				const schedule = accepted({ rrule, dtstart, timezone: zone }, { now: NOW });
				expect(chain(schedule, anchor - 2 * DAY_MS, theirs.length)).toEqual(theirs);
			}),
			RUNS,
		);
	},
	TIMEOUT_MS,
);

function listTheirs(rruleString: string): readonly number[] | undefined {
	try {
		const all = new RRuleTemporal({ rruleString }).all();
		return all.map(({ epochMilliseconds }) => epochMilliseconds);
	} catch (error) {
		if (error instanceof Error && error.message.startsWith("Maximum iterations")) return undefined;
		throw error;
	}
}
