/**
 * The days around changes of offset, against brute force: every local time of a rule taken through
 * the policy one by one and sorted, and every minute of the clock looked at.
 */
import fc from "fast-check";
import { expect, it } from "vitest";
import { WEEKDAY_CODES } from "../../../src/contract/schedule.ts";
import { weekdayOf } from "../../../src/core/recurrence/civil.ts";
import { readCron } from "../../../src/core/recurrence/cron-rule.ts";
import { formatLocal } from "../../../src/core/recurrence/local-time.ts";
import type { DstPolicy, Source } from "../../../src/core/recurrence/occurrence.ts";
import { ruleSource } from "../../../src/core/recurrence/rrule-source.ts";
import {
	instantOf,
	instantsOf,
	stepping,
	wallClock,
} from "../../../src/core/recurrence/wall-clock.ts";
import { Work, withinBound } from "../../../src/core/recurrence/work.ts";
import { requireZone, type Zone } from "../../../src/core/recurrence/zone.ts";
import { DAY, HOUR, MINUTE } from "../../../src/core/units.ts";
import { accepted, chain } from "./read.ts";

const RUNS = { numRuns: 200 };
const TIMEOUT_MS = 60_000;

const zone = fc
	.constantFrom(
		"Europe/Berlin",
		"America/New_York",
		"Australia/Lord_Howe",
		"Africa/Casablanca",
		"America/Sao_Paulo",
		"Asia/Amman",
		"Pacific/Apia",
		"America/St_Johns",
	)
	.map(requireZone);
const instant = fc.integer({ min: Date.UTC(1985, 0, 1), max: Date.UTC(2024, 0, 1) });
const dst = fc.constantFrom<DstPolicy>("rfc5545", "skip", "twice");
const hours = fc.oneof(
	fc.constant("*"),
	fc.uniqueArray(fc.integer({ min: 0, max: 4 }), { minLength: 1 }).map((each) => each.join(",")),
	fc.constantFrom("23,0,1", "1-3", "*/2"),
);
const minutes = fc.constantFrom("0", "30", "15,45", "*/20", "0,1,30,59", "*");

/** A change of offset after `from`, where the zone has one, and a day and a half on either side. */
function around({ changeAfter }: Zone, from: number): { start: number; end: number } {
	const change = changeAfter(from, from + 40 * 365 * DAY) ?? from;
	return { start: change - 36 * HOUR - 1, end: change + 36 * HOUR };
}

function listFrom(source: Source, start: number, end: number): number[] {
	const found: number[] = [];
	for (let after = start; ; ) {
		const from = after;
		// A rule without an occurrence for decades is given up; the end lies days ahead.
		const next = withinBound(Work.ofAnswer(), (work) => source.next(from, work)) ?? null;
		if (next === null || next.at > end) return found;
		found.push(next.at);
		after = next.at;
	}
}

it(
	"[SCHED-30] times of day come out as the policy has them one by one, in order",
	() => {
		fc.assert(
			fc.property(zone, instant, dst, hours, minutes, (where, from, policy, hour, minute) => {
				const rule = readCron(`${minute} ${hour} * * *`);
				if (!rule.ok) throw new Error(rule.error);
				const { start, end } = around(where, from);
				const expected = new Set<number>();
				let local = rule.value.nextLocal(start - 2 * DAY, Work.ofAnswer());
				while (local !== null && local < end + 3 * DAY) {
					for (const { at } of instantsOf(local, where, policy)) {
						if (at > start && at <= end) expected.add(at);
					}
					local = rule.value.nextLocal(local, Work.ofAnswer());
				}
				const found = listFrom(wallClock(rule.value, where, policy), start, end);
				expect(found).toEqual([...expected].sort((a, b) => a - b));
			}),
			RUNS,
		);
	},
	TIMEOUT_MS,
);

it(
	"[SCHED-5] what steps through the day comes at every minute that shows it",
	() => {
		fc.assert(
			fc.property(zone, instant, hours, minutes, (where, from, hour, minute) => {
				const rule = readCron(`${minute} ${hour} * * *`);
				if (!rule.ok) throw new Error(rule.error);
				const { start, end } = around(where, from);
				const expected: number[] = [];
				for (let at = Math.ceil((start + 1) / MINUTE) * MINUTE; at <= end; at += MINUTE) {
					const local = at + where.offsetAt(at);
					if (rule.value.nextLocal(local - 1, Work.ofAnswer()) === local) expected.push(at);
				}
				expect(listFrom(stepping(rule.value, where), start, end)).toEqual(expected);
			}),
			RUNS,
		);
	},
	TIMEOUT_MS,
);

const frequency = fc.constantFrom(["HOURLY", HOUR] as const, ["MINUTELY", MINUTE] as const);
const numbers = (max: number) =>
	fc.uniqueArray(fc.integer({ min: 0, max }), { minLength: 1, maxLength: 6 });

it(
	"[SCHED-16] sub-daily rules come at every step whose local hour and day they name",
	() => {
		fc.assert(
			fc.property(
				zone,
				instant,
				frequency,
				fc.integer({ min: 1, max: 50 }),
				fc.option(numbers(23)),
				fc.option(numbers(6)),
				(where, from, [freq, unit], interval, byHour, byDay) => {
					const { start, end } = around(where, from);
					const anchor = Math.floor((start - 3 * DAY) / MINUTE) * MINUTE;
					const names = byDay?.map((day) => WEEKDAY_CODES[day]);
					const rrule = [
						`FREQ=${freq};INTERVAL=${interval}`,
						...(byHour === null ? [] : [`BYHOUR=${byHour}`]),
						...(names === undefined ? [] : [`BYDAY=${names}`]),
					].join(";");
					const dtstart = formatLocal(anchor + where.offsetAt(anchor));
					// Where the anchor's local time exists twice, it is the first of the two.
					fc.pre(instantOf(anchor + where.offsetAt(anchor), where) === anchor);
					const expected: number[] = [];
					for (let at = anchor; at <= end; at += interval * unit) {
						const local = at + where.offsetAt(at);
						const hour = Math.floor((local % DAY) / HOUR);
						const weekday = weekdayOf(Math.floor(local / DAY));
						const isTaken = (byHour?.includes(hour) ?? true) && (byDay?.includes(weekday) ?? true);
						if (at > start && isTaken) expected.push(at);
					}
					const source = ruleSource({ rrule, dtstart }, where, "rfc5545");
					expect(listFrom(source, start, end)).toEqual(expected);
				},
			),
			RUNS,
		);
	},
	TIMEOUT_MS,
);

const weekend = fc.uniqueArray(fc.constantFrom(...WEEKDAY_CODES), { maxLength: 5 });
const shift = fc.constantFrom("next", "previous", "nearest", "skip");

it(
	"[SCHED-23] shifted occurrences are those of the rule, each moved by itself",
	() => {
		fc.assert(
			fc.property(
				zone,
				instant,
				weekend,
				shift,
				numbers(6),
				dst,
				(where, from, closed, way, on, policy) => {
					const { start, end } = around(where, from);
					const cron = `0,30 1,2,3,9 * * ${on}`;
					const rule = readCron(cron);
					if (!rule.ok) throw new Error(rule.error);
					const isOpen = (day: number): boolean =>
						!closed.some((code) => WEEKDAY_CODES.indexOf(code) === weekdayOf(day));
					const expected = new Set<number>();
					for (const { at } of listAll(wallClock(rule.value, where, policy), start, end)) {
						const local = at + where.offsetAt(at);
						const day = Math.floor(local / DAY);
						const to = isOpen(day) ? day : moved(day, way, isOpen);
						if (to === undefined) continue;
						const instants =
							to === day ? [{ at }] : instantsOf(local + (to - day) * DAY, where, policy);
						for (const each of instants)
							if (each.at > start && each.at <= end) expected.add(each.at);
					}
					const schedule = accepted({
						cron,
						timezone: where.id,
						dst: policy,
						businessDays: { shift: way, weekend: closed },
					});
					const found = chain(schedule, start, expected.size + 1).filter((at) => at <= end);
					expect(found).toEqual([...expected].sort((a, b) => a - b));
				},
			),
			RUNS,
		);
	},
	TIMEOUT_MS,
);

function moved(day: number, way: string, isOpen: (day: number) => boolean): number | undefined {
	if (way === "skip") return undefined;
	for (let far = 1; far < 8; far++) {
		if (way !== "next" && isOpen(day - far)) return day - far;
		if (way !== "previous" && isOpen(day + far)) return day + far;
	}
	return undefined;
}

/** With what may be moved into the window from outside. */
function listAll(source: Source, start: number, end: number): { at: number }[] {
	return listFrom(source, start - 9 * DAY, end + 9 * DAY).map((at) => ({ at }));
}
