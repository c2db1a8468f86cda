/**
 * A timer of the founding system, as its `active_timers/*.json` files hold it: a process per timer,
 * due at `endTime`. What the network has no field for is kept under `metadata.founding`.
 */
import type { JsonObject, JsonValue } from "../../contract/json.ts";
import { LIMITS } from "../../contract/limits.ts";
import { parseDuration } from "../duration.ts";
import { formatInstant, parseInstant } from "../instant.ts";
import {
	actionFor,
	type ImportLine,
	type ImportOptions,
	objectOf,
	refused,
	skipped,
} from "./import-line.ts";

/** What its files and its API called a timer that still runs. */
const RUNNING: readonly unknown[] = [undefined, "running", "pending", "scheduled"];

/** Members that a timer of today has as well. */
const KEPT = ["name", "message", "agent_id", "team", "labels"] as const;
/** Members that are read here, and so need not be kept. */
const READ: readonly string[] = [...KEPT, "duration", "events", "metadata", "status"];

/** The one template that its documents promised, for the content of files. */
const TIMESTAMP = "${timestamp}";
/** What a file says of a timer whose creator did not say who it was. */
const NOBODY = "unknown_agent";

/** Whether an object is a timer of the founding system: no other has a start and an end. */
export function isFounding(object: JsonObject): boolean {
	const { startTime, endTime, id } = object;
	return (
		startTime !== undefined ||
		endTime !== undefined ||
		(typeof id === "string" && /^timer_\d/.test(id))
	);
}

export function foundingTimer(object: JsonObject, options: ImportOptions): ImportLine {
	const source = typeof object["id"] === "string" ? object["id"] : null;
	const { status, events, metadata } = object;
	if (!RUNNING.includes(status)) return skipped(source, `Its status is ${JSON.stringify(status)}.`);
	const dueAt = dueAtOf(object);
	if (typeof dueAt === "string") return refused(source, dueAt);
	if (dueAt !== null && dueAt <= options.now) {
		return skipped(source, `It was due at ${formatInstant(dueAt)}, which has passed.`);
	}
	const rest = Object.entries(object).filter(([name]) => !READ.includes(name));
	const known = KEPT.flatMap((name) => (object[name] === undefined ? [] : [[name, object[name]]]));
	const work = actionsOf(events, options);
	const { agentId } = object;
	const body: Record<string, JsonValue> = {
		...(agentId !== undefined && agentId !== NOBODY && { agent_id: agentId }),
		...Object.fromEntries(known),
		...(dueAt === null ? { in: object["duration"] ?? null } : { at: formatInstant(dueAt) }),
		...work,
		metadata: { ...objectOf(metadata), founding: Object.fromEntries(rest) },
	};
	return { kind: "timer", source, body };
}

/** Epoch ms; null where only a duration says when; a sentence where nothing can be read. */
function dueAtOf({ startTime, endTime, duration }: JsonObject): number | string | null {
	if (endTime !== undefined) {
		return timeOf(endTime) ?? `endTime: expected an instant, got ${JSON.stringify(endTime)}`;
	}
	if (startTime === undefined || duration === undefined) return null;
	const start = timeOf(startTime);
	if (start === undefined)
		return `startTime: expected an instant, got ${JSON.stringify(startTime)}`;
	const length = parseDuration(duration);
	if (!length.ok) return `duration: ${length.error.message}`;
	const end = start + length.value;
	return isInstant(end) ? end : "duration: ends after the year 9999";
}

/** The files have epoch milliseconds, the API had text. */
function timeOf(value: JsonValue): number | undefined {
	if (typeof value === "number") return isInstant(value) ? value : undefined;
	if (typeof value !== "string") return undefined;
	const instant = parseInstant(value);
	return instant.ok ? instant.value : undefined;
}

function isInstant(ms: number): boolean {
	return Number.isSafeInteger(ms) && ms >= 0 && ms <= LIMITS.instantMax;
}

/**
 * What it did. A command or a file was done by its own process; with a mailbox given, an agent gets
 * it to do, and the rest of `on_expire` stays as it is.
 */
function actionsOf(events: JsonValue | undefined, options: ImportOptions): JsonObject {
	const onExpire = objectOf(objectOf(events)?.["on_expire"]);
	// The files of timers that did nothing hold `{}`.
	const isEmpty = events === undefined || Object.keys(objectOf(events) ?? { events }).length === 0;
	if (onExpire === undefined) return isEmpty ? {} : { events };
	const { command, file_write, webhook, message, ...others } = onExpire;
	const local = {
		...(command !== undefined && { command }),
		...(file_write !== undefined && { file_write }),
	};
	if (options.mailbox === undefined || Object.keys(local).length === 0)
		return { events: events ?? null };
	if (Object.keys(others).length > 0) return { events: events ?? null };
	const { mailbox } = options;
	const call = typeof webhook === "string" ? { url: webhook } : objectOf(webhook);
	return {
		...(message !== undefined && { message }),
		actions: [
			...(call === undefined ? [] : [{ ...call, type: "webhook" }]),
			...actionFor(local, { ...options, url: undefined, mailbox }, TIMESTAMP),
		],
	};
}
