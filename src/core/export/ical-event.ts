/**
 * A line of an export as an iCalendar event, for calendars to show; an import takes the timer from
 * the property that carries it whole.
 */
import { EXPORT_PROPERTY } from "../ical/export-property.ts";
import type { Property } from "../ical/read-ical.ts";
import { writeComponent } from "../ical/write-ical.ts";
import { SECOND } from "../units.ts";
import { type ExportedTimer, exportLine } from "./export-line.ts";

export const ICAL_HEAD =
	"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Minoots//Timers//EN\r\nCALSCALE:GREGORIAN\r\n";
export const ICAL_TAIL = "END:VCALENDAR\r\n";

/** The lines of a VEVENT, folded. */
export function icalEvent(timer: ExportedTimer): string {
	const { id, createdAt, fireAt, doc } = timer;
	const { name, message } = doc;
	return writeComponent("VEVENT", [
		property("uid", "text", `${id}@minoots`),
		property("dtstamp", "date-time", utc(createdAt)),
		property("dtstart", "date-time", utc(fireAt)),
		...(name === undefined ? [] : [property("summary", "text", name)]),
		...(message === undefined ? [] : [property("description", "text", message)]),
		property(EXPORT_PROPERTY, "binary", base64(JSON.stringify(exportLine(timer))), {
			encoding: "BASE64",
		}),
	]);
}

function property(name: string, type: string, value: string, params = {}): Property {
	return { name, params, type, values: [value] };
}

/** Without milliseconds, which iCalendar has not: the line that is carried has them. */
function utc(at: number): string {
	return new Date(Math.floor(at / SECOND) * SECOND).toISOString().replace(".000Z", "Z");
}

function base64(text: string): string {
	const bytes = new TextEncoder().encode(text);
	let binary = "";
	for (const byte of bytes) binary += String.fromCharCode(byte);
	return btoa(binary);
}
