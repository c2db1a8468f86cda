/**
 * Reads the text of a slash command: sub-commands, the flags of the founding command, and phrases
 * that say when. Total: any text gives a command or says what was not understood. Called by the
 * route of Slack's commands.
 */
import { err, type Result } from "../result.ts";
import { readCreate } from "./create-command.ts";
import type { Problem, SlackAsker, SlackMisread } from "./misread.ts";
import type { SlackCommand } from "./slack-command.ts";
import { SUBCOMMANDS } from "./subcommands.ts";
import { decodeSlackText } from "./text.ts";

export type { SlackAsker, SlackMisread } from "./misread.ts";
export type { SlackCommand } from "./slack-command.ts";

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
