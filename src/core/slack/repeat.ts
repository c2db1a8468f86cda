/**
 * Phrases that recur: `every weekday at 9`, `on the first monday of each month`, `every 15 minutes`.
 * chrono-node reads none of them. Called by `choose-phrase.ts`.
 */
import { err, ok, type Result } from "../result.ts";
import { type Minutes, readTimes } from "./clock-words.ts";
import { ORDINAL, WEEKDAY } from "./day-words.ts";
import type { RepeatRule } from "./repeat-rule.ts";
import { readLateDays, readRepeatWords } from "./repeat-words.ts";
import { Scanner } from "./scanner.ts";

export type Repeat = {
	readonly kind: "repeat";
	readonly start: number;
	readonly end: number;
	readonly rule: RepeatRule;
	/** Of day; none where none was said or needed. */
	readonly times: readonly Minutes[] | undefined;
	/** Firings, where a number was said. */
	readonly limit: number | undefined;
	readonly told: readonly string[];
	/** A time of day was said, or none is needed. */
	readonly hasTime: boolean;
};

/** What begins like a phrase that recurs and is none. */
export type BrokenRepeat = {
	readonly start: number;
	readonly end: number;
	readonly problem?: string;
};

const PLURALS = "(?:weekdays|workdays|weekends|(?:mon|tues|wednes|thurs|fri|satur|sun)days)";
const OF_MONTH = `(?:the )?${ORDINAL}(?= .{1,40}\\b(?:each|every|the|a) month)`;
/** Where one may begin. */
const BEGINNING = new RegExp(
	`\\b(?:every|each|daily|hourly|weekly|monthly|(?:bi-?weekly|bimonthly|quarterly)(?= (?:on|at)\\b)|(?:on )?${PLURALS}|${WEEKDAY}(?: ?[-–] ?| to )${WEEKDAY}|(?:on )?${OF_MONTH})(?![\\w-])`,
	"gi",
);
/** A time of day right before it: `at 9 every weekday`. */
const TIME_BEFORE =
	/(?:\bat \d{1,2}(?:[:.]\d\d)?(?: ?[ap]m)?|\b\d{1,2}(?::\d\d| ?[ap]m)|\b(?:at )?(?:noon|midnight))\s+(?:on )?$/i;

/** The phrases in `text` that recur, or only begin like it. */
export function findRepeats(text: string): readonly Result<Repeat, BrokenRepeat>[] {
	const found: Result<Repeat, BrokenRepeat>[] = [];
	let from = 0;
	for (const match of text.matchAll(BEGINNING)) {
		if (match.index < from) continue;
		const one = readRepeat(text, match.index);
		// “tell each team”, “the first draft of the month”: only the other words begin nothing else.
		if (!one.ok && !/^(?:every|.*ly$)/i.test(match[0])) continue;
		if (one.ok) from = one.value.end;
		found.push(one);
	}
	return found;
}

function readRepeat(text: string, start: number): Result<Repeat, BrokenRepeat> {
	const before = TIME_BEFORE.exec(text.slice(0, start));
	const told: string[] = [];
	const scanner = new Scanner(text, start);
	const words = readRepeatWords(scanner, told);
	if (words === undefined) return err({ start, end: text.length });
	const begin = before?.index ?? start;
	const said = before === null ? words.times : readTimes(new Scanner(text, begin));
	const early = readLateDays(scanner, words.rule);
	const times = said ?? readTimes(scanner);
	const rule = early ?? readLateDays(scanner, words.rule) ?? words.rule;
	const isElapsed = rule.kind === "elapsed";
	if (isElapsed && times !== undefined) {
		const problem = "it counts elapsed time, which has no time of day";
		return err({ start: begin, end: scanner.at, problem });
	}
	const [limit] = scanner.take("(\\d{1,4}) times") ?? [];
	return ok({
		kind: "repeat",
		start: begin,
		end: scanner.at,
		rule,
		times,
		limit: limit === undefined ? undefined : Number(limit),
		told,
		hasTime: isElapsed || times !== undefined,
	});
}
