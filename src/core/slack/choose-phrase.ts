/**
 * Which of the times in a text is meant: “monday report in 20 minutes” has two, and a person sees
 * which is the subject. Refuses where a person would ask. Called by `phrase.ts`.
 */
import { ok, type Result } from "../result.ts";
import { type Found, isBareLength } from "./found-time.ts";
import { misread, type Problem } from "./misread.ts";
import { shownPhrase } from "./plain-phrase.ts";
import type { BrokenRepeat, Repeat } from "./repeat.ts";
import { strangeWords } from "./strange-words.ts";
import { quote } from "./text.ts";

/** A phrase, and where its time of day stands when that is apart from it. */
export type Span = (Repeat | Found) & {
	readonly timeSpan?: { readonly start: number; readonly end: number };
};

export type Choice = {
	readonly chosen: Span;
	/** Whether no other time stands right before or behind it. */
	readonly alone: { readonly before: boolean; readonly after: boolean };
};

/** @param text where the phrases were found */
export function choosePhrase(
	text: string,
	repeats: readonly Result<Repeat, BrokenRepeat>[],
	times: readonly Found[],
): Result<Choice, Problem> {
	const read = repeats.flatMap((one) => (one.ok ? [one.value] : []));
	const isFree = (time: Found) =>
		read.every(({ start, end }) => time.end <= start || end <= time.start);
	const found = [...read, ...times.filter(isFree)].sort((a, b) => a.start - b.start);
	const spans = mergeTime(text, found);
	const broken = repeats.find((one) => !one.ok);
	const isBegun = spans.some((span) => beginsText(text, span) && span.hasTime);
	if (broken !== undefined && !broken.ok && !isBegun) return refuseBroken(text, broken.error);
	if (spans.length === 0) return misread(null, `I found no time in ${quote(text)}.`);
	const torn = tornRepeat(text, spans);
	if (torn !== undefined) {
		const rest = strangeWords("", text.slice(torn.end), false, { before: true, after: true });
		if (rest !== undefined) {
			return misread(shownPhrase(text.slice(torn.start, torn.end)), `not ${quote(rest)}`);
		}
	}
	const chosen = torn === undefined ? preferred(text, spans) : undefined;
	if (chosen !== undefined) return ok({ chosen, alone: standsAlone(text, chosen, spans) });
	const names = spans.map(({ start, end }) => quote(text.slice(start, end)));
	const all = `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
	return misread(null, `I found more than one time: ${all}. Put words that are no time in quotes.`);
}

function refuseBroken(text: string, { start, end, problem }: BrokenRepeat): Result<never, Problem> {
	if (problem !== undefined) return misread(shownPhrase(text.slice(start, end)), problem);
	return misread(null, `I could not read ${quote(text.slice(start))}.`);
}

/**
 * A phrase with its time of day that begins the text, or else ends it; then a length of time, which
 * may belong to the words; then a day alone, if there is nothing better.
 */
function preferred(text: string, spans: readonly Span[]): Span | undefined {
	const [only] = spans;
	if (spans.length === 1) return only;
	const complete = spans.filter((span) => span.hasTime);
	const clear = complete.filter((span) => span.kind === "repeat" || !isBareLength(span));
	const atEdge = (some: readonly Span[]) =>
		some.find((span) => beginsText(text, span)) ?? some.find((span) => endsText(text, span));
	const found = atEdge(clear) ?? (complete.length === 1 ? atEdge(complete) : undefined);
	return found ?? (complete.length === 0 ? atEdge(spans) : undefined);
}

/** “every friday report tomorrow at 9”: both ends may be meant. */
function tornRepeat(text: string, spans: readonly Span[]): Span | undefined {
	const [first, ...others] = spans;
	if (first?.kind !== "repeat" || first.hasTime || !beginsText(text, first)) return undefined;
	return /^every/i.test(text.trim()) && others.some((one) => one.hasTime) ? first : undefined;
}

/** “tomorrow stand-up at 9”: a day that begins the text and a time of day that ends it are one. */
function mergeTime(text: string, spans: readonly (Repeat | Found)[]): readonly Span[] {
	const [day, time] = spans;
	if (spans.length !== 2 || day === undefined || time?.kind !== "once") return spans;
	const isDay = day.kind === "repeat" ? !day.hasTime : day.hasDate && !day.hasTime;
	const isTime = time.hasTime && !time.hasDate && time.offsetMs === undefined && !time.result.end;
	if (!isDay || !isTime || !beginsText(text, day) || !endsText(text, time)) return spans;
	const timeSpan = { start: time.start, end: time.end };
	if (day.kind === "once") return [{ ...day, hasTime: true, timeFrom: time.result, timeSpan }];
	const { start } = time.result;
	const minutes = (start.get("hour") ?? 0) * 60 + (start.get("minute") ?? 0);
	return [{ ...day, hasTime: true, times: [minutes], timeSpan }];
}

function standsAlone(text: string, chosen: Span, spans: readonly Span[]): Choice["alone"] {
	const joins = (from: number, to: number) => /^[\s,;]*$/.test(text.slice(from, to));
	return {
		before: !spans.some(({ end }) => end <= chosen.start && joins(end, chosen.start)),
		after: !spans.some(({ start }) => start >= chosen.end && joins(chosen.end, start)),
	};
}

function beginsText(text: string, { start }: Span): boolean {
	return isNothing(text.slice(0, start));
}

function endsText(text: string, { end }: Span): boolean {
	return isNothing(text.slice(end));
}

function isNothing(text: string): boolean {
	return /^[\s,;:.!–—-]*$/.test(text);
}
