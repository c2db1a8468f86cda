/**
 * Phrases that name one instant, through chrono-node: it finds them and says which day and time of
 * day they name, and the zone's own rules make the instant of it. chrono-node's own dates are not
 * used: it knows offsets, not zones. Called by `choose-phrase.ts` and `phrase.ts`.
 */
import { casual, type ParsedResult } from "chrono-node/en";
import { MONTHS } from "../calendar-words.ts";
import { dayOf, LAST_DAY } from "../recurrence/civil.ts";
import type { DstNote } from "../recurrence/occurrence.ts";
import { instantsOf } from "../recurrence/wall-clock.ts";
import { requireZone, type Zone } from "../recurrence/zone.ts";
import { ok, type Result } from "../result.ts";
import { DAY, HOUR, MINUTE, SECOND } from "../units.ts";
import { misread, type Problem } from "./misread.ts";
import { shownPhrase } from "./plain-phrase.ts";
import { clockText, DEFAULT_MINUTES } from "./repeat-rule.ts";
import { settleDay } from "./settle-day.ts";
import { quote } from "./text.ts";

/** A phrase as it stands in the text. */
export type Found = {
	readonly kind: "once";
	readonly start: number;
	readonly end: number;
	readonly text: string;
	readonly hasDate: boolean;
	/** It says a time of day, or needs none: “in 20 minutes”. */
	readonly hasTime: boolean;
	readonly result: ParsedResult;
	/** Where the time of day stands alone: “tomorrow stand-up at 9”. */
	readonly timeFrom: ParsedResult;
	/** Milliseconds to take off the named time, where the phrase names an offset. */
	readonly offsetMs?: number;
};

export type Instant =
	| { readonly kind: "after"; readonly ms: number }
	| { readonly kind: "at"; readonly at: number; readonly note?: DstNote };

export type Reading<T> = { readonly value: T; readonly told: readonly string[] };

const DEFAULT_TIME_MS = DEFAULT_MINUTES * MINUTE;
export const NO_TIME_TOLD = `No time of day was said, so it is ${clockText(DEFAULT_MINUTES)}.`;

const TIME_TAG = /^casualReference\/(?:morning|afternoon|evening|night|tonight|midnight|noon)$/;

/** The phrases in `text`, in order. */
export function findTimes(text: string, now: number, zone: Zone): readonly Found[] {
	// The wall clock of the zone stands in for UTC, so that no offset is chrono's to choose.
	const instant = new Date(now + zone.offsetAt(now));
	return casual
		.parse(text, { instant, timezone: 0 }, { forwardDate: true })
		.filter(isTime)
		.map(foundIn);
}

const AN_HOUR = /^(?:half )?an hour$/i;

/** Not words that only look like a time: “march”, “wait a second”. */
function isTime({ start, text }: ParsedResult): boolean {
	const isMonthAlone =
		start.isCertain("month") && !start.isCertain("day") && /^[a-z]+\.?(?: \d{4})?$/i.test(text);
	const isWord = /^(?:an?|the|few|a few|half an?|several) [a-z]+s?$/i.test(text);
	return !isMonthAlone && (!isWord || AN_HOUR.test(text));
}

function foundIn(result: ParsedResult): Found {
	const { start } = result;
	// “at 9 art class”: an abbreviation in small letters is a word.
	const suffix = /\s[a-z]{2,4}$/.exec(result.text)?.[0] ?? "";
	const isZone = start.isCertain("timezoneOffset") && !isElapsed(result) && suffix.trim() !== "utc";
	const text = isZone ? result.text.slice(0, result.text.length - suffix.length) : result.text;
	const tags = [...result.tags()];
	const isOffset = start.isCertain("timezoneOffset") && !isElapsed(result) && text === result.text;
	return {
		kind: "once",
		start: result.index,
		end: result.index + text.length,
		text,
		hasDate: (["day", "weekday", "month", "year"] as const).some((part) => start.isCertain(part)),
		hasTime: start.isCertain("hour") || tags.some((tag) => TIME_TAG.test(tag)),
		result,
		timeFrom: result,
		...(isOffset && { offsetMs: (start.get("timezoneOffset") ?? 0) * MINUTE }),
	};
}

/** “in 3 hours”, “now”: elapsed time, whatever the clocks do meanwhile. */
function isElapsed(result: ParsedResult): boolean {
	const tags = result.tags();
	return tags.has("result/relativeDateAndTime") || tags.has("casualReference/now");
}

/** “5 minute talk”: may be a length of something else. */
export function isBareLength({ result, text }: Found): boolean {
	return isElapsed(result) && (/^[\d.]+ ?[a-z]+$/i.test(text) || AN_HOUR.test(text));
}

/** The instant of a phrase, after `now` (epoch ms). */
export function readOneTime(
	found: Found,
	now: number,
	zoneName: string,
): Result<Reading<Instant>, Problem> {
	const zone = requireZone(zoneName);
	const { result, text } = found;
	const shown = shownPhrase(text);
	const problem = problemOf(found);
	if (problem !== undefined) return problem;
	if (isElapsed(result)) {
		const ms = localOf(result).local - Math.floor((now + zone.offsetAt(now)) / SECOND) * SECOND;
		if (now + ms > LAST_DAY * DAY) return misread(shown, "that lies beyond the year 9999");
		return ms > 0 ? ok({ value: { kind: "after", ms }, told: [] }) : misread(shown, PASSED);
	}
	const told: string[] = [];
	const { day } = localOf(result);
	if (day >= LAST_DAY) return misread(shown, "that lies beyond the year 9999");
	const { offsetMs } = found;
	const timeMs = timeOfDay(found, now, zone, told);
	const at = (onDay: number) => instantOn(onDay, timeMs, zone, offsetMs);
	const settled = settleDay(
		found,
		day,
		Math.floor((now + zone.offsetAt(now)) / DAY),
		(onDay) => at(onDay).at > now,
	);
	if (settled === undefined) return misread(shown, PASSED);
	if ("problem" in settled) return misread(shown, settled.problem);
	if (settled.told !== undefined) told.push(settled.told);
	return ok({ value: { kind: "at", ...at(settled.day) }, told });
}

/** Kiribati's, the largest there is. */
const OFFSET_MAX = 14 * HOUR;
const PASSED = "that has passed";

/** What makes a phrase unusable however it is counted. */
function problemOf({ text, result, offsetMs }: Found): ReturnType<typeof misread> | undefined {
	const shown = shownPhrase(text);
	const date = /(?<![\d./-])(\d{1,2})([/.-])(\d{1,2})(?:\2(?:\d{4}|\d\d))?(?![\d/-])/.exec(text);
	if (
		date !== null &&
		!isElapsed(result) &&
		!/^(?:at )?\d{1,2}\.\d\d(?: ?[ap]m)?$/i.test(date[0])
	) {
		const [first, last] = [Number(date[1]), Number(date[3])];
		const day = result.start.isCertain("day") && result.start.isCertain("month");
		if (day && first <= 12 && last <= 12 && first !== last) {
			return misread(
				null,
				`${quote(date[0])} may be ${monthDay(first, last)} or ${monthDay(last, first)}: write the month as a word.`,
			);
		}
	}
	if (/\b(?:ago|yesterday|last|previous|past)\b/i.test(text)) return misread(shown, PASSED);
	if (result.end !== undefined && result.end !== null) {
		return misread(shown, "that is a span of time, and a timer fires at one instant");
	}
	if (offsetMs !== undefined && Math.abs(offsetMs) > OFFSET_MAX) {
		return misread(shown, "no zone is that far from UTC");
	}
	const zone = / \(?([A-Z]{2,4})\)?$/.exec(text)?.[1];
	if (offsetMs !== undefined && zone !== undefined && !/^(UTC|GMT|[AP]M)$/.test(zone)) {
		return misread(
			shown,
			`${zone} is not the name of one time zone: leave it out for your own, or write UTC or an offset like +01:00`,
		);
	}
	return undefined;
}

/** The day and time of day that a phrase names, as if its zone were UTC. */
function localOf({ start }: ParsedResult): {
	readonly day: number;
	readonly local: number;
} {
	const day = dayOf(start.get("year") ?? 1970, start.get("month") ?? 1, start.get("day") ?? 1);
	return { day, local: day * DAY + clockOf(start) };
}

function clockOf(parts: ParsedResult["start"]): number {
	const hour = parts.get("hour") ?? 0;
	const minute = parts.get("minute") ?? 0;
	return hour * HOUR + minute * MINUTE + (parts.get("second") ?? 0) * SECOND;
}

function timeOfDay(found: Found, now: number, zone: Zone, told: string[]): number {
	if (found.hasTime) {
		const { start } = found.timeFrom;
		const part = /\b(?:morning|afternoon|evening|tonight|night)\b/i.exec(found.timeFrom.text)?.[0];
		const timeMs = clockOf(start);
		if (part !== undefined && !start.isCertain("hour")) {
			told.push(`“${part}” is read as ${clockText(timeMs / MINUTE)}.`);
		}
		return timeMs;
	}
	// “in 2 days” is at this time of day; “next week” is a day like any other.
	if (/^(?:in|within|after)\b|\b(?:from now|later)$/i.test(found.text)) {
		return (now + zone.offsetAt(now)) % DAY;
	}
	told.push(NO_TIME_TOLD);
	return DEFAULT_TIME_MS;
}

function instantOn(day: number, timeMs: number, zone: Zone, offsetMs: number | undefined) {
	const local = day * DAY + timeMs;
	if (offsetMs !== undefined) return { at: local - offsetMs };
	return instantsOf(local, zone, "rfc5545")[0] ?? { at: local };
}

function monthDay(day: number, month: number): string {
	return `${day} ${MONTHS[month - 1]}`;
}
