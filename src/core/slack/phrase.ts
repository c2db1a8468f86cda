/**
 * Finds in people's words when a timer fires, and what remains as its note. What it is not sure of
 * it refuses, saying what it understood. Called by `command.ts`.
 */
import type { ScheduleInput } from "../../contract/schedule.ts";
import { NO_CALENDARS } from "../calendar/calendar-dates.ts";
import { parseDuration } from "../duration.ts";
import type { DstNote } from "../recurrence/occurrence.ts";
import { readSchedule } from "../recurrence/read-schedule.ts";
import { requireZone } from "../recurrence/zone.ts";
import { ok, type Result } from "../result.ts";
import { Flaws } from "../timer-rules.ts";
import { misread, type Problem, type SlackAsker } from "./misread.ts";
import { type Found, findTimes, type Instant, readOneTime } from "./one-time.ts";
import { blotOut, END_OF_DAY, END_OF_DAY_WORDS, plainPhrase, shownPhrase } from "./plain-phrase.ts";
import { findRepeats, type Repeat } from "./repeat.ts";
import { quote } from "./text.ts";
import { quotedSpans, withoutQuotes } from "./tokens.ts";

export type When = Instant | { readonly kind: "schedule"; readonly schedule: ScheduleInput };

export type Phrase = {
	readonly when: When;
	/** The words that say no time. */
	readonly note: string;
	/** What was decided where the words left it open, in sentences. */
	readonly told: readonly string[];
};

/** Longer words are searched for times at their beginning and end only. */
const SEARCHED_MAX = 1_000;

/** When a command's words say a timer fires. */
export function readPhrase(words: string, asker: SlackAsker): Result<Phrase, Problem> {
	const text = words.replace(/^(?:please )?remind (?:me|us)(?: to)?\s+/i, "");
	const first = readLeadingDuration(text);
	if (first !== undefined) return first;
	if (text.length > SEARCHED_MAX) {
		return misread(null, `That is longer than ${SEARCHED_MAX} characters: put a duration first.`);
	}
	const plain = plainPhrase(text);
	const blotted = blotOut(plain);
	const zone = requireZone(asker.zone);
	const repeats = findRepeats(blotted, asker.zone, asker.now + zone.offsetAt(asker.now));
	const times = findTimes(blotted, asker.now, zone);
	const told = END_OF_DAY_WORDS.test(text) ? [`The end of the day is read as ${END_OF_DAY}.`] : [];
	const phrase = choose(plain, repeats, times, asker);
	if (!phrase.ok) return phrase;
	return ok({ ...phrase.value, told: [...told, ...phrase.value.told] });
}

/** `15m stand-up`, `1h 30m tea`: as in the founding system, the rest is the note. */
function readLeadingDuration(text: string): Result<Phrase, Problem> | undefined {
	const match =
		/^(?:[\d.]+(?:ms|[wdhms])\s*)+(?=\s|$)/i.exec(text) ?? /^P[\dTWDHMS.,]+(?=\s|$)/.exec(text);
	if (match === null) return undefined;
	const duration = parseDuration(match[0]);
	if (!duration.ok) return misread(null, duration.error.message);
	const note = noteOf(text.slice(match[0].length));
	return ok({ when: { kind: "after", ms: duration.value }, note, told: [] });
}

type Span = { readonly start: number; readonly end: number };

/** One phrase of all that were found: the one that begins the text, else the one that ends it. */
function choose(
	text: string,
	repeats: ReturnType<typeof findRepeats>,
	times: readonly Found[],
	asker: SlackAsker,
): Result<Phrase, Problem> {
	const read = repeats.flatMap((one) => (one.ok ? [one.value] : []));
	const within = (span: Span) =>
		read.some(({ start, end }) => span.start < end && start < span.end);
	const single = mergeTimes(
		text,
		times.filter((time) => !within(time)),
	);
	const spans: readonly (Repeat | Found)[] = [...read, ...single].sort((a, b) => a.start - b.start);
	const first = spans.find(({ start }) => isNothing(text.slice(0, start)));
	const broken = repeats.find((one) => !one.ok);
	if (first === undefined && broken !== undefined && !broken.ok) {
		const { start, end, problem } = broken.error;
		const shown = shownPhrase(text.slice(start, end));
		return problem === ""
			? misread(null, `I could not read ${quote(text.slice(start))}.`)
			: misread(shown, problem);
	}
	const chosen =
		first ??
		spans.find(({ end }) => isNothing(text.slice(end))) ??
		(spans.length === 1 ? spans[0] : undefined);
	if (chosen === undefined) {
		if (spans.length === 0) return misread(null, `I found no time in ${quote(text)}.`);
		const names = spans.map(({ start, end }) => quote(text.slice(start, end)));
		return misread(null, `I found more than one time: ${names.join(" and ")}.`);
	}
	return readChosen(text, chosen, spans, asker);
}

function readChosen(
	text: string,
	chosen: Repeat | Found,
	spans: readonly Span[],
	asker: SlackAsker,
): Result<Phrase, Problem> {
	const understood = shownPhrase(text.slice(chosen.start, chosen.end));
	const before = text.slice(0, chosen.start).replace(/(?:^|\s)(?:at|on|by|,)\s*$/i, "");
	const after = text.slice(chosen.end);
	const next = spans.find((span) => span.start >= chosen.end);
	const isDoubled = next !== undefined && /^[\s,;]*$/.test(text.slice(chosen.end, next.start));
	const strange = strangeBefore(before) ?? strangeAfter(after, chosen.hasTime, isDoubled);
	if (strange !== undefined) return misread(understood, `not ${quote(strange)}`);
	const note = noteOf(`${before} ${restOf(chosen, after)}`);
	if (!("result" in chosen)) {
		const flaw = flawOf(chosen.schedule, asker);
		if (flaw !== undefined) return misread(understood, flaw);
		return ok({ when: { kind: "schedule", schedule: chosen.schedule }, note, told: chosen.told });
	}
	const reading = readOneTime(chosen, asker.now, asker.zone);
	if (!reading.ok) return reading;
	const { value: when, told } = reading.value;
	const moved = when.kind === "at" && when.note !== undefined ? [dstText(when.note)] : [];
	return ok({ when, note, told: [...told, ...moved] });
}

/** The text behind a phrase without the time of day that was said apart from it. */
function restOf(chosen: Repeat | Found, after: string): string {
	if (!("result" in chosen) || chosen.timeFrom === chosen.result) return after;
	const { index, text } = chosen.timeFrom;
	const start = index - chosen.end;
	return `${after.slice(0, start)} ${after.slice(start + text.length)}`;
}

/** “tomorrow stand-up at 9”: a day and a time of day that stand apart are one phrase. */
function mergeTimes(text: string, times: readonly Found[]): readonly Found[] {
	const [day, time] = times;
	if (times.length !== 2 || day === undefined || time === undefined) return times;
	const apart = day.hasDate && !day.hasTime && time.hasTime && !time.hasDate;
	if (!apart || !isNothing(text.slice(0, day.start)) || !isNothing(text.slice(time.end)))
		return times;
	return [{ ...day, hasTime: true, timeFrom: time.result }];
}

function isNothing(text: string): boolean {
	return /^[\s,;:.!–—-]*$/.test(text);
}

/** Words that, right before a phrase, change what it means. */
const STRANGE_BEFORE =
	/(?:^|\s)((?:after|before|until|till|since|from|later|past|half|quarter|of|except|every|each|or|and|not|next|last|the|\d{1,2}(?:st|nd|rd|th)|\d{1,2}\.\d{0,2}\.?)\s*)$/i;
/** And right behind one. */
const STRANGE_AFTER =
	/^[\s,]*(?:and|or|until|till|through|before|after|past|except|from|between|every|each|am|pm|o'clock|-\s?\d|–\s?\d|\/|[ap]\.m\.|\d{1,2}[:h]\d\d|\d{1,2}\s*[ap]m|to \d|on the \d|the \d{1,2}(?:st|nd|rd|th))(?=[\W\d]|$)/i;
/** Behind a day whose time of day was not said, this may be one. */
const STRANGE_TIME = /^[\s,]*(?:at|around|about|@|~|\d)/i;

function strangeBefore(before: string): string | undefined {
	return STRANGE_BEFORE.exec(before) === null ? undefined : before;
}

function strangeAfter(after: string, hasTime: boolean, isDoubled: boolean): string | undefined {
	const isStrange =
		isDoubled || STRANGE_AFTER.test(after) || (!hasTime && STRANGE_TIME.test(after));
	return isStrange ? after : undefined;
}

/** The words around a phrase, without what only joined them to it. */
function noteOf(text: string): string {
	const note = text
		.trim()
		.replace(/^(?:[,;:–—-]|to(?=\s))\s*/i, "")
		.replace(/\s*[,;:–—-]$/, "")
		.replace(/ {2,}/g, " ")
		.trim();
	const [quoted] = quotedSpans(note);
	const isQuoted = quoted !== undefined && quoted[0] === 0 && quoted[1] === note.length;
	return isQuoted ? withoutQuotes(note) : note;
}

/** What the network would refuse of a schedule. */
function flawOf(schedule: ScheduleInput, asker: SlackAsker): string | undefined {
	const flaws = new Flaws();
	readSchedule(
		schedule,
		{ now: asker.now, pathOf: (member) => member, calendars: NO_CALENDARS, requireFuture: true },
		flaws,
	);
	const refusal = flaws.refusal();
	if (refusal === undefined || !("errors" in refusal)) return undefined;
	return refusal.errors.map(({ message }) => message).join("; ");
}

export function dstText(note: DstNote): string {
	return note.kind === "gap"
		? "The clocks skip that time on that day, so it is moved forward by as much."
		: `That time comes twice on that day; it is the ${note.which}.`;
}
