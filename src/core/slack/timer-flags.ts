/**
 * What the flags of the founding command say of a timer, as members of a body of `POST /v1/timers`.
 * When it fires is read elsewhere. Called by `command.ts`.
 */
import type { JsonObject, JsonValue } from "../../contract/json.ts";
import { err, ok, type Result } from "../result.ts";
import type { FlagNames } from "./tokens.ts";

/** Every flag with its letter, as founding A16 has them; the last two are switches of ours. */
const FLAGS: Readonly<Record<string, readonly string[]>> = {
	duration: ["duration", "d"],
	fireAt: ["fire-at", "f"],
	name: ["name", "n"],
	region: ["region", "r"],
	requester: ["requester"],
	metadata: ["metadata"],
	labels: ["labels"],
	actionBundle: ["action-bundle"],
	agentBinding: ["agent-binding"],
	ecosystem: ["ecosystem"],
	parserator: ["parserator"],
	reposiologist: ["reposiologist"],
	nimbusGuardian: ["nimbus"],
	clearSeas: ["clear-seas"],
	sharedNarrative: ["ecosystem-narrative"],
	nextSyncIso: ["ecosystem-next-sync"],
	public: ["public", "in-channel"],
};

export const COMMAND_FLAGS: FlagNames = {
	names: new Map(
		Object.entries(FLAGS).flatMap(([name, typed]) => typed.map((one) => [one, name] as const)),
	),
	switches: new Set(["public"]),
};

const PARTNERS = ["parserator", "reposiologist", "nimbusGuardian", "clearSeas"] as const;
const TEXTS = ["sharedNarrative", "nextSyncIso"] as const;

export type Flags = ReadonlyMap<string, string>;

/** The members that flags name, but for those that say when. The error is a sentence. */
export function readTimerFlags(flags: Flags): Result<JsonObject, string> {
	const timer: Record<string, JsonValue> = {};
	for (const [flag, member] of [
		["name", "name"],
		["requester", "requestedBy"],
	] as const) {
		const text = flags.get(flag);
		if (text !== undefined) timer[member] = text;
	}
	for (const flag of ["metadata", "labels", "actionBundle", "agentBinding"] as const) {
		const object = readObject(flags, flag);
		if (!object.ok) return object;
		if (object.value !== undefined) timer[flag] = object.value;
	}
	const region = flags.get("region");
	if (region !== undefined) timer["labels"] = { ...objectIn(timer, "labels"), region };
	const ecosystem = readEcosystem(flags);
	if (!ecosystem.ok) return ecosystem;
	if (Object.keys(ecosystem.value).length > 0) {
		timer["metadata"] = { ...objectIn(timer, "metadata"), ecosystem: ecosystem.value };
	}
	return ok(timer);
}

/** `--ecosystem`, with its parts that have flags of their own over it. */
function readEcosystem(flags: Flags): Result<JsonObject, string> {
	const whole = readObject(flags, "ecosystem");
	if (!whole.ok) return whole;
	const ecosystem: Record<string, JsonValue> = { ...whole.value };
	for (const partner of PARTNERS) {
		const part = readObject(flags, partner);
		if (!part.ok) return part;
		if (part.value !== undefined) ecosystem[partner] = part.value;
	}
	for (const name of TEXTS) {
		const text = flags.get(name);
		if (text !== undefined) ecosystem[name] = text;
	}
	return ok(ecosystem);
}

function readObject(flags: Flags, flag: string): Result<JsonObject | undefined, string> {
	const text = flags.get(flag);
	if (text === undefined) return ok(undefined);
	const typed = `--${FLAGS[flag]?.[0] ?? flag}`;
	let value: unknown;
	try {
		value = JSON.parse(text.replace(/[“”„]/g, '"'));
	} catch {
		return err(`${typed} takes a JSON object like {"team": "ops"}, and got ${shorten(text)}.`);
	}
	if (typeof value !== "object" || value === null || Array.isArray(value)) {
		return err(`${typed} takes a JSON object like {"team": "ops"}, and got ${shorten(text)}.`);
	}
	// JSON.parse makes nothing but JSON values.
	return ok(value as JsonObject);
}

export function objectIn(timer: JsonObject, member: string): JsonObject {
	const value = timer[member];
	const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
	return isObject ? (value as JsonObject) : {};
}

/** Enough to recognise one's own JSON by. */
const SHOWN_MAX = 60;

function shorten(text: string): string {
	return text.length <= SHOWN_MAX ? text : `${text.slice(0, SHOWN_MAX)}…`;
}
