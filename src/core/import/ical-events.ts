/**
 * iCalendar events as timers. One that the network exported carries its timer whole; of any other
 * the start, the rule and the texts are read. Alarms, attendees and places are not.
 */
import type { JsonObject, JsonValue } from "../../contract/json.ts";
import { LIMITS } from "../../contract/limits.ts";
import { EXPORT_PROPERTY } from "../ical/export-property.ts";
import {
	type Component,
	findComponents,
	firstValue,
	propertiesOf,
	readIcal,
} from "../ical/read-ical.ts";
import { writeProperty } from "../ical/write-ical.ts";
import { err, ok, type Result } from "../result.ts";
import { exportedTimer } from "./exported-timer.ts";
import {
	actionFor,
	type ImportLine,
	type ImportOptions,
	objectOf,
	refused,
	skipped,
} from "./import-line.ts";

/** What makes an event recur, with the start it counts from. */
const RECURRING = ["dtstart", "rrule", "rdate", "exdate", "exrule"];

/** What is wrong with the whole text, or a line for each event. */
export function readIcalEvents(
	text: string,
	options: ImportOptions,
): Result<readonly ImportLine[], string> {
	const parsed = readIcal(text);
	if (!parsed.ok) return err(`expected iCalendar: ${parsed.error}`);
	return ok([...findComponents(parsed.value, "vevent")].map((event) => lineOf(event, options)));
}

function lineOf(event: Component, options: ImportOptions): ImportLine {
	const uid = textValue(event, "uid") ?? null;
	const carried = firstValue(event, EXPORT_PROPERTY);
	if (typeof carried === "string") return carriedTimer(carried, uid);
	if (textValue(event, "status") === "CANCELLED") return skipped(uid, "The event is cancelled.");
	if (firstValue(event, "recurrence-id") !== undefined) {
		return refused(
			uid,
			"RECURRENCE-ID: an event that changes one occurrence of another is not read",
		);
	}
	const when = whenOf(event, options.timezone);
	if (when === undefined) return refused(uid, "DTSTART: expected a date or a date with a time");
	const [summary, description] = [textValue(event, "summary"), textValue(event, "description")];
	const work = {
		...(uid !== null && { uid }),
		...(summary !== undefined && { summary }),
		...(description !== undefined && { description }),
	};
	const actions = actionFor(work, options);
	return {
		kind: "timer",
		source: uid,
		body: {
			...(summary !== undefined && { name: summary.slice(0, LIMITS.nameLength) }),
			...(description !== undefined && { message: description.slice(0, LIMITS.messageLength) }),
			...when,
			...(actions.length > 0 && { actions }),
			metadata: { ical: work },
		},
	};
}

function carriedTimer(base64: string, uid: string | null): ImportLine {
	try {
		const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
		const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
		const timer = objectOf(JSON.parse(text));
		if (timer !== undefined) return exportedTimer(timer);
	} catch {
		// Told below, as is a value that is no object.
	}
	return refused(uid, `${EXPORT_PROPERTY.toUpperCase()}: expected the JSON of a timer, in base64`);
}

/** The members of a timer that say when. */
function whenOf(event: Component, timezone: string | undefined): JsonObject | undefined {
	const [start] = propertiesOf(event, "dtstart");
	const value = start?.values[0];
	if (start === undefined || typeof value !== "string") return undefined;
	if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ?)?$/.test(value)) return undefined;
	const tzid = start.params["tzid"];
	const zone = typeof tzid === "string" ? tzid : timezone;
	const zoned: Record<string, JsonValue> = zone === undefined ? {} : { timezone: zone };
	const properties = event.properties.filter(({ name }) => RECURRING.includes(name));
	if (properties.length > 1) {
		// Without a rule the start is the first of the dates; with one, the rule says whether it counts.
		const isRule = properties.some(({ name }) => name === "rrule");
		const dated = isRule ? properties : [...properties, { ...start, name: "rdate" }];
		return { schedule: { rrule: dated.map(writeProperty).join("\n"), ...zoned } };
	}
	if (value.endsWith("Z")) return { at: value };
	const local = value.includes("T") ? value : `${value}T00:00:00`;
	return { schedule: { dates: [local], ...zoned } };
}

function textValue(event: Component, name: string): string | undefined {
	const value = firstValue(event, name);
	return typeof value === "string" ? value : undefined;
}
