/** Times of day in a recurring phrase: `at 9 and 17:30`, `9am`, `noon`. Called by `repeat.ts`. */
import { type Scanner, takeSign } from "./scanner.ts";

/** Minutes of the day. */
export type Minutes = number;

const CLOCK = "(\\d{1,2})(?:[:.h](\\d\\d))?(?:\\s*(am|pm|h)|\\s*o'?clock)?";
/** One that cannot be any other number. */
const PLAIN_CLOCK = "(\\d{1,2})(?::(\\d\\d)(?:\\s*(am|pm))?|\\s*(am|pm))";

/** Between two times. */
const AND = /^\s*(?:,\s*and\s+|,\s*|&\s*|and\s+)(?:at\s+)?/i;

/** `at 9, 12:30 and 5pm`, or a clear time without `at`. Nothing when no time stands next. */
export function readTimes(scanner: Scanner): readonly Minutes[] | undefined {
	const times: Minutes[] = [];
	const first = scanner.attempt(() => {
		if (scanner.take("(?:at|@)") !== undefined) return readClock(scanner);
		return readPlainClock(scanner);
	});
	if (first === undefined) return undefined;
	times.push(first);
	for (;;) {
		const next = scanner.attempt(() => (takeSign(scanner, AND) ? readClock(scanner) : undefined));
		if (next === undefined) return [...new Set(times)].sort((a, b) => a - b);
		times.push(next);
	}
}

function readPlainClock(scanner: Scanner): Minutes | undefined {
	const word = readWord(scanner);
	if (word !== undefined) return word;
	const [hour, minute, half, other] = scanner.take(PLAIN_CLOCK) ?? [];
	return minutesOf(hour, minute, half ?? other);
}

function readClock(scanner: Scanner): Minutes | undefined {
	const word = readWord(scanner);
	if (word !== undefined) return word;
	const [hour, minute, half] = scanner.take(CLOCK) ?? [];
	return minutesOf(hour, minute, half);
}

function readWord(scanner: Scanner): Minutes | undefined {
	const word = scanner.take("(noon|midday|midnight)")?.[0]?.toLowerCase();
	if (word === undefined) return undefined;
	return word === "midnight" ? 0 : 720;
}

function minutesOf(
	hourText: string | undefined,
	minuteText: string | undefined,
	half: string | undefined,
): Minutes | undefined {
	if (hourText === undefined) return undefined;
	const [hour, minute] = [Number(hourText), Number(minuteText ?? 0)];
	const isHalf = half !== undefined && /^[ap]m$/i.test(half);
	if (minute > 59 || hour > (isHalf ? 12 : 23) || (isHalf && hour === 0)) return undefined;
	if (!isHalf) return hour * 60 + minute;
	return ((hour % 12) + (/^p/i.test(half) ? 12 : 0)) * 60 + minute;
}
