/** The body of a create, of the options of `minoots create`. What they mean, the network checks. */
import type { JsonObject, JsonValue, TimerCreate } from "../../../../sdk/src/types.ts";
import { usageFailure } from "../../frame/failure.ts";
import {
	readCount,
	readFileOrStdin,
	readJson,
	readJsonOrText,
	readObject,
	readPairs,
} from "../../frame/input.ts";
import { parseDurationMs } from "../../frame/times.ts";
import type { When, WhenOptions } from "../../frame/when.ts";

export type CreateOptions = WhenOptions & {
	readonly name?: string;
	readonly label?: readonly string[];
	readonly metadata?: readonly string[];
	readonly params?: readonly string[];
	readonly message?: string;
	readonly webhook?: string;
	readonly method?: string;
	readonly header?: readonly string[];
	readonly body?: string;
	readonly mailbox?: string;
	readonly command?: string;
	readonly retry?: string;
	readonly priority?: string;
	readonly dedupeKey?: string;
	readonly dependsOn?: readonly string[];
	readonly file?: string;
};

/** @param named the name as a word of its own */
export async function readTimer(
	when: When | undefined,
	named: string | undefined,
	options: CreateOptions,
): Promise<TimerCreate> {
	const { file, label, dependsOn } = options;
	const base = file === undefined ? {} : await readTimerFile(file);
	const actions = readActions(options);
	const said = {
		...when,
		name: named ?? options.name,
		labels: label && readPairs("--label", label),
		metadata: readObject("--metadata", options.metadata),
		params: readObject("--params", options.params),
		message: options.message,
		actions: actions.length === 0 ? undefined : actions,
		retry: options.retry === undefined ? undefined : readRetry(options.retry),
		priority: readCount("--priority", options.priority),
		dedupeKey: options.dedupeKey,
		dependsOn: dependsOn?.map(readDependency),
	};
	const members = Object.entries(said).filter(([, value]) => value !== undefined);
	const timer: TimerCreate = { ...base, ...Object.fromEntries(members) };
	if (Object.keys(timer).length > 0) return timer;
	throw usageFailure("nothing says when", 'For example: minoots create 30s "coffee break"');
}

async function readTimerFile(file: string): Promise<JsonObject> {
	const value = readJson("--file", await readFileOrStdin("--file", file));
	if (isObject(value)) return value;
	throw usageFailure(
		`--file: expected one timer as a JSON object in ${file}`,
		"Several: minoots import",
	);
}

function readActions(options: CreateOptions): NonNullable<TimerCreate["actions"]> {
	const { webhook, mailbox, method, header, body, command } = options;
	const actions: NonNullable<TimerCreate["actions"]> = [];
	if (webhook !== undefined) {
		actions.push({
			type: "webhook",
			url: webhook,
			...(method === undefined ? {} : { method: method.toUpperCase() as "POST" }), // the network checks it
			...(header === undefined ? {} : { headers: readPairs("--header", header) }),
			...(body === undefined ? {} : { body: readJsonOrText(body) }),
		});
	} else if (method !== undefined || header !== undefined || body !== undefined) {
		throw usageFailure("--method, --header and --body belong to --webhook");
	}
	if (mailbox !== undefined) {
		const told =
			command === undefined ? {} : { command: readJson("--command", command) as JsonObject };
		actions.push({ type: "agent", mailbox, ...told });
	} else if (command !== undefined) {
		throw usageFailure("--command belongs to --mailbox: agents run commands, the network does not");
	}
	return actions;
}

/** `3` attempts; pauses `1s,10s,1m`; or the policy as JSON. */
function readRetry(text: string): NonNullable<TimerCreate["retry"]> {
	if (text.trimStart().startsWith("{")) {
		return readJson("--retry", text) as NonNullable<TimerCreate["retry"]>; // the network checks it
	}
	if (/^\d+$/.test(text)) return { maxAttempts: Number(text) };
	const delaysMs = text.split(",").map((pause) => parseDurationMs(pause.trim()));
	if (delaysMs.every((ms) => ms !== undefined)) return { delaysMs };
	throw usageFailure(`--retry: expected attempts (3), pauses (1s,10s,1m) or JSON, got "${text}"`);
}

function readDependency(text: string): NonNullable<TimerCreate["dependsOn"]>[number] {
	const [timer = "", on] = text.split(":");
	if (on === undefined) return timer;
	if (on === "success" || on === "failure" || on === "always") return { timer, on };
	throw usageFailure(`--depends-on: expected id, id:failure or id:always, got "${text}"`);
}

function isObject(value: JsonValue): value is JsonObject {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
