/**
 * A command that creates a timer: the flags of the founding command, and a phrase that says when.
 * Called by `command.ts`.
 */
import type { JsonObject } from "../../contract/json.ts";
import { parseDuration } from "../duration.ts";
import { formatInstant, parseInstant } from "../instant.ts";
import { ok, type Result } from "../result.ts";
import { SECOND } from "../units.ts";
import { misread, type Problem, type SlackAsker } from "./misread.ts";
import { readPhrase, type When } from "./phrase.ts";
import type { SlackCommand, SlackTimerInput } from "./slack-command.ts";
import { COMMAND_FLAGS, type Flags, objectIn, readTimerFlags } from "./timer-flags.ts";
import { splitFlags, withoutQuotes } from "./tokens.ts";

/** How long the founding command waits when it is told nothing. */
const DEFAULT_MS = 30 * SECOND;

/** What a timer says that was given no words. */
const TIME_IS_UP = "Time is up.";

export function readCreate(typed: string, asker: SlackAsker): Result<SlackCommand, Problem> {
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
