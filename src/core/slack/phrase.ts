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
import { type Choice, choosePhrase, type Span } from "./choose-phrase.ts";
import { findTimes } from "./found-time.ts";
import { misread, type Problem, type SlackAsker } from "./misread.ts";
import { type Instant, NO_TIME_TOLD, type Reading, readOneTime } from "./one-time.ts";
import { blotOut, END_OF_DAY, END_OF_DAY_WORDS, plainPhrase, shownPhrase } from "./plain-phrase.ts";
import { findRepeats, type Repeat } from "./repeat.ts";
import { DEFAULT_MINUTES, scheduleOf } from "./repeat-rule.ts";
import { strangeWords } from "./strange-words.ts";
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

/** Characters searched for times: the parser takes milliseconds for these, and more for more. */
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
	const times = findTimes(blotted, asker.now, requireZone(asker.zone));
	const choice = choosePhrase(plain, findRepeats(blotted), times);
	if (!choice.ok) return choice;
	const phrase = readChosen(plain, choice.value, asker);
	if (!phrase.ok) return phrase;
	if (!END_OF_DAY_WORDS.test(text)) return phrase;
	const told = [`The end of the day is read as ${END_OF_DAY}.`, ...phrase.value.told];
	return ok({ ...phrase.value, told });
}

/** `15m stand-up`, `1h 30m tea`: as in the founding system, the rest is the note. */
function readLeadingDuration(text: string): Result<Phrase, Problem> | undefined {
	const match =
		/^(?:[\d.]+(?:ms|[wdhms])\s*)+(?:from now|later)?(?=\s|$)/i.exec(text) ??
		/^P[\dTWDHMS.,]+(?=\s|$)/.exec(text);
	if (match === null) return undefined;
	const duration = parseDuration(match[0].replace(/from now|later/i, ""));
	if (!duration.ok) return misread(null, duration.error.message);
	const note = noteOf(text.slice(match[0].length));
	return ok({ when: { kind: "after", ms: duration.value }, note, told: [] });
}

function readChosen(
	text: string,
	{ chosen, alone }: Choice,
	asker: SlackAsker,
): Result<Phrase, Problem> {
	const understood = shownPhrase(text.slice(chosen.start, chosen.end));
	const before = text
		.slice(0, chosen.start)
		.replace(/(?:^|\s)the\s*$/i, (the) => (/^\d/.test(understood) ? " " : the))
		.replace(/(?:^|\s)(?:at|on|by|,)\s*$/i, " ");
	const strange = strangeWords(before, text.slice(chosen.end), chosen.hasTime, alone);
	if (strange !== undefined) return misread(understood, `not ${quote(strange)}`);
	const note = noteOf(`${before} ${restOf(text, chosen)}`);
	const reading =
		chosen.kind === "repeat"
			? readRepeatSchedule(chosen, understood, asker)
			: readOneTime(chosen, asker.now, asker.zone);
	if (!reading.ok) return reading;
	const { value: when, told } = reading.value;
	const moved = when.kind === "at" && when.note !== undefined ? [dstText(when.note)] : [];
	return ok({ when, note, told: [...told, ...moved] });
}

/** The text behind a phrase without the time of day that was said apart from it. */
function restOf(text: string, chosen: Span): string {
	const after = text.slice(chosen.end);
	if (chosen.timeSpan === undefined) return after;
	const { start, end } = chosen.timeSpan;
	return `${text.slice(chosen.end, start)} ${text.slice(end)}`;
}

/** The schedule of a phrase that recurs, as the network would take it. */
function readRepeatSchedule(
	repeat: Repeat,
	understood: string,
	{ now, zone: timezone }: SlackAsker,
): Result<Reading<When>, Problem> {
	const { rule, times = [DEFAULT_MINUTES], limit } = repeat;
	const localNow = now + requireZone(timezone).offsetAt(now);
	const rules = scheduleOf(rule, times, timezone, localNow);
	if (rules === undefined) return misread(understood, "it takes times with the same minutes only");
	const schedule = limit === undefined ? rules : { ...rules, limit };
	const flaw = flawOf(schedule, now);
	if (flaw !== undefined) return misread(understood, flaw);
	const told = repeat.hasTime ? repeat.told : [...repeat.told, NO_TIME_TOLD];
	return ok({ value: { kind: "schedule", schedule }, told });
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
function flawOf(schedule: ScheduleInput, now: number): string | undefined {
	const flaws = new Flaws();
	const pathOf = (member: string) => member;
	readSchedule(schedule, { now, pathOf, calendars: NO_CALENDARS, requireFuture: true }, flaws);
	const refusal = flaws.refusal();
	if (refusal === undefined || !("errors" in refusal)) return undefined;
	return refusal.errors.map(({ message }) => message).join("; ");
}

function dstText(note: DstNote): string {
	return note.kind === "gap"
		? "The clocks skip that time on that day, so it is moved forward by as much."
		: `That time comes twice on that day; it is the ${note.which}.`;
}
