/**
 * Where a text names a day or a time of day, through chrono-node. What instant that is, if any,
 * `one-time.ts` says. Called by `choose-phrase.ts` and `phrase.ts`.
 */
import { casual, type ParsedResult } from "chrono-node/en";
import type { Zone } from "../recurrence/zone.ts";
import { MINUTE } from "../units.ts";

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
export function isElapsed(result: ParsedResult): boolean {
	const tags = result.tags();
	return tags.has("result/relativeDateAndTime") || tags.has("casualReference/now");
}

/** “5 minute talk”: may be a length of something else. */
export function isBareLength({ result, text }: Found): boolean {
	return isElapsed(result) && (/^[\d.]+ ?[a-z]+$/i.test(text) || AN_HOUR.test(text));
}
