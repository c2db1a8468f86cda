/**
 * What a caller sends as a calendar, iCalendar or a list of dates, as the sorted dates that are
 * stored. In iCalendar every event counts, a timed one as the whole of each local day it touches;
 * zones play no part. Called by the edge.
 */
import type { FieldError } from "../../contract/error.ts";
import { LIMITS } from "../../contract/limits.ts";
import { findComponents, readIcal } from "../ical/read-ical.ts";
import { err, ok, type Result } from "../result.ts";
import { DAY } from "../units.ts";
import { EventDates } from "./event-dates.ts";
import { formatLocalDate, parseLocalDate } from "./local-date.ts";

/** How far ahead of now, in years, the rules of events are expanded: whoever needs more puts the
 * calendar again before then. */
const AHEAD_YEARS = 20;
const DAYS_PER_YEAR = 365.25;

type Dates = Result<readonly string[], readonly FieldError[]>;

/** Dates as `YYYY-MM-DD`, in any order. */
export function readDates(texts: readonly string[]): Dates {
	const days = new Set<number>();
	const errors: FieldError[] = [];
	for (const [index, text] of texts.entries()) {
		const day = parseLocalDate(text);
		if (day !== undefined) days.add(day);
		else {
			const message = `expected a date like 2026-12-25, got ${JSON.stringify(text.slice(0, 40))}`;
			errors.push({ path: `dates.${index}`, message });
		}
	}
	return errors.length > 0 ? err(errors) : sorted(days, "dates");
}

/** @param now epoch ms */
export function readIcalendar(text: string, now: number): Dates {
	const parsed = readIcal(text);
	if (!parsed.ok) return refuse(`expected iCalendar: ${parsed.error}`);
	const events = [...findComponents(parsed.value, "vevent")];
	if (events.length === 0) return refuse("expected at least one VEVENT, got none");
	if (events.length > LIMITS.calendarEvents) {
		return refuse(`expected at most ${LIMITS.calendarEvents} events, got ${events.length}`);
	}
	const end = Math.floor(now / DAY + AHEAD_YEARS * DAYS_PER_YEAR);
	const dates = new EventDates(end);
	for (const [index, event] of events.entries()) {
		const flaw = dates.add(event);
		if (flaw !== undefined) return refuse(`event ${index + 1}: ${flaw}`);
	}
	return sorted(dates.days(), "ical");
}

function sorted(days: ReadonlySet<number>, path: string): Dates {
	if (days.size > LIMITS.calendarDates) {
		const message = `expected at most ${LIMITS.calendarDates} dates, got ${days.size}`;
		return err([{ path, message }]);
	}
	return ok([...days].sort((a, b) => a - b).map(formatLocalDate));
}

function refuse(message: string): Dates {
	return err([{ path: "ical", message }]);
}
