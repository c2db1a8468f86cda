/**
 * The commands: name, one line of help, and where the rest is. A command's file is loaded when it is
 * run or its help is asked for, so that no command pays for another.
 */
import type { Command } from "commander";

/** What a command's file exports. */
export type CommandModule = {
	/** Declares arguments, options, examples and the action; a group declares its subcommands. */
	readonly configure: (command: Command) => void;
};

export type CommandEntry = {
	readonly name: string;
	readonly summary: string;
	/** Heading of the program's help under which it stands. */
	readonly group: keyof typeof GROUPS;
	readonly load: () => Promise<CommandModule>;
};

export const GROUPS = {
	timers: "Timers:",
	control: "Control timers:",
	many: "Many at once:",
	agents: "Mailboxes and dead letters:",
	network: "Network and account:",
} as const;

type Row = readonly [name: string, summary: string, load: CommandEntry["load"]];

function of(group: CommandEntry["group"], ...rows: readonly Row[]): readonly CommandEntry[] {
	return rows.map(([name, summary, load]) => ({ name, summary, group, load }));
}

export const COMMANDS: readonly CommandEntry[] = [
	...of(
		"timers",
		["create", "Create a timer", () => import("./commands/create.ts")],
		["list", "List timers", () => import("./commands/list.ts")],
		["get", "Show timers in full", () => import("./commands/get.ts")],
		["wait", "Wait until timers have ended", () => import("./commands/wait.ts")],
		["logs", "Show a timer's events, live with --follow", () => import("./commands/logs.ts")],
		["preview", "Show when a schedule would fire", () => import("./commands/preview.ts")],
		["firings", "Show when a timer has fired", () => import("./commands/firings.ts")],
		["deliveries", "Show what a timer has sent", () => import("./commands/deliveries.ts")],
	),
	...of(
		"control",
		["cancel", "Cancel timers", () => import("./commands/cancel.ts")],
		[
			"reschedule",
			"Give a timer another time or schedule",
			() => import("./commands/reschedule.ts"),
		],
		["delete", "Remove timers with their history", () => import("./commands/delete.ts")],
		["pause", "Pause timers", () => import("./commands/pause.ts")],
		["resume", "Let paused timers go on", () => import("./commands/resume.ts")],
		["snooze", "Let a timer fire later, this once", () => import("./commands/snooze.ts")],
		["run-now", "Fire timers now, beside their schedule", () => import("./commands/run-now.ts")],
		["replay", "Repeat a firing that has ended", () => import("./commands/replay.ts")],
		["ack", "Acknowledge what has fired", () => import("./commands/ack.ts")],
	),
	...of(
		"many",
		[
			"import",
			"Create timers from files of timers, crontabs and calendars",
			() => import("./commands/import.ts"),
		],
		["export", "Write timers to a file", () => import("./commands/export.ts")],
		["bulk", "Do one thing to everything a filter selects", () => import("./commands/bulk.ts")],
		["cleanup", "Remove timers that ended long ago", () => import("./commands/cleanup.ts")],
		["jobs", "Look how far a call on many timers has come", () => import("./commands/jobs.ts")],
	),
	...of(
		"agents",
		["mailbox", "Send, pull and work off messages", () => import("./commands/mailbox.ts")],
		["dlq", "Look at dead letters and send them again", () => import("./commands/dlq.ts")],
	),
	...of(
		"network",
		["login", "Log in to a network and keep it as a profile", () => import("./commands/login.ts")],
		["logout", "Forget a profile and its key", () => import("./commands/logout.ts")],
		[
			"profiles",
			"List profiles, or choose the current one",
			() => import("./commands/profiles.ts"),
		],
		["api", "Make any call of the API", () => import("./commands/api.ts")],
		["events", "Follow events, publish one", () => import("./commands/events.ts")],
		[
			"calendars",
			"Put and show sets of dates that schedules refer to",
			() => import("./commands/calendars.ts"),
		],
		["templates", "Try templates", () => import("./commands/templates.ts")],
		["usage", "Show what is used of the plan", () => import("./commands/usage.ts")],
		["lateness", "Show how late firings were", () => import("./commands/lateness.ts")],
		["keys", "List, create and revoke API keys", () => import("./commands/keys.ts")],
		[
			"tenants",
			"Create and change tenants, with the operator's key",
			() => import("./commands/tenants.ts"),
		],
		["doctor", "Find out which hop to the network fails", () => import("./commands/doctor.ts")],
		[
			"completion",
			"Print a script that completes command lines",
			() => import("./commands/completion.ts"),
		],
	),
];
