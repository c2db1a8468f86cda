/** What makes a phrase that names an instant unusable, however it is counted. Called by `one-time.ts`. */
import { MONTHS } from "../calendar-words.ts";
import { HOUR } from "../units.ts";
import { type Found, isElapsed } from "./found-time.ts";
import { misread } from "./misread.ts";
import { shownPhrase } from "./plain-phrase.ts";
import { quote } from "./text.ts";

/** Kiribati's, the largest there is. */
const OFFSET_MAX = 14 * HOUR;

export const PASSED = "that has passed";

/** What makes a phrase unusable however it is counted. */
export function problemOf({
	text,
	result,
	offsetMs,
}: Found): ReturnType<typeof misread> | undefined {
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

function monthDay(day: number, month: number): string {
	return `${day} ${MONTHS[month - 1]}`;
}
