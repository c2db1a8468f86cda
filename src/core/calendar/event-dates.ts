/**
 * The days of the events of one iCalendar object: DTSTART to DTEND, repeated by RRULE and RDATE,
 * without EXDATE. An event that stands for one occurrence of another (RECURRENCE-ID) takes its
 * place; a cancelled one counts for nothing.
 */
import { LIMITS } from "../../contract/limits.ts";
import { parseDuration } from "../duration.ts";
import { type Component, firstValue, propertiesOf } from "../ical/read-ical.ts";
import { err, ok, type Result } from "../result.ts";
import { DAY } from "../units.ts";
import { type Budget, expandDates } from "./expand-dates.ts";
import { parseLocalDate } from "./local-date.ts";
import { readDateRule } from "./read-date-rule.ts";

/** Days that the rules of one calendar may look at: about 300 ms of an edge's time, and enough for
 * 500 holidays a year that began fifty years ago. */
const DAYS_LOOKED_AT_MAX = 1_000_000;
const LOCAL_DATE_LENGTH = 10;

/** First days of one event's occurrences, and how many days each takes. */
type Occurrences = {
	readonly uid: unknown;
	/** Whether it stands for an occurrence of the event with the same UID. */
	readonly isReplacement: boolean;
	readonly starts: Set<number>;
	readonly length: number;
};

export class EventDates {
	readonly #end: number;
	readonly #budget: Budget = { days: DAYS_LOOKED_AT_MAX };
	readonly #series: Occurrences[] = [];
	/** Occurrences that another event stands for. */
	readonly #replaced: { readonly uid: unknown; readonly day: number }[] = [];
	/** Days of all occurrences together, so that a long list is refused before it is made. */
	#days = 0;

	/** @param end the last day up to which rules are expanded */
	constructor(end: number) {
		this.#end = end;
	}

	/** What is wrong with the event, if anything is. */
	add(event: Component): string | undefined {
		const uid = firstValue(event, "uid");
		const replaced = dayOfValue(firstValue(event, "recurrence-id"));
		if (replaced !== undefined) this.#replaced.push({ uid, day: replaced });
		if (firstValue(event, "status") === "CANCELLED") return undefined;
		const start = dayOfValue(firstValue(event, "dtstart"));
		if (start === undefined) return "DTSTART is missing or no date";
		const length = lengthOf(event, start);
		if (!length.ok) return length.error;
		const starts = this.#startsOf(event, start);
		if (!starts.ok) return starts.error;
		this.#days += starts.value.size * length.value;
		if (this.#days > LIMITS.calendarDates) {
			return `the calendar names more than ${LIMITS.calendarDates} days`;
		}
		const isReplacement = replaced !== undefined;
		this.#series.push({ uid, isReplacement, starts: starts.value, length: length.value });
		return undefined;
	}

	days(): ReadonlySet<number> {
		for (const { uid, day } of this.#replaced) {
			for (const one of this.#series) {
				if (one.uid === uid && !one.isReplacement) one.starts.delete(day);
			}
		}
		const days = new Set<number>();
		for (const { starts, length } of this.#series) {
			for (const start of starts) {
				for (let offset = 0; offset < length; offset += 1) days.add(start + offset);
			}
		}
		return days;
	}

	#startsOf(event: Component, start: number): Result<Set<number>, string> {
		const rules = propertiesOf(event, "rrule");
		const starts = new Set<number>(rules.length === 0 ? [start] : []);
		for (const property of rules) {
			const rule = readDateRule(property.values[0], start);
			if (!rule.ok) return err(`RRULE: ${rule.error}`);
			const days = expandDates(rule.value, start, this.#end, this.#budget);
			if (days === undefined) return err("the rules of the calendar take too long to expand");
			for (const day of days) starts.add(day);
		}
		for (const [name, change] of [
			["rdate", (day: number) => starts.add(day)],
			["exdate", (day: number) => starts.delete(day)],
		] as const) {
			for (const value of propertiesOf(event, name).flatMap(({ values }) => values)) {
				const day = dayOfValue(value);
				if (day === undefined) return err(`${name.toUpperCase()} holds no date: ${value}`);
				change(day);
			}
		}
		return ok(starts);
	}
}

/** How many days one occurrence touches; its end is exclusive, as RFC 5545 has it. */
function lengthOf(event: Component, start: number): Result<number, string> {
	const end = endOf(event);
	if (end === undefined) return ok(1);
	if (Number.isNaN(end)) return err("DTEND or DURATION is not one");
	return ok(Math.max(1, Math.floor((end - 1) / DAY) - start + 1));
}

/** When the first occurrence ends, as ms of a clock without a zone; NaN where that cannot be read. */
function endOf(event: Component): number | undefined {
	const end = firstValue(event, "dtend");
	if (end !== undefined) return localMs(end);
	const duration = firstValue(event, "duration");
	if (duration === undefined) return undefined;
	const read = parseDuration(duration);
	return read.ok ? localMs(firstValue(event, "dtstart")) + read.value : Number.NaN;
}

function localMs(value: unknown): number {
	const text = String(value).replace(/Z$/, "");
	return Date.parse(text.length === LOCAL_DATE_LENGTH ? text : `${text}Z`);
}

/** The local date that a value of type date, date-time or period begins with. */
function dayOfValue(value: unknown): number | undefined {
	const text = Array.isArray(value) ? value[0] : value;
	return typeof text === "string" ? parseLocalDate(text.slice(0, LOCAL_DATE_LENGTH)) : undefined;
}
