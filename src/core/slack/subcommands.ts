/** The commands that begin with a word of their own; creating a timer needs none. Called by `command.ts`. */
import { parseDuration } from "../duration.ts";
import { zoneOf } from "../recurrence/zone.ts";
import { ok, type Result } from "../result.ts";
import { MINUTE } from "../units.ts";
import { misread, type Problem } from "./misread.ts";
import { parseQuietHours } from "./quiet-hours.ts";
import type { SlackCommand } from "./slack-command.ts";
import { quote } from "./text.ts";
import { withoutQuotes } from "./tokens.ts";

const SNOOZE_MS = 10 * MINUTE;

type Subcommand = {
	readonly example: string;
	read(rest: string): Result<SlackCommand, Problem>;
};

export const SUBCOMMANDS: ReadonlyMap<string, Subcommand> = new Map([
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
