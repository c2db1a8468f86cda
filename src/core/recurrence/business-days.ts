/**
 * Business days: every day but the weekend and the days of the named calendars. Moves occurrences
 * off other days, and finds the nth of a month. Called by the compilation of schedules.
 */
import { WEEKDAY_CODES } from "../../contract/schedule.ts";
import type { Calendars } from "../calendar/calendar-dates.ts";
import { DAY } from "../units.ts";
import { civilOf, dayOf, daysInMonth, formatDay, LAST_DAY, weekdayOf } from "./civil.ts";
import type { DstPolicy, LocalSource, Occurrence, Source } from "./occurrence.ts";
import type { BusinessDaysDoc } from "./schedule-doc.ts";
import { instantOf, instantsOf } from "./wall-clock.ts";
import type { Work } from "./work.ts";
import type { Zone } from "./zone.ts";

/** Whether a local day (days since 1970-01-01) is a business day. */
export type IsBusinessDay = (epochDay: number, work: Work) => boolean;

/** Longest row of other days that is moved over; what lies in a longer one has nowhere to go. */
const CLOSED_DAYS_MAX = 31;
/** Where RFC 3339 ends. */
const LAST_YEAR = 9_999;
/** Of `Work`, for asking about one day. */
const DAY_UNITS = 5;
/** And for going on to another day, whose offsets have to be asked. */
const MOVE_UNITS = 150;

/** The doc's business days; a calendar that is not in `calendars` has no days. */
export function businessDaysOf(doc: BusinessDaysDoc, calendars: Calendars): IsBusinessDay {
	const weekend = new Set((doc.weekend ?? ["SA", "SU"]).map((code) => WEEKDAY_CODES.indexOf(code)));
	const closed = (doc.calendars ?? []).flatMap((name) => calendars.get(name)?.dates ?? []);
	return (epochDay, work) => {
		work.spend(DAY_UNITS);
		if (weekend.has(weekdayOf(epochDay))) return false;
		return closed.length === 0 || !closed.some((days) => days.has(formatDay(epochDay)));
	};
}

/** The business day that `epochDay`, which is none, moves to. */
function movedDay(
	epochDay: number,
	shift: "next" | "previous" | "nearest",
	isBusiness: IsBusinessDay,
	work: Work,
): number | undefined {
	for (let far = 1; far <= CLOSED_DAYS_MAX; far++) {
		// Of two as near as each other the earlier, so that a Saturday goes to Friday, not past Sunday.
		if (shift !== "next" && isBusiness(epochDay - far, work)) return epochDay - far;
		if (shift !== "previous" && isBusiness(epochDay + far, work)) return epochDay + far;
	}
	return undefined;
}

/** Moves the occurrences of `source` that lie on other days, keeping their time of day. */
export function shiftToBusinessDays(
	source: Source,
	shift: "next" | "previous" | "nearest",
	isBusiness: IsBusinessDay,
	zone: Zone,
	dst: DstPolicy,
): Source {
	const localOf = (at: number): number => at + zone.offsetAt(at);

	/** The first occurrence that comes to lie on `day` after `after`: its own, or one moved there. */
	function firstOn(day: number, after: number, work: Work): Occurrence | null {
		let best: Occurrence | null = null;
		const consider = (from: number): void => {
			const found = firstMoved(from, day, after, work);
			if (found !== null && (best === null || found.at < best.at)) best = found;
		};
		consider(day);
		for (const way of [-1, 1]) {
			for (let far = 1; far <= CLOSED_DAYS_MAX && !isBusiness(day + way * far, work); far++) {
				if (movedDay(day + way * far, shift, isBusiness, work) === day) consider(day + way * far);
			}
		}
		return best;
	}

	/** The first occurrence on `from` that, set to `day`, comes after `after`. */
	function firstMoved(from: number, day: number, after: number, work: Work): Occurrence | null {
		if (from === day) {
			const found = source.next(Math.max(nightBefore(day), after), work);
			return found !== null && Math.floor(localOf(found.at) / DAY) === day ? found : null;
		}
		const moveMs = (day - from) * DAY;
		const change = changeOn(day);
		// Just before the time of day of `after`; where the day's offset changes, by as much earlier.
		const sameTime = instantOf(localOf(after) - moveMs, zone) - change - 1;
		let best: Occurrence | undefined;
		let cursor = Math.max(nightBefore(from), sameTime);
		for (;;) {
			const found = source.next(cursor, work);
			if (found === null) return best ?? null;
			const local = localOf(found.at);
			const on = Math.floor(local / DAY);
			// And there a later time of day may still come before.
			const isPast = best !== undefined && local + moveMs > localOf(best.at) + change;
			if (on > from || isPast) return best ?? null;
			const moved = on === from ? instantsOf(local + moveMs, zone, dst) : [];
			for (const each of moved) {
				if (each.at > after && (best === undefined || each.at < best.at)) best = each;
			}
			if (best !== undefined && change === 0) return best;
			cursor = found.at;
		}
	}

	/** By how much the offset changes on a day or beside it. */
	function changeOn(day: number): number {
		const start = nightBefore(day);
		return Math.abs(zone.offsetAt(start + 2 * DAY) - zone.offsetAt(start - DAY));
	}

	return {
		next(after, work) {
			let day = Math.floor(localOf(after) / DAY);
			while (day <= LAST_DAY) {
				work.spend(MOVE_UNITS);
				if (isBusiness(day, work)) {
					const found = firstOn(day, after, work);
					if (found !== null) return found;
				}
				// Nothing on this day; go on to where the next occurrence could come to lie.
				const ahead = source.next(nightBefore(day + 1 - CLOSED_DAYS_MAX), work);
				if (ahead === null) return null;
				day = Math.max(day + 1, Math.floor(localOf(ahead.at) / DAY) - CLOSED_DAYS_MAX);
			}
			return null;
		},
	};

	function nightBefore(day: number): number {
		return instantOf(day * DAY, zone) - 1;
	}
}

/** The nth business day of every month (-1 the last), at times of day in ms, ascending. */
export function nthBusinessDay(
	nth: number,
	times: readonly number[],
	isBusiness: IsBusinessDay,
): LocalSource {
	function dayIn(year: number, month: number, work: Work): number | undefined {
		const first = dayOf(year, month, 1);
		const days = Array.from({ length: daysInMonth(year, month) }, (_, index) => first + index);
		return days.filter((day) => isBusiness(day, work)).at(nth > 0 ? nth - 1 : nth);
	}

	return {
		nextLocal(after, work) {
			let { year, month } = civilOf(Math.floor(after / DAY));
			while (year <= LAST_YEAR) {
				const day = dayIn(year, month, work);
				const found = times.map((time) => (day ?? 0) * DAY + time).find((local) => local > after);
				if (day !== undefined && found !== undefined) return found;
				month += 1;
				if (month > 12) [month, year] = [1, year + 1];
			}
			return null;
		},
	};
}
