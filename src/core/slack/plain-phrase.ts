/**
 * Rewrites what people say of times and the parser does not know into what it does, and hides what
 * nobody should read times in. Called by `phrase.ts`.
 */
import { quotedSpans } from "./tokens.ts";

const ONES = "one two three four five six seven eight nine ten eleven twelve".split(" ");
const TEENS = "thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(" ");
const TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
const HOUR = `(\\d{1,2}|${ONES.join("|")})`;
const UNIT = "(?=[ -](?:sec|min|hour|day|week|month))";

/** Where an office day ends; told whenever it is used. */
export const END_OF_DAY = "17:00";
export const END_OF_DAY_WORDS = /\b(?:end of (?:the )?(?:work(?:ing)? ?)?day|eod)\b/i;

/** In this order: later ones read what earlier ones wrote. */
const REWRITES: readonly (readonly [RegExp, (...groups: readonly string[]) => string])[] = [
	[/\b(?:the )?day after tomorrow\b/gi, () => "overmorrow"],
	[/@ ?(?=\d)/g, () => "at "],
	[/(?<!\d ?|[ap]m |clock )\bin the (?=(?:morning|afternoon|evening)\b)/gi, () => ""],
	[/\bonce (?:an?|per) (?=(?:hour|day|week|month)\b)/gi, () => "every "],
	[/\bfortnightly(?= (?:on|at)\b)/gi, () => "every 2 weeks"],
	[/\b(?:yearly|annually)(?= (?:on|at)\b)/gi, () => "every year"],
	[/\bend of (today|tomorrow)\b/gi, (_, day = "") => `${day} at ${END_OF_DAY}`],
	[new RegExp(`(?:\\bat (?:the )?)?${END_OF_DAY_WORDS.source}`, "gi"), () => `at ${END_OF_DAY}`],
	[/\b(?:a|one) fortnight\b/gi, () => "2 weeks"],
	[new RegExp(`\\bhalf past ${HOUR}\\b`, "gi"), (_, hour = "") => `${numberOf(hour)}:30`],
	[new RegExp(`\\b(?:a )?quarter past ${HOUR}\\b`, "gi"), (_, hour = "") => `${numberOf(hour)}:15`],
	[
		new RegExp(`\\b(?:a )?quarter to ${HOUR}\\b`, "gi"),
		(_, hour = "") => `${(numberOf(hour) + 23) % 24}:45`,
	],
	[/\bat (\d{1,2})h(\d\d)?\b/gi, (_, hour = "", minute = "00") => `at ${hour}:${minute}`],
	[new RegExp(`\\bat (${ONES.join("|")})\\b`, "gi"), (_, hour = "") => `at ${numberOf(hour)}`],
	[
		new RegExp(
			`\\b(${[...ONES, ...TEENS, ...TENS].join("|")})(?:[ -](${ONES.slice(0, 9).join("|")}))?${UNIT}`,
			"gi",
		),
		(_, tens = "", ones) => String(numberOf(tens) + (ones === undefined ? 0 : numberOf(ones))),
	],
	[
		/\b(?:an?|(\d{1,3})) (hour|minute)s? and a half\b/gi,
		(_, count = "1", unit = "") => `${count}.5 ${unit}s`,
	],
];

function numberOf(word: string): number {
	const lower = word.toLowerCase();
	for (const [words, first, step] of [
		[ONES, 1, 1],
		[TEENS, 13, 1],
		[TENS, 20, 10],
	] as const) {
		const index = words.indexOf(lower);
		if (index >= 0) return first + index * step;
	}
	return Number(word);
}

/** The text in words that the parser knows; what stands in quotes stays as it is. */
export function plainPhrase(text: string): string {
	let plain = "";
	let at = 0;
	for (const [start, end] of quotedSpans(text)) {
		plain += rewrite(text.slice(at, start)) + text.slice(start, end);
		at = end;
	}
	return plain + rewrite(text.slice(at));
}

function rewrite(text: string): string {
	return REWRITES.reduce((result, [pattern, write]) => result.replace(pattern, write), text);
}

/** How a phrase is shown to whom it came from. */
export function shownPhrase(text: string): string {
	return text.trim().replace(/\bovermorrow\b/g, "day after tomorrow");
}

const NOT_TIMES = /https?:\/\/\S+|<[@#][A-Z0-9]+>|\S+@\S+\.\S+/g;

/** The same length, with quoted texts, links and mentions blotted out. */
export function blotOut(text: string): string {
	const blots = [
		...quotedSpans(text),
		...[...text.matchAll(NOT_TIMES)].map(({ index, 0: match }) => [index, index + match.length]),
	];
	let blotted = text;
	for (const [start = 0, end = 0] of blots) {
		blotted = blotted.slice(0, start) + "_".repeat(end - start) + blotted.slice(end);
	}
	return blotted;
}
