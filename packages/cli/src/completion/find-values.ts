/**
 * Values: those that are known here, and ids and names that the network tells, if it does at once.
 * Nobody waits for a completion: whatever fails or takes long completes nothing.
 */
import { TIMER_STATUSES } from "../../../../src/contract/timer-statuses.ts";
import type { Minoots } from "../../../sdk/src/index.ts";
import { configPath, readConfig } from "../frame/config-file.ts";
import { requireConnection } from "../frame/connection.ts";
import type { Context } from "../frame/context.ts";
import type { Candidate, Found, Wanted } from "./find-candidates.ts";

/** What a person at a prompt does not notice as waiting. */
const PATIENCE_MS = 1_500;
/** More than a screen holds help nobody choose. */
const SHOWN = 100;

/** `files` where the shell is to complete names of files. */
export type Values = readonly Candidate[] | "files";

const FILES = ["file", "path", "folder"];
const SCOPES =
	"timer.read timer.write timer.cancel timer.manage agent.pull agent.manage event.publish tenant.admin";
const EVENTS =
	"timer.* timer.created timer.fired timer.settled timer.failed timer.cancelled delivery.* delivery.dead message.* firing.* event.published";

/** By what the value is called in the help, or by the option's name where that says more. */
const WORDS: Readonly<Record<string, string>> = {
	status: TIMER_STATUSES.join(" "),
	scope: SCOPES,
	type: EVENTS,
	plan: "free pro enterprise",
	region: "wnam enam sam weur eeur apac oc afr me",
	action: "cancel delete pause resume run replay",
	order: "due created",
	shell: "bash zsh fish",
	"export format": "ndjson ical",
	"import format": "json ical crontab",
	"timeout duration": "10s 30s 1m 5m",
};

export async function findValues(
	wanted: Wanted,
	given: Found["given"],
	context: Context,
): Promise<Values> {
	const { name, placeholder, command } = wanted;
	if (FILES.includes(placeholder)) return "files";
	if (name === "--profile" || placeholder === "profile") return profiles(context);
	if (placeholder === "zone") return Intl.supportedValuesOf("timeZone").map(plain);
	const words = WORDS[`${command} ${placeholder}`] ?? WORDS[placeholder];
	if (words !== undefined) return words.split(" ").map(plain);
	const ask = QUESTIONS[name.replace("--", "")] ?? QUESTIONS[sourceOf(command, placeholder)];
	return ask === undefined ? [] : askNetwork(ask, given, context);
}

/** What an `id` is the id of, the command says. */
function sourceOf(command: string, placeholder: string): string {
	if (placeholder !== "id") return placeholder;
	const [group = ""] = command.split(" ");
	return { dlq: "letter", keys: "key", mailbox: "none" }[group] ?? "timer";
}

type Question = (minoots: Minoots, signal: AbortSignal) => Promise<readonly Candidate[]>;

const QUESTIONS: Readonly<Record<string, Question>> = {
	async timer({ timers }, signal) {
		const { items } = await timers.page({ limit: SHOWN }, { signal });
		return items.map(({ id, name, status }) => described(id, name ?? "", status));
	},
	async letter({ deadLetters }, signal) {
		const { items } = await deadLetters.page({ limit: SHOWN }, { signal });
		return items.map(({ id, timerName, reason }) => described(id, timerName ?? "", reason));
	},
	async mailbox({ mailboxes }, signal) {
		const { items } = await mailboxes.page({ limit: SHOWN }, { signal });
		return items.map(({ name, depth }) => described(name, `${depth} waiting`));
	},
	async calendar({ calendars }, signal) {
		const list = await calendars.list({ signal });
		return list.map(({ name, count }) => described(name, `${count} dates`));
	},
	async key({ keys }, signal) {
		const list = await keys.list({ signal });
		return list.map(({ id, name, preview }) => described(id, name, preview));
	},
};

async function askNetwork(
	ask: Question,
	{ profile, url, apiKey }: Found["given"],
	{ globals, env }: Context,
): Promise<readonly Candidate[]> {
	try {
		const asked = { ...globals, profile, url, apiKey };
		const connection = requireConnection(asked, env, process.cwd());
		const { createClient } = await import("../frame/client.ts");
		const settings = { globals: asked, tell: () => {}, attempts: 1 };
		return await ask(createClient(connection, settings), AbortSignal.timeout(PATIENCE_MS));
	} catch {
		return []; // see above
	}
}

function profiles({ env }: Context): readonly Candidate[] {
	const { profiles: known } = readConfig(configPath(env));
	return Object.entries(known).map(([name, { url }]) => described(name, url));
}

function plain(value: string): Candidate {
	return described(value);
}

function described(value: string, ...texts: readonly string[]): Candidate {
	return { value, description: texts.filter(Boolean).join(", ") };
}
