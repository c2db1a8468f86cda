/**
 * One field of a cron expression: lists, ranges, steps and names, as cron(8) and its descendants
 * read them. Ranges may wrap (`55-5`, `SAT-TUE`), and `n/step` starts at n. What only the day
 * fields know (`L`, `W`, `#`) is in `cron-days.ts`. Called by `cron-rule.ts`.
 */
import { err, ok, type Result } from "../result.ts";

export type FieldName = "second" | "minute" | "hour" | "day of month" | "month" | "day of week";

export type FieldRange = {
	readonly name: FieldName;
	readonly min: number;
	readonly max: number;
	readonly names?: readonly string[];
};

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

export const SECOND_FIELD: FieldRange = { name: "second", min: 0, max: 59 };
export const MINUTE_FIELD: FieldRange = { name: "minute", min: 0, max: 59 };
export const HOUR_FIELD: FieldRange = { name: "hour", min: 0, max: 23 };
export const DAY_FIELD: FieldRange = { name: "day of month", min: 1, max: 31 };
export const MONTH_FIELD: FieldRange = { name: "month", min: 1, max: 12, names: MONTHS };
/** 7 is read as 0: both are Sunday. */
export const WEEKDAY_FIELD: FieldRange = { name: "day of week", min: 0, max: 6, names: WEEKDAYS };

export type Field = {
	/** Ascending, without duplicates. */
	readonly values: readonly number[];
	/** Written with `*`, a range or a step: the field steps rather than names times. */
	readonly steps: boolean;
};

/** Reads a whole field; the error says what is wrong with which part. */
export function readField(text: string, range: FieldRange): Result<Field, string> {
	const values = new Set<number>();
	let steps = false;
	for (const part of text.split(",")) {
		const read = readPart(part, range);
		if (!read.ok) return read;
		for (const value of read.value.values) values.add(value);
		steps ||= read.value.steps;
	}
	return ok({ values: [...values].sort((a, b) => a - b), steps });
}

/** `*`, `?`, `5`, `1-5`, each perhaps with `/step`. */
export function readPart(part: string, range: FieldRange): Result<Field, string> {
	const match = /^(?:([*?])|([A-Za-z]+|\d+)(?:-([A-Za-z]+|\d+))?)(?:\/(\d+))?$/.exec(part);
	if (match === null) return err(refusal(part, range));
	const [, star, from, to, step] = match;
	const stride = step === undefined ? 1 : Number(step);
	const size = range.max - range.min + 1;
	if (stride < 1 || stride > size) {
		return err(
			`the step of ${JSON.stringify(part)} in the ${range.name} field must be 1 to ${size}`,
		);
	}
	if (star !== undefined) return ok({ values: walk(range.min, range.max, stride), steps: true });

	const first = readValue(from ?? "", range);
	const last = to === undefined ? first : readValue(to, range);
	if (first === undefined || last === undefined) return err(refusal(part, range));
	if (to !== undefined) return ok({ values: between(first, last, stride, range), steps: true });
	if (step === undefined) return ok({ values: [wrap(first, range)], steps: false });
	return ok({ values: walk(wrap(first, range), range.max, stride), steps: true });
}

/** A number or name in its range, where Sunday may still be 7. */
export function readValue(text: string, range: FieldRange): number | undefined {
	if (/^\d+$/.test(text)) {
		const value = Number(text);
		const max = range === WEEKDAY_FIELD ? 7 : range.max;
		return text.length <= 2 && value >= range.min && value <= max ? value : undefined;
	}
	const index = range.names?.indexOf(text.toUpperCase()) ?? -1;
	return index < 0 ? undefined : index + range.min;
}

/** 7 as a day of the week is 0. */
function wrap(value: number, range: FieldRange): number {
	return range === WEEKDAY_FIELD ? value % 7 : value;
}

/** `first` to `last`, past the end of the field and on from its beginning where `last` is less. */
function between(first: number, last: number, stride: number, range: FieldRange): number[] {
	const size = range.max - range.min + 1;
	const start = last < first ? wrap(first, range) : first;
	const end = last < start ? last + size : last;
	return walk(start, end, stride).map((value) => ((value - range.min) % size) + range.min);
}

function walk(first: number, last: number, stride: number): number[] {
	const values: number[] = [];
	for (let value = first; value <= last; value += stride) values.push(value);
	return values;
}

function refusal(part: string, { name, min, max, names }: FieldRange): string {
	const named = names === undefined ? "" : `, ${names[0]} to ${names.at(-1)}`;
	return `${JSON.stringify(part)} is not a ${name}: expected ${min} to ${max}${named}, *, ranges like ${min}-${max} and steps like */2`;
}
