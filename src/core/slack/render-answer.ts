/** Answers that concern no timer: help, what was not understood, failures. Called by Slack's routes. */

import { plainMessage, type SlackMessage, section, WORDS_MAX } from "./message.ts";
import type { SlackAsker, SlackMisread } from "./misread.ts";
import { escapeWithin } from "./text.ts";

/** What `help` shows, as pairs of what to type and what it does. */
const HELP: readonly (readonly [typed: string, does: string])[] = [
	["15m stand-up", "in 15 minutes, with a note"],
	["stand-up in 20 minutes", "the time may stand last"],
	["tomorrow at 9 call Bob", "days and times are in your own time zone"],
	["on 24 december at noon", "or `next monday 14:30`, `friday at 17:00`, `2026-12-24 09:00`"],
	[
		"every weekday at 9 stand-up",
		"again and again; also `every 15 minutes`, `every day at 9 and 17`",
	],
	["on the first monday of each month at 9", "also `every last friday at 16`"],
	["list", "what is waiting, with buttons to cancel and snooze; `list 2` is the next page"],
	["cancel stand-up", "by name or id; so do `snooze stand-up 10m` and `done stand-up`"],
	["quiet 22:00-07:00", "what is due then waits until they end; `quiet off` ends them"],
	["tz Europe/Berlin", "your time zone; `tz auto` follows Slack"],
];

const HELP_FLAGS =
	"Flags: `--duration`/`-d`, `--fire-at`/`-f`, `--name`/`-n`, `--region`/`-r`, `--requester`, `--metadata`, `--labels`, `--action-bundle`, `--agent-binding`, `--ecosystem` (JSON), `--public` to answer in the channel.";

export function renderHelp({ command }: SlackAsker): SlackMessage {
	const typed = escapeWithin(command, 50);
	const lines = HELP.map(([text, does]) => `• \`${typed} ${text}\` – ${does}`);
	return {
		text: `How to use ${typed}: ${typed} 15m stand-up, ${typed} tomorrow at 9, ${typed} list`,
		blocks: [section(lines.join("\n")), section(HELP_FLAGS)],
	};
}

/** “I understood *tomorrow*, but not “at halb neun”. Try `/ato tomorrow at 8:30 stand-up`.” */
export function renderMisread(misread: SlackMisread): SlackMessage {
	const problem = escapeWithin(misread.problem, WORDS_MAX).replace(/\.$/, "");
	const said =
		misread.understood === null
			? problem
			: `I understood *${escapeWithin(unstarred(misread.understood), QUOTED_MAX)}*, but ${problem}`;
	return plainMessage(`${said}. Try \`${escapeWithin(misread.example, QUOTED_MAX)}\``);
}

/** In bold, an asterisk would end it. */
function unstarred(text: string): string {
	return text.replaceAll("*", "");
}

/** Of a phrase or an example. */
const QUOTED_MAX = 200;

/** “Failed to schedule timer: …”, as the founding command has it. */
export function renderFailure(what: string, detail: string): SlackMessage {
	const reason = escapeWithin(detail, WORDS_MAX);
	return plainMessage(`:warning: Failed to ${escapeWithin(what, QUOTED_MAX)}: ${reason}`);
}

export function renderWorking(): SlackMessage {
	return plainMessage(":hourglass_flowing_sand: Working on it…");
}

/** A button that comes too late. */
export function renderStale(reason: string): SlackMessage {
	return plainMessage(`Nothing to do: ${escapeWithin(reason, WORDS_MAX)}`);
}
