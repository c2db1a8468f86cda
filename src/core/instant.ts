/**
 * Instants on the wire: RFC 3339 date-times to epoch milliseconds and back. Strict where
 * `Date.parse` guesses: an offset is required and the calendar is checked. It knows no time zones;
 * a wall-clock time in a zone is a schedule's business. Called wherever a caller names an instant.
 */

import { type Err, err, ok, type Result } from "./result.ts";
import { DAY, MINUTE } from "./units.ts";

/** 0000-01-01T00:00:00Z and 9999-12-31T23:59:59.999Z: what four-digit years can write. */
const INSTANT_MIN = -62_167_219_200_000;
const INSTANT_MAX = 253_402_300_799_999;
const EXPECTED = "Expected RFC 3339 with an offset, like 2026-12-01T09:00:00Z";

export type InstantError = {
	readonly reason: "not_an_instant" | "no_offset" | "no_such_time" | "out_of_range";
	/** What came and what is expected. */
	readonly message: string;
};

const DATE_TIME =
	/^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|([+-])(\d\d):(\d\d))?$/i;

/**
 * Reads an RFC 3339 date-time, in epoch ms. `t` and `z` may be small (section 5.6); digits past the
 * millisecond, up to nine, are cut off, so that no instant moves later. A leap second (`:60`) is
 * taken where one may stand, at the end of a UTC month, and reads as the second after it, as POSIX
 * time has it. `-00:00` (section 4.3) reads as UTC.
 */
export function parseInstant(input: string): Result<number, InstantError> {
	const got = JSON.stringify(input.slice(0, 40));
	const match = DATE_TIME.exec(input);
	if (match === null) return refuse("not_an_instant", `${got} is not an instant. ${EXPECTED}.`);
	const [, ...texts] = match;
	if (texts[7] === undefined) {
		return refuse("no_offset", `${got} does not say in which offset. ${EXPECTED}; add Z for UTC.`);
	}
	const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = texts.map(Number);
	const ms = Number((texts[6] ?? "").padEnd(3, "0").slice(0, 3));
	const [offsetHour, offsetMinute] = [Number(texts[9] ?? 0), Number(texts[10] ?? 0)];

	const date = new Date(0);
	// Not Date.UTC, which takes the years 0 to 99 for 1900 to 1999.
	date.setUTCFullYear(year, month - 1, day);
	if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) {
		return refuse("no_such_time", `${got}: there is no such day. ${EXPECTED}.`);
	}
	if (hour > 23 || minute > 59 || second > 60 || offsetHour > 23 || offsetMinute > 59) {
		return refuse("no_such_time", `${got}: there is no such time of day or offset. ${EXPECTED}.`);
	}
	const offsetMs = (texts[8] === "-" ? -1 : 1) * (offsetHour * 60 + offsetMinute) * MINUTE;
	const instant = date.setUTCHours(hour, minute, second, ms) - offsetMs;
	if (second === 60 && !startsMonth(instant - ms)) {
		return refuse("no_such_time", `${got}: leap seconds end a month in UTC. ${EXPECTED}.`);
	}
	if (instant < INSTANT_MIN || instant > INSTANT_MAX) {
		return refuse("out_of_range", `${got} lies outside the years 0000 to 9999 in UTC.`);
	}
	return ok(instant);
}

/** Writes epoch ms as RFC 3339 in UTC with three decimals; `ms` lies in the years 0000 to 9999. */
export function formatInstant(ms: number): string {
	return new Date(ms).toISOString();
}

/** Whether a UTC month begins here, which is where a leap second before it may stand. */
function startsMonth(instant: number): boolean {
	return instant % DAY === 0 && new Date(instant).getUTCDate() === 1;
}

function refuse(reason: InstantError["reason"], message: string): Err<InstantError> {
	return err({ reason, message });
}
