/**
 * Reads the times a schedule may name: RFC 3339 with an offset, ISO 8601 without one (a wall clock
 * in the schedule's zone), a date alone, and iCalendar's basic forms of all three. Called wherever
 * a schedule names a time.
 */
import { DAY, HOUR, MINUTE, SECOND } from "../units.ts";
import { civilOf, parseDay } from "./civil.ts";

export type LocalTime = {
	/** Epoch ms where `offsetMs` is given, else a local time. */
	readonly local: number;
	/** The offset that stood in the text, already taken off. */
	readonly offsetMs?: number;
	/** Only a day was written. */
	readonly isDate: boolean;
};

const TIME =
	/^(\d{4}-\d\d-\d\d|\d{8})(?:[T ](\d\d):?(\d\d)(?::?(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?)?$/i;

/** `undefined` for what is none of the forms, or no time there is (month 13, 25:00, a leap second). */
export function parseLocal(text: string): LocalTime | undefined {
	const match = TIME.exec(text);
	if (match === null) return undefined;
	const [, date = "", hour, minute = "0", second = "0", fraction = "", offset] = match;
	const day = parseDay(date);
	if (day === undefined) return undefined;
	if (hour === undefined) return { local: day * DAY, isDate: true };
	if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
	const ms = Number(fraction.padEnd(3, "0").slice(0, 3));
	const local =
		day * DAY + Number(hour) * HOUR + Number(minute) * MINUTE + Number(second) * SECOND + ms;
	if (offset === undefined) return { local, isDate: false };
	const offsetMs = readOffset(offset);
	return offsetMs === undefined ? undefined : { local: local - offsetMs, offsetMs, isDate: false };
}

/** `2025-03-30T03:30:00`, with milliseconds only where there are any. */
export function formatLocal(local: number): string {
	const day = Math.floor(local / DAY);
	const ms = local - day * DAY;
	const { year, month, day: date } = civilOf(day);
	const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
	const fraction = ms % SECOND === 0 ? "" : `.${String(ms % SECOND).padStart(3, "0")}`;
	const time = `${two(ms / HOUR)}:${two((ms % HOUR) / MINUTE)}:${two((ms % MINUTE) / SECOND)}`;
	return `${String(year).padStart(4, "0")}-${two(month)}-${two(date)}T${time}${fraction}`;
}

function readOffset(text: string): number | undefined {
	if (/z/i.test(text)) return 0;
	const [hours, minutes] = [Number(text.slice(1, 3)), Number(text.slice(-2))];
	if (hours > 23 || minutes > 59) return undefined;
	return (text.startsWith("-") ? -1 : 1) * (hours * HOUR + minutes * MINUTE);
}
