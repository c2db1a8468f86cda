/**
 * A schedule as it is stored in a timer's document: what its author wrote, checked and normalised,
 * with every anchor filled in, so that arming it again anywhere gives the same occurrences. Written
 * by `read-schedule.ts`, read by `compile.ts`.
 */
import type { Shift, Weekday } from "../../contract/schedule.ts";
import type { DstPolicy } from "./occurrence.ts";

export type RateDoc = { readonly key?: string; readonly periodMs: number };

/** When: exactly one kind. Times without an offset are local to `timezone`. */
export type WhenDoc =
	| { readonly cron: readonly string[] }
	| {
			/** Absent where only `rdate` names occurrences. */
			readonly rrule?: string;
			/** `2026-01-05T09:00:00`, local. */
			readonly dtstart: string;
			/** Epoch ms, ascending. */
			readonly rdate?: readonly number[];
			readonly exdate?: readonly number[];
			/** Whole local days that are left out, each `2026-12-25`. */
			readonly exdays?: readonly string[];
			readonly exrule?: readonly string[];
			/**
			 * The rule's last occurrence where COUNT ends it: a local time, and an instant in a sub-daily
			 * rule. Kept so that nobody has to count from DTSTART again.
			 */
			readonly last?: number;
	  }
	| {
			readonly everyMs: number;
			/** How far after a whole number of `everyMs` since 1970 occurrences lie. */
			readonly phaseMs: number;
	  }
	/** Epoch ms, ascending. */
	| { readonly dates: readonly number[] }
	| { readonly businessDay: { readonly nth: number; readonly at: readonly string[] } }
	| {
			readonly event: string;
			readonly filter?: string;
			readonly debounce?: RateDoc;
			readonly throttle?: RateDoc;
	  }
	| { readonly condition: string; readonly everyMs: number; readonly phaseMs: number };

/** A `dtstart` without a time of day (`2026-01-01`): whole days are left out. */
export type ExcludedRule = {
	readonly rrule: string;
	readonly dtstart: string;
	readonly last?: number;
};

export function leavesOutDays({ dtstart }: ExcludedRule): boolean {
	return !dtstart.includes("T");
}

export type ExclusionDoc = {
	readonly cron?: readonly string[];
	readonly rrules?: readonly ExcludedRule[];
	/** Epoch ms. */
	readonly instants?: readonly number[];
	readonly days?: readonly string[];
	readonly calendars?: readonly string[];
};

export type BusinessDaysDoc = {
	readonly calendars?: readonly string[];
	readonly weekend?: readonly Weekday[];
	readonly shift?: Shift;
};

export type ScheduleDoc = WhenDoc & {
	/** Absent: UTC. */
	readonly timezone?: string;
	/** Absent: rfc5545. */
	readonly dst?: DstPolicy;
	/** Epoch ms; both included. */
	readonly startAt?: number;
	readonly endAt?: number;
	/** Firings at most; the shard counts them. */
	readonly limit?: number;
	readonly exclude?: ExclusionDoc;
	readonly businessDays?: BusinessDaysDoc;
};

/** The names of the calendars a schedule needs. */
export function calendarsOf(schedule: ScheduleDoc): readonly string[] {
	const { exclude, businessDays } = schedule;
	return [...new Set([...(exclude?.calendars ?? []), ...(businessDays?.calendars ?? [])])];
}

/** Whether occurrences can be told in advance; those of events cannot. */
export function isComputable(schedule: ScheduleDoc): boolean {
	return !("event" in schedule);
}
