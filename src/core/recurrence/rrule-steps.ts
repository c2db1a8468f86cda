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
const MOVE_UNITS = 5;

const UNIT_MS = { HOURLY: HOUR, MINUTELY: MINUTE, SECONDLY: SECOND } as const;
export type StepFrequency = keyof typeof UNIT_MS;

export function isStepFrequency(freq: string): freq is StepFrequency {
	return freq in UNIT_MS;
}

/** @param dtstart epoch ms; the rule steps from here */
export function stepRule(
	parts: RuleParts & { readonly freq: StepFrequency },
	dtstart: number,
	zone: Zone,
): Source {
	const unit = UNIT_MS[parts.freq];
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
			for (;;) {
				work.spend(MOVE_UNITS);
				const base = anchor + index * step;
				if (base > (LAST_DAY + 1) * DAY) return null;
				const open = skipFrom(base, work);
				if (open === undefined) return null;
				if (open > base) {
					index = Math.max(index + 1, Math.ceil((open - anchor) / step));
					continue;
				}
				const at = within.next(base, from, zone, work);
				if (at !== undefined) return { at };
				index += 1;
			}
		},
	};
}

type Within = {
	/** How far into its unit DTSTART lies, where units are walked from their beginning. */
	readonly startMs: number;
	/** The first occurrence of the unit that begins at `base`, strictly after `after`. */
	next(base: number, after: number, zone: Zone, work: Work): number | undefined;
};

/** BYMINUTE in an hour, BYSECOND in an hour or a minute: they expand rather than limit. */
function withinUnit(parts: RuleParts, dtstartLocal: number, unit: number): Within {
	const expandsMinute = unit === HOUR && parts.byMinute.length > 0;
	const expandsSecond = unit >= MINUTE && parts.bySecond.length > 0;
	const sets = parts.bySetPos;
	if (!expandsMinute && !expandsSecond) {
		// One occurrence a unit: it is the first of its set and the last.
		const taken = sets.length === 0 || sets.includes(1) || sets.includes(-1);
		return { startMs: 0, next: (base, after) => (taken && base > after ? base : undefined) };
	}
	const startMs = mod(dtstartLocal, unit);
	const minutes = expandsMinute
		? parts.byMinute
		: [unit === HOUR ? Math.floor(startMs / MINUTE) : 0];
	const seconds = expandsSecond ? parts.bySecond : [Math.floor((startMs % MINUTE) / SECOND)];
	return {
		startMs,
		next(base, after, zone, work) {
			work.spend(minutes.length * seconds.length);
			// A change of half an hour leaves units that begin at half past.
			const lead = mod(base + zone.offsetAt(base), unit);
			const times = minutes
				.flatMap((minute) => seconds.map((second) => minute * MINUTE + second * SECOND))
				.map((ms) => base + mod(ms - lead, unit))
				.sort((a, b) => a - b);
			const picked = sets.length === 0 ? times : pick(times, sets);
			return picked.find((at) => at > after);
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
