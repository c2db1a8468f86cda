/** Words for days of a month: `the first monday of each month`, `every 1st and 15th`. Called by `repeat-words.ts`. */
import { readOrdinals, WEEKDAY, WORKDAY, weekdayNumber } from "./day-words.ts";
import type { RepeatRule } from "./repeat-rule.ts";
import type { Scanner } from "./scanner.ts";

/** `on the first and third monday of each month`, `the 15th of every month`. */
export function readDaysOfMonth(scanner: Scanner): RepeatRule | undefined {
	scanner.take("on");
	scanner.take("the");
	const rule = readOrdinalDays(scanner);
	const isEach = scanner.take("(?:of|in) (?:each|every|the|a) month") !== undefined;
	return isEach ? rule : undefined;
}

/** `first monday`, `15th`, `1st and 15th`, `last day`, `last working day`. */
export function readOrdinalDays(scanner: Scanner): RepeatRule | undefined {
	const ordinals = readOrdinals(scanner);
	if (ordinals === undefined) return undefined;
	const [first = 1] = ordinals;
	if (ordinals.length === 1 && Math.abs(first) <= 23 && scanner.take(WORKDAY) !== undefined) {
		return { kind: "workday", nth: first };
	}
	if (ordinals.every((nth) => nth <= 5)) {
		const [weekday] = scanner.take(WEEKDAY) ?? [];
		if (weekday !== undefined) {
			return { kind: "nth", nths: ordinals, weekday: weekdayNumber(weekday) };
		}
	}
	scanner.take("day");
	return ordinals.every((day) => day <= 31 && day !== 0)
		? { kind: "monthdays", days: ordinals }
		: undefined;
}

/** `every 15th`, `every 1st and 15th`, but neither `every 2nd day` nor `every second`. */
export function readDates(scanner: Scanner): RepeatRule | undefined {
	if (!/^\s*\d/.test(scanner.text.slice(scanner.at))) return undefined;
	const days = readOrdinals(scanner);
	if (scanner.take("(?:second|minute|hour|day|week|month)s?") !== undefined) return undefined;
	return days?.every((day) => day >= 1 && day <= 31) ? { kind: "monthdays", days } : undefined;
}
