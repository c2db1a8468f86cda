/**
 * Rules of HOURLY, MINUTELY and SECONDLY frequency, which step in elapsed time from DTSTART: a day
 * of 23 hours has 23 of them. BY parts limit by what the clock on the wall shows, and where they
 * exclude a stretch it is jumped over, not walked. Called by the compilation of schedules.
 */
import { DAY, HOUR, MINUTE, SECOND } from "../units.ts";
import { CYCLE_DAYS, LAST_DAY } from "./civil.ts";
import type { Occurrence, Source } from "./occurrence.ts";
import { dayFilter } from "./rrule-days.ts";
import type { RuleParts } from "./rrule-parts.ts";
import { instantsOf } from "./wall-clock.ts";
import type { Work } from "./work.ts";
import type { Zone } from "./zone.ts";

/** Of `Work`, for one step or jump. */
const MOVE_UNITS = 3;
/** And for a time within a unit. */
const TIME_UNITS = 3;

/** Elapsed time of one step. */
export const STEP_MS = { HOURLY: HOUR, MINUTELY: MINUTE, SECONDLY: SECOND } as const;
export type StepFrequency = keyof typeof STEP_MS;

export function isStepFrequency(freq: string): freq is StepFrequency {
	return freq in STEP_MS;
}

/** @param dtstart epoch ms; the rule steps from here */
export function stepRule(
	parts: RuleParts & { readonly freq: StepFrequency },
	dtstart: number,
	zone: Zone,
): Source {
	const unit = STEP_MS[parts.freq];
	const step = parts.interval * unit;
	const takesDay = dayFilter(parts);
	const [hours, minutes, seconds] = [
		new Set(parts.byHour),
		new Set(parts.byMinute),
		new Set(parts.bySecond),
	];
	const within = withinUnit(parts, dtstart + zone.offsetAt(dtstart), unit);
	// Where a unit holds several occurrences it is walked from its beginning.
	const anchor = dtstart - within.startMs;

	/** The end of the stretch around `at` that the BY parts exclude; `at` itself if they do not. */
	function skipFrom(at: number, work: Work): number | undefined {
		const end = endOfExcluded(at, work);
		if (end === undefined || end === at) return end;
		// What the clock shows is only known until it is changed.
		return zone.changeAfter(at, Math.min(end, at + DAY)) ?? end;
	}

	function endOfExcluded(at: number, work: Work): number | undefined {
		const local = at + zone.offsetAt(at);
		const day = Math.floor(local / DAY);
		if (!takesDay(day)) return startOfNextDay(day, at, work);
		const time = local - day * DAY;
		if (hours.size > 0 && !hours.has(Math.floor(time / HOUR))) return at + HOUR - (time % HOUR);
		if (unit > MINUTE) return at;
		if (minutes.size > 0 && !minutes.has(Math.floor((time % HOUR) / MINUTE))) {
			return at + MINUTE - (time % MINUTE);
		}
		if (unit > SECOND) return at;
		if (seconds.size > 0 && !seconds.has(Math.floor((time % MINUTE) / SECOND))) {
			return at + SECOND - (time % SECOND);
		}
		return at;
	}

	/** The occurrences of the unit that holds `base`. */
	function listUnit(base: number, work: Work): readonly number[] {
		const times = within.timesFrom(base, zone, work);
		return parts.bySetPos.length === 0 ? times : pick(times, parts.bySetPos);
	}

	function startOfNextDay(from: number, at: number, work: Work): number | undefined {
		for (let day = from + 1; day <= from + CYCLE_DAYS && day <= LAST_DAY; day++) {
			work.spend(1);
			if (takesDay(day)) {
				const start = instantsOf(day * DAY, zone, "rfc5545")[0]?.at ?? at;
				// Where a zone skips a whole day, its start lies in the day after it.
				return Math.max(start, at + SECOND);
			}
		}
		return undefined;
	}

	return {
		next(after, work): Occurrence | null {
			const from = Math.max(after, dtstart - 1);
			let index = Math.max(0, Math.floor((from - anchor) / step));
			let asked = anchor + index * step;
			for (;;) {
				const base = anchor + index * step;
				work.spend(MOVE_UNITS);
				work.spendOnOffsets(base - asked);
				asked = base;
				if (base > (LAST_DAY + 1) * DAY) return null;
				const open = skipFrom(base, work);
				if (open === undefined) return null;
				if (open > base) {
					index = Math.max(index + 1, Math.ceil((open - anchor) / step));
					continue;
				}
				const at = listUnit(base, work).find((each) => each > from);
				if (at !== undefined) return { at };
				index += 1;
			}
		},
	};
}

type Within = {
	/** How far into its unit DTSTART lies, where units are walked from their beginning. */
	readonly startMs: number;
	/** The times of the unit that holds `base`, ascending. */
	timesFrom(base: number, zone: Zone, work: Work): readonly number[];
};

/** BYMINUTE in an hour, BYSECOND in an hour or a minute: they expand rather than limit. */
function withinUnit(parts: RuleParts, dtstartLocal: number, unit: number): Within {
	const expandsMinute = unit === HOUR && parts.byMinute.length > 0;
	const expandsSecond = unit >= MINUTE && parts.bySecond.length > 0;
	if (!expandsMinute && !expandsSecond) {
		return { startMs: 0, timesFrom: (base) => [base] };
	}
	const startMs = mod(dtstartLocal, unit);
	const minutes = expandsMinute
		? parts.byMinute
		: [unit === HOUR ? Math.floor(startMs / MINUTE) : 0];
	const seconds = expandsSecond ? parts.bySecond : [Math.floor((startMs % MINUTE) / SECOND)];
	return {
		startMs,
		timesFrom(base, zone, work) {
			work.spend(TIME_UNITS * minutes.length * seconds.length);
			// The clock's own hour: after a change of half an hour, steps arrive at half past.
			const start = base - mod(base + zone.offsetAt(base), unit);
			const times = minutes.flatMap((minute) =>
				seconds.map((second) => minute * MINUTE + second * SECOND),
			);
			// In an hour in which it is changed, it does not show all of them.
			const isShown = (ms: number) => mod(start + ms + zone.offsetAt(start + ms), unit) === ms;
			return times.filter(isShown).map((ms) => start + ms);
		},
	};
}

function pick(times: readonly number[], positions: readonly number[]): readonly number[] {
	return times.filter(
		(_, index) => positions.includes(index + 1) || positions.includes(index - times.length),
	);
}

function mod(value: number, size: number): number {
	return ((value % size) + size) % size;
}
