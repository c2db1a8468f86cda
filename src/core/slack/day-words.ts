/** Names of days in a recurring phrase: weekdays, lists and spans of them, ordinals, dates. */
import { indexOfName, MONTHS, WEEKDAYS } from "../calendar-words.ts";
import { type Scanner, takeSign } from "./scanner.ts";

export const WEEKDAY =
	"(sun|mon|tue|wed|thu|fri|sat)(?:days?|s|sdays?|nesdays?|rs?|rsdays?|urdays?)?";
const MONTH =
	"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?";
const ORDINAL_WORDS = ["first", "second", "third", "fourth", "fifth"];
export const ORDINAL = `(last|${ORDINAL_WORDS.join("|")}|\\d{1,2}(?:st|nd|rd|th))`;
export const WORKDAY = "(?:week|work|working |business )days?";

const WORKDAYS: readonly number[] = [1, 2, 3, 4, 5];
const WEEKEND: readonly number[] = [0, 6];

/** 1 to 31, or -1 for the last. */
export function ordinalOf(word: string): number {
	const lower = word.toLowerCase();
	if (lower === "last") return -1;
	const index = ORDINAL_WORDS.indexOf(lower);
	return index >= 0 ? index + 1 : Number.parseInt(lower, 10);
}

export function weekdayNumber(word: string): number {
	return indexOfName(WEEKDAYS, word);
}

/** `monday and thursday`, `mon, wed, fri`, `monday to friday`, `weekdays`; 0 is Sunday. */
export function readWeekdays(scanner: Scanner): readonly number[] | undefined {
	const days = new Set<number>();
	for (let isFirst = true; ; isFirst = false) {
		const group = scanner.attempt(() => {
			if (!isFirst && !takeListSign(scanner)) return undefined;
			return readWeekdayGroup(scanner);
		});
		if (group === undefined) break;
		for (const day of group) days.add(day);
	}
	return days.size === 0 ? undefined : [...days].sort((a, b) => a - b);
}

function readWeekdayGroup(scanner: Scanner): readonly number[] | undefined {
	if (scanner.take(WORKDAY) !== undefined) return WORKDAYS;
	if (scanner.take("weekends?(?: days?)?") !== undefined) return WEEKEND;
	const [first] = scanner.take(WEEKDAY) ?? [];
	if (first === undefined) return undefined;
	const from = weekdayNumber(first);
	const last = scanner.attempt(() => {
		if (scanner.take("to|through|thru|till") === undefined && !takeSign(scanner, /^\s*[-–]\s*/)) {
			return undefined;
		}
		return scanner.take(WEEKDAY)?.[0];
	});
	if (last === undefined) return [from];
	const length = (weekdayNumber(last) - from + 7) % 7;
	return Array.from({ length: length + 1 }, (_, index) => (from + index) % 7);
}

function takeListSign(scanner: Scanner): boolean {
	return takeSign(scanner, /^\s*(?:,\s*and\s+|,\s*|\/\s*|&\s*|and\s+)(?:the\s+|on\s+)*/i);
}

/** `1st`, `first and 15th`, `last`. */
export function readOrdinals(scanner: Scanner): readonly number[] | undefined {
	const ordinals: number[] = [];
	for (;;) {
		const [next] =
			scanner.attempt(() => {
				if (ordinals.length > 0 && !takeListSign(scanner)) return undefined;
				return scanner.take(ORDINAL);
			}) ?? [];
		if (next === undefined) return ordinals.length === 0 ? undefined : ordinals;
		ordinals.push(ordinalOf(next));
	}
}

/** `24 december`, `24th of december`, `december 24`. */
export function readDate(
	scanner: Scanner,
): { readonly month: number; readonly day: number } | undefined {
	const [day, month] = scanner.take(`(\\d{1,2})(?:st|nd|rd|th)?(?: of)? ${MONTH}`) ?? [];
	if (day !== undefined && month !== undefined) return dateOf(month, day);
	const [name, number] = scanner.take(`${MONTH} (\\d{1,2})(?:st|nd|rd|th)?`) ?? [];
	return name === undefined || number === undefined ? undefined : dateOf(name, number);
}

function dateOf(month: string, day: string) {
	return { month: indexOfName(MONTHS, month) + 1, day: Number(day) };
}
