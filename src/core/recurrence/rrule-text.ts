/**
 * Takes RFC 5545 text apart: a rule alone, with or without `RRULE:`, or content lines of DTSTART,
 * RRULE, RDATE, EXDATE and EXRULE. It only splits; what the pieces mean is read by `read-rules.ts`.
 */
import { err, ok, type Result } from "../result.ts";

/** A value of DTSTART, RDATE or EXDATE, with the zone its line names. */
export type ValueText = { readonly text: string; readonly zone?: string };

export type RuleText = {
	readonly rrule?: string;
	readonly dtstart?: ValueText;
	readonly rdate: readonly ValueText[];
	readonly exdate: readonly ValueText[];
	readonly exrule: readonly string[];
};

const LINE = /^(DTSTART|RRULE|RDATE|EXDATE|EXRULE)((?:;[^:;]+)*):(.*)$/i;

export function splitRuleText(text: string): Result<RuleText, string> {
	// Section 3.1: a line that begins with white space goes on with the one before.
	const lines = text
		.replace(/\r?\n[ \t]/g, "")
		.split(/\r?\n/)
		.map((line) => line.trim())
		.filter((line) => line !== "");
	const rrules: string[] = [];
	const exrule: string[] = [];
	const rdate: ValueText[] = [];
	const exdate: ValueText[] = [];
	const dtstart: ValueText[] = [];
	for (const line of lines) {
		const match = LINE.exec(line);
		const name = (match?.[1] ?? "RRULE").toUpperCase();
		const value = match?.[3] ?? line;
		if (name === "RRULE") rrules.push(value);
		else if (name === "EXRULE") exrule.push(value);
		else {
			const values = readValues(name, match?.[2] ?? "", value);
			if (!values.ok) return values;
			const list = name === "RDATE" ? rdate : name === "EXDATE" ? exdate : dtstart;
			list.push(...values.value);
		}
	}
	if (lines.length === 0) return err("is empty: expected a rule like FREQ=WEEKLY;BYDAY=MO");
	if (rrules.length > 1) return err("has more than one RRULE; RFC 5545 allows one");
	if (dtstart.length > 1) return err("has more than one DTSTART");
	const [rrule] = rrules;
	const [start] = dtstart;
	return ok({
		...(rrule !== undefined && { rrule }),
		...(start !== undefined && { dtstart: start }),
		rdate,
		exdate,
		exrule,
	});
}

/** The values after `;TZID=Europe/Berlin;VALUE=DATE:`, each in iCalendar's basic form. */
function readValues(
	name: string,
	parameters: string,
	value: string,
): Result<readonly ValueText[], string> {
	let zone: string | undefined;
	let isDate = false;
	for (const parameter of parameters.split(";").filter((each) => each !== "")) {
		const [key = "", argument = ""] = parameter.split("=");
		if (key.toUpperCase() === "TZID") zone = argument.replace(/^"|"$/g, "");
		else if (key.toUpperCase() === "VALUE" && /^(DATE|DATE-TIME)$/i.test(argument)) {
			isDate = argument.toUpperCase() === "DATE";
		} else {
			return err(`${name};${parameter}: expected TZID=, VALUE=DATE or VALUE=DATE-TIME`);
		}
	}
	const values: ValueText[] = [];
	for (const text of value.toUpperCase().split(",")) {
		if (!/^\d{8}(T\d{6}Z?)?$/.test(text)) {
			const expected = "expected a date or time like 20260105 or 20260105T090000";
			return err(`${name}: ${JSON.stringify(text)} is not one; ${expected}`);
		}
		if (isDate && text.length > 8) return err(`${name};VALUE=DATE: ${text} is no date`);
		if (zone !== undefined && (text.length === 8 || text.endsWith("Z"))) {
			return err(`${name};TZID=${zone}: ${text} takes no zone; only a local time does`);
		}
		values.push({ text, ...(zone !== undefined && { zone }) });
	}
	return ok(values);
}
