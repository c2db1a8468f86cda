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

export const COMMANDS: readonly CommandEntry[] = [
	{
		name: "create",
		summary: "Create a timer",
		group: "timers",
		load: () => import("./commands/create.ts"),
	},
	{
		name: "list",
		summary: "List timers",
		group: "timers",
		load: () => import("./commands/list.ts"),
	},
	{
		name: "get",
		summary: "Show timers in full",
		group: "timers",
		load: () => import("./commands/get.ts"),
	},
	{
		name: "wait",
		summary: "Wait until timers have ended",
		group: "timers",
		load: () => import("./commands/wait.ts"),
	},
	{
		name: "logs",
		summary: "Show a timer's events, live with --follow",
		group: "timers",
		load: () => import("./commands/logs.ts"),
	},
	{
		name: "preview",
		summary: "Show when a schedule would fire",
		group: "timers",
		load: () => import("./commands/preview.ts"),
	},
	{
		name: "firings",
		summary: "Show when a timer has fired",
		group: "timers",
		load: () => import("./commands/firings.ts"),
	},
	{
		name: "deliveries",
		summary: "Show what a timer has sent",
		group: "timers",
		load: () => import("./commands/deliveries.ts"),
	},
	{
		name: "cancel",
		summary: "Cancel timers",
		group: "control",
		load: () => import("./commands/cancel.ts"),
	},
	{
		name: "reschedule",
		summary: "Give a timer another time or schedule",
		group: "control",
		load: () => import("./commands/reschedule.ts"),
	},
	{
		name: "delete",
		summary: "Remove timers with their history",
		group: "control",
		load: () => import("./commands/delete.ts"),
	},
	{
		name: "pause",
		summary: "Pause timers",
		group: "control",
		load: () => import("./commands/pause.ts"),
	},
	{
		name: "resume",
		summary: "Let paused timers go on",
		group: "control",
		load: () => import("./commands/resume.ts"),
	},
	{
		name: "snooze",
		summary: "Let a timer fire later, this once",
		group: "control",
		load: () => import("./commands/snooze.ts"),
	},
	{
		name: "run-now",
		summary: "Fire timers now, beside their schedule",
		group: "control",
		load: () => import("./commands/run-now.ts"),
	},
	{
		name: "replay",
		summary: "Repeat a firing that has ended",
		group: "control",
		load: () => import("./commands/replay.ts"),
	},
	{
		name: "ack",
		summary: "Acknowledge what has fired",
		group: "control",
		load: () => import("./commands/ack.ts"),
	},
	{
		name: "import",
		summary: "Create timers from files of timers, crontabs and calendars",
		group: "many",
		load: () => import("./commands/import.ts"),
	},
	{
		name: "export",
		summary: "Write timers to a file",
		group: "many",
		load: () => import("./commands/export.ts"),
	},
	{
		name: "bulk",
		summary: "Do one thing to everything a filter selects",
		group: "many",
		load: () => import("./commands/bulk.ts"),
	},
	{
		name: "cleanup",
		summary: "Remove timers that ended long ago",
		group: "many",
		load: () => import("./commands/cleanup.ts"),
	},
	{
		name: "jobs",
		summary: "Look how far a call on many timers has come",
		group: "many",
		load: () => import("./commands/jobs.ts"),
	},
	{
		name: "mailbox",
		summary: "Send, pull and work off messages",
		group: "agents",
		load: () => import("./commands/mailbox.ts"),
	},
	{
		name: "dlq",
		summary: "Look at dead letters and send them again",
		group: "agents",
		load: () => import("./commands/dlq.ts"),
	},
	{
		name: "login",
		summary: "Log in to a network and keep it as a profile",
		group: "network",
		load: () => import("./commands/login.ts"),
	},
	{
		name: "logout",
		summary: "Forget a profile and its key",
		group: "network",
		load: () => import("./commands/logout.ts"),
	},
	{
		name: "profiles",
		summary: "List profiles, or choose the current one",
		group: "network",
		load: () => import("./commands/profiles.ts"),
	},
	{
		name: "api",
		summary: "Make any call of the API",
		group: "network",
		load: () => import("./commands/api.ts"),
	},
	{
		name: "events",
		summary: "Follow events, publish one",
		group: "network",
		load: () => import("./commands/events.ts"),
	},
	{
		name: "calendars",
		summary: "Put and show sets of dates that schedules refer to",
		group: "network",
		load: () => import("./commands/calendars.ts"),
	},
	{
		name: "templates",
		summary: "Try templates",
		group: "network",
		load: () => import("./commands/templates.ts"),
	},
	{
		name: "usage",
		summary: "Show what is used of the plan",
		group: "network",
		load: () => import("./commands/usage.ts"),
	},
	{
		name: "lateness",
		summary: "Show how late firings were",
		group: "network",
		load: () => import("./commands/lateness.ts"),
	},
	{
		name: "keys",
		summary: "List, create and revoke API keys",
		group: "network",
		load: () => import("./commands/keys.ts"),
	},
	{
		name: "tenants",
		summary: "Create and change tenants, with the operator's key",
		group: "network",
		load: () => import("./commands/tenants.ts"),
	},
	{
		name: "doctor",
		summary: "Find out which hop to the network fails",
		group: "network",
		load: () => import("./commands/doctor.ts"),
	},
	{
		name: "completion",
		summary: "Print a script that completes command lines",
		group: "network",
		load: () => import("./commands/completion.ts"),
	},
];
