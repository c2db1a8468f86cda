/**
 * A line of an export as an iCalendar event, for calendars to show; an import takes the timer from
 * the property that carries it whole.
 */
import type { Calendars } from "../calendar/calendar-dates.ts";
import { EXPORT_PROPERTY } from "../ical/export-property.ts";
import { writeComponent, writeProperty } from "../ical/write-ical.ts";
import { eventTimes, utc } from "./event-times.ts";
import { type ExportedTimer, exportLine } from "./export-line.ts";

export const ICAL_HEAD =
	"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Minoots//Timers//EN\r\nCALSCALE:GREGORIAN\r\n";
export const ICAL_TAIL = "END:VCALENDAR\r\n";

/** The lines of a VEVENT, folded. */
export function icalEvent(timer: ExportedTimer, calendars: Calendars): string {
	const { id, createdAt, doc } = timer;
	const { name, message } = doc;
	return writeComponent("VEVENT", [
		line("uid", "text", `${id}@minoots`),
		`DTSTAMP:${utc(createdAt)}`,
		...eventTimes(timer, calendars),
		...(name === undefined ? [] : [line("summary", "text", name)]),
		...(message === undefined ? [] : [line("description", "text", message)]),
		line(EXPORT_PROPERTY, "binary", base64(JSON.stringify(exportLine(timer))), {
			encoding: "BASE64",
		}),
	]);
}

function line(name: string, type: string, value: string, params = {}): string {
	return writeProperty({ name, params, type, values: [value] });
}

function base64(text: string): string {
	const bytes = new TextEncoder().encode(text);
	let binary = "";
	for (const byte of bytes) binary += String.fromCharCode(byte);
	return btoa(binary);
}
