/** Reads the input `schedule`, which is a cron expression, a recurrence rule or JSON, as a schedule. */
import type { JsonObject } from "../../../src/contract/json.ts";
import { type Inputs, isObject, parseJson } from "./inputs.ts";

/** A rule, or the lines of one: RFC 5545 names each line's property first. */
const RRULE = /^(RRULE|DTSTART|RDATE)[:;]|^FREQ=/i;

export function readSchedule(inputs: Inputs): JsonObject | undefined {
	const text = inputs.text("schedule");
	const timezone = inputs.text("timezone");
	if (text === undefined) {
		if (timezone !== undefined) inputs.refuse("timezone", "is of no use without `schedule`");
		return undefined;
	}
	const schedule = readText(text);
	if (schedule === undefined) {
		const wanted = 'a cron expression, an RRULE, or JSON like {"cron": "0 9 * * MON-FRI"}';
		inputs.refuse("schedule", `expected ${wanted}, got "${text}"`);
		return undefined;
	}
	if (timezone === undefined) return schedule;
	if ((schedule["timezone"] ?? timezone) !== timezone) {
		inputs.refuse("timezone", `contradicts the timezone in \`schedule\`: leave one of them out`);
	}
	return { ...schedule, timezone };
}

function readText(text: string): JsonObject | undefined {
	if (text.startsWith("{") || text.startsWith("[") || text.startsWith('"')) {
		const value = parseJson(text);
		return isObject(value) ? value : undefined;
	}
	return RRULE.test(text) ? { rrule: text } : { cron: text };
}
