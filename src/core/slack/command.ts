/**
 * Reads the text of a slash command: sub-commands, the flags of the founding command, and phrases
 * that say when. Total: any text gives a command or says what was not understood. Called by the
 * route of Slack's commands.
 */
import type { JsonObject } from "../../contract/json.ts";
import { parseDuration } from "../duration.ts";
import { formatInstant, parseInstant } from "../instant.ts";
import { zoneOf } from "../recurrence/zone.ts";
import { err, ok, type Result } from "../result.ts";
import { MINUTE, SECOND } from "../units.ts";
import { misread, type Problem, type SlackAsker, type SlackMisread } from "./misread.ts";
import { readPhrase, type When } from "./phrase.ts";
import { parseQuietHours, type QuietHours } from "./quiet-hours.ts";
import { decodeSlackText, quote } from "./text.ts";
import { COMMAND_FLAGS, type Flags, objectIn, readTimerFlags } from "./timer-flags.ts";
import { splitFlags, withoutQuotes } from "./tokens.ts";

export type { SlackAsker, SlackMisread } from "./misread.ts";

/** Members of a body of `POST /v1/timers`; the schema of that body judges them. */
export type SlackTimerInput = JsonObject;

export type SlackCommand =
	| { readonly kind: "help" }
	| { readonly kind: "list"; readonly page: number }
	/** `target` is an id or a name. */
	| { readonly kind: "cancel" | "done"; readonly target: string }
	| { readonly kind: "snooze"; readonly target: string; readonly byMs: number }
	/** `null` ends them. */
	| { readonly kind: "quiet"; readonly hours: QuietHours | null }
	| { readonly kind: "quiet_show" }
	/** `null` follows the zone that Slack knows. */
	| { readonly kind: "zone"; readonly zone: string | null }
	| {
			readonly kind: "create";
			readonly timer: SlackTimerInput;
			/** What the message says when it fires. */
			readonly text: string;
			readonly inChannel: boolean;
			/** What was decided where the words left it open, in sentences. */
			readonly told: readonly string[];
	  };

/** How long the founding command waits when it is told nothing. */
const DEFAULT_MS = 30 * SECOND;
const SNOOZE_MS = 10 * MINUTE;
/** What a timer says that was given no words. */
const TIME_IS_UP = "Time is up.";

/** What may stand behind the command's name; the examples name the command that was used. */
export function readCommand(text: string, asker: SlackAsker): Result<SlackCommand, SlackMisread> {
	const typed = decodeSlackText(text).trim();
	const [first = ""] = typed.split(/\s/, 1);
	const rest = typed.slice(first.length).trim();
	const subcommand = SUBCOMMANDS.get(first.toLowerCase());
	if (subcommand !== undefined)
		return withExample(subcommand.read(rest), subcommand.example, asker);
	const example = /\b(?:every|each|daily|weekly|monthly)\b/i.test(typed)
		? "every weekday at 9 stand-up"
		: "tomorrow at 8:30 stand-up";
	return withExample(readCreate(typed, asker), example, asker);
}

function withExample(
	read: Result<SlackCommand, Problem>,
	example: string,
	{ command }: SlackAsker,
): Result<SlackCommand, SlackMisread> {
	return read.ok ? read : err({ ...read.error, example: `${command} ${example}` });
}

type Subcommand = {
	readonly example: string;
	read(rest: string): Result<SlackCommand, Problem>;
};

const SUBCOMMANDS: ReadonlyMap<string, Subcommand> = new Map([
	["help", { example: "help", read: () => ok({ kind: "help" as const }) }],
	["list", { example: "list", read: readList }],
	["cancel", { example: "cancel stand-up", read: (rest) => readTarget("cancel", rest) }],
	["done", { example: "done stand-up", read: (rest) => readTarget("done", rest) }],
	["snooze", { example: "snooze stand-up 10m", read: readSnooze }],
	["quiet", { example: "quiet 22:00-07:00", read: readQuiet }],
	["tz", { example: "tz Europe/Berlin", read: readZone }],
]);

function readList(rest: string): Result<SlackCommand, Problem> {
	const page = /^(?:page\s+)?([1-9]\d{0,3})$/i.exec(rest)?.[1];
	if (rest === "" || page !== undefined) return ok({ kind: "list", page: Number(page ?? 1) });
	return misread("list", `not ${quote(rest)}: for a timer with that note, put its time first`);
}

function readTarget(kind: "cancel" | "done", rest: string): Result<SlackCommand, Problem> {
	const target = targetIn(rest);
	if (target === "") return misread(kind, "not which timer: give its id or its name");
	return ok({ kind, target });
}

/** An id or a name, without quotes and without the marks that Slack copies with code and bold text. */
function targetIn(text: string): string {
	return withoutQuotes(text.replace(/^(`|\*)(.+)\1$/s, "$2"));
}

function readSnooze(rest: string): Result<SlackCommand, Problem> {
	const [, target = "", length] = /^(.*?)(?:\s+(?:for\s+|by\s+)?(\d[\w.]*))?$/is.exec(rest) ?? [];
	const duration = length === undefined ? undefined : parseDuration(length);
	if (duration === undefined || !duration.ok) {
		const name = targetIn(rest);
		if (name === "" || parseDuration(name).ok) {
			return misread("snooze", "not which timer: give its id or its name");
		}
		return ok({ kind: "snooze", target: name, byMs: SNOOZE_MS });
	}
	return ok({ kind: "snooze", target: targetIn(target), byMs: duration.value });
}

function readQuiet(rest: string): Result<SlackCommand, Problem> {
	if (rest === "") return ok({ kind: "quiet_show" });
	if (/^(?:off|none|never|end)$/i.test(rest)) return ok({ kind: "quiet", hours: null });
	const hours = parseQuietHours(rest);
	return hours.ok ? ok({ kind: "quiet", hours: hours.value }) : misread(null, hours.error.message);
}

function readZone(rest: string): Result<SlackCommand, Problem> {
	if (/^(?:auto|off|slack)$/i.test(rest)) return ok({ kind: "zone", zone: null });
	// As it is, and as `europe/berlin` is meant.
	const capital = rest.toLowerCase().replace(/(?:^|[/_-])[a-z]/g, (letter) => letter.toUpperCase());
	const meant = rest.includes("/") ? [rest, capital] : [rest, rest.toUpperCase(), capital];
	const zone = meant.find((name) => zoneOf(name) !== undefined);
	if (zone !== undefined) return ok({ kind: "zone", zone });
	return misread(
		null,
		`${quote(rest)} is no time zone: give an IANA name, or auto to follow Slack.`,
	);
}

function readCreate(typed: string, asker: SlackAsker): Result<SlackCommand, Problem> {
	const words = splitFlags(typed, COMMAND_FLAGS);
	if (!words.ok) return misread(null, words.error);
	const { rest, flags } = words.value;
	const members = readTimerFlags(flags);
	if (!members.ok) return misread(null, members.error);
	const phrase = readWhen(rest, flags, asker);
	if (!phrase.ok) return phrase;
	const { when, note, told } = phrase.value;
	const name = flags.get("name") ?? `slack-${asker.now}`;
	const metadata = {
		...objectIn(members.value, "metadata"),
		...(note !== "" && { slack_note: note }),
	};
	const timer = {
		requestedBy: "slack:command",
		...members.value,
		name,
		...(Object.keys(metadata).length > 0 && { metadata }),
		...timeMembers(when),
	};
	const text = note === "" ? (flags.get("name") ?? TIME_IS_UP) : note;
	return ok({ kind: "create", timer, text, inChannel: flags.has("public"), told });
}

function timeMembers(when: When): SlackTimerInput {
	switch (when.kind) {
		case "after":
			return { in: when.ms };
		case "at":
			return { at: formatInstant(when.at) };
		case "schedule":
			// A schedule is JSON by its schema.
			return { schedule: when.schedule as JsonObject };
	}
}

type Timed = { readonly when: When; readonly note: string; readonly told: readonly string[] };

/** From the flags, else from the words; with flags, all words are the note. */
function readWhen(rest: string, flags: Flags, asker: SlackAsker): Result<Timed, Problem> {
	const [duration, fireAt] = [flags.get("duration"), flags.get("fireAt")];
	if (duration !== undefined && fireAt !== undefined) {
		return misread(null, "--duration and --fire-at both say when: give one of them.");
	}
	const note = withoutQuotes(rest);
	if (duration !== undefined) {
		const ms = parseDuration(duration);
		if (!ms.ok) return misread(null, `--duration: ${ms.error.message}`);
		return ok({ when: { kind: "after", ms: ms.value }, note, told: [] });
	}
	if (fireAt !== undefined) return readFireAt(fireAt, note, asker);
	if (rest === "") {
		const told = [
			`No time was said, so it is in 30 seconds; \`${asker.command} help\` shows more.`,
		];
		return ok({ when: { kind: "after", ms: DEFAULT_MS }, note, told });
	}
	return readPhrase(rest, asker);
}

/** RFC 3339 as in the founding command, or any phrase. */
function readFireAt(text: string, note: string, asker: SlackAsker): Result<Timed, Problem> {
	const instant = parseInstant(text);
	if (instant.ok) {
		if (instant.value <= asker.now) return misread(text, "that has passed");
		return ok({ when: { kind: "at", at: instant.value }, note, told: [] });
	}
	const phrase = readPhrase(text, asker);
	if (!phrase.ok) return phrase;
	if (phrase.value.note !== "") return misread(null, `--fire-at: ${instant.error.message}`);
	return ok({ ...phrase.value, note });
}
