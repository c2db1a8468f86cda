/**
 * Lengths of time as people write them: `90s`, `1h30m`, ISO 8601 `PT1H30M`, or a number of
 * milliseconds. Not a calendar: months and years have no fixed length and are refused; a schedule
 * in a time zone is what serves them. Called where a timer's `in`, `duration` or `extend` is read.
 */

import { type Err, err, ok, type Result } from "./result.ts";
import { DAY, HOUR, MINUTE, SECOND, WEEK } from "./units.ts";

/** The range of a JavaScript time value (ECMA-262, "Time Values"): 273,785 years. */
const DURATION_MS_MAX = 8.64e15;
/** Characters read at all; the longest sensible duration has under 60. */
const TEXT_LENGTH_MAX = 100;
const EXPECTED =
	"Expected milliseconds as a whole number, or text like 500ms, 30s, 1h30m or PT1H30M";

export type DurationError = {
	readonly reason:
		| "not_a_duration"
		| "not_positive"
		| "not_whole_ms"
		| "calendar_unit"
		| "too_long";
	/** What came and what is expected. */
	readonly message: string;
};

/** One number with its unit, as it was written. */
type Part = { readonly digits: string; readonly fraction: string; readonly unitMs: number };

/** `1h 30m`: largest unit first, each at most once, spaced as `formatDuration` writes or not. */
const SHORT = parts(["w", "d", "h", "m", "s", "ms"], (unit) => `(\\d+)(?:\\.(\\d+))?${unit}\\s*`);
const ISO_DATE = parts(["Y", "M", "W", "D"], (unit) => `(\\d+)()${unit}`);
/** ISO 8601 takes a comma too. In short text it is refused: is `1,500s` 1.5 or 1500? */
const ISO_TIME = parts(["H", "M", "S"], (unit) => `(\\d+)(?:[.,](\\d+))?${unit}`);
const SHORT_PATTERN = new RegExp(`^${SHORT}$`, "i");
/** ISO 8601-2: weeks may stand beside days. `T` is followed by at least one part. */
const ISO_PATTERN = new RegExp(`^P${ISO_DATE}(?:T(?=\\d)${ISO_TIME})?$`, "i");
const SHORT_UNITS = [WEEK, DAY, HOUR, MINUTE, SECOND, 1];
/** Years and months have no length of their own. */
const ISO_UNITS = [Number.NaN, Number.NaN, WEEK, DAY, HOUR, MINUTE, SECOND];

function parts(units: readonly string[], part: (unit: string) => string): string {
	return units.map((unit) => `(?:${part(unit)})?`).join("");
}

/**
 * Reads a length of time, in milliseconds: a whole number of them, short text (units w d h m s ms,
 * any case) or an ISO 8601 duration. Only the last part may have a fraction, and the sum must be a
 * whole, positive number of milliseconds.
 */
export function parseDuration(input: unknown): Result<number, DurationError> {
	if (typeof input === "number") return checkMs(input, String(input));
	if (typeof input !== "string") {
		return refuse("not_a_duration", `A duration cannot be ${nameOf(input)}. ${EXPECTED}.`);
	}
	const text = input.trim();
	const got = JSON.stringify(text.length > TEXT_LENGTH_MAX ? `${text.slice(0, 20)}…` : text);
	if (text.length > TEXT_LENGTH_MAX) {
		return refuse("not_a_duration", `${got} is longer than any duration. ${EXPECTED}.`);
	}
	const unsigned = text.replace(/^-/, "");
	const found = readParts(unsigned);
	if (found === undefined) {
		const hint = /^\d+$/.test(text) ? ` A string needs a unit: ${text}ms?` : "";
		return refuse("not_a_duration", `${got} is not a duration.${hint} ${EXPECTED}.`);
	}
	if (found.some(({ unitMs }) => Number.isNaN(unitMs))) {
		return refuse(
			"calendar_unit",
			`${got} counts years or months, whose length varies. Write days or weeks instead.`,
		);
	}
	if (unsigned !== text) return refuse("not_positive", `${got} is negative. ${EXPECTED}.`);
	return sumParts(found, got);
}

/** Writes a length of time as `1d 2h 3m 4s 5ms`, without the units that are zero. */
export function formatDuration(ms: number): string {
	const units = [
		[DAY, "d"],
		[HOUR, "h"],
		[MINUTE, "m"],
		[SECOND, "s"],
		[1, "ms"],
	] as const;
	let rest = Math.abs(Math.round(ms));
	const sign = ms < 0 && rest > 0 ? "-" : "";
	const written: string[] = [];
	for (const [unitMs, name] of units) {
		if (rest >= unitMs) written.push(`${Math.floor(rest / unitMs)}${name}`);
		rest %= unitMs;
	}
	return written.length === 0 ? "0s" : sign + written.join(" ");
}

function readParts(text: string): readonly Part[] | undefined {
	const iso = ISO_PATTERN.exec(text);
	const match = iso ?? SHORT_PATTERN.exec(text);
	if (match === null) return undefined;
	const units = iso === null ? SHORT_UNITS : ISO_UNITS;
	const found = units.flatMap((unitMs, at) => {
		const [digits, fraction = ""] = match.slice(1 + 2 * at, 3 + 2 * at);
		return digits === undefined ? [] : [{ digits, fraction, unitMs }];
	});
	const onlyLastHasFraction = found.slice(0, -1).every(({ fraction }) => fraction === "");
	return found.length > 0 && onlyLastHasFraction ? found : undefined;
}

/** Exact for any fraction, which `1.1 * HOUR` is not. */
function sumParts(found: readonly Part[], got: string): Result<number, DurationError> {
	let wholeMs = 0n;
	let isWhole = true;
	for (const { digits, fraction, unitMs } of found) {
		const scale = 10n ** BigInt(fraction.length);
		const scaledMs = BigInt(digits + fraction) * BigInt(unitMs);
		wholeMs += scaledMs / scale;
		isWhole &&= scaledMs % scale === 0n;
	}
	if (!isWhole) {
		return refuse("not_whole_ms", `${got} is not a whole number of milliseconds. ${EXPECTED}.`);
	}
	return checkMs(Number(wholeMs), got);
}

function checkMs(ms: number, got: string): Result<number, DurationError> {
	if (Number.isNaN(ms)) return refuse("not_a_duration", `${got} is not a duration. ${EXPECTED}.`);
	if (ms <= 0) return refuse("not_positive", `${got} is not longer than zero. ${EXPECTED}.`);
	if (ms > DURATION_MS_MAX) {
		return refuse("too_long", `${got} is beyond ${DURATION_MS_MAX} ms, the last instant there is.`);
	}
	if (!Number.isInteger(ms)) {
		return refuse("not_whole_ms", `${got} is not a whole number of milliseconds. ${EXPECTED}.`);
	}
	return ok(ms);
}

function nameOf(input: unknown): string {
	if (input === null) return "null";
	if (input === undefined) return "missing";
	return Array.isArray(input) ? "an array" : `of type ${typeof input}`;
}

function refuse(reason: DurationError["reason"], message: string): Err<DurationError> {
	return err({ reason, message });
}
