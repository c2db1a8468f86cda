/** Finds what the path of a condition names: dotted, where a key may hold dots itself. */
import type { JsonObject, JsonValue } from "../../contract/json.ts";
import type { ConditionData } from "./conditions.ts";

const ROOTS = ["params", "labels", "metadata", "context", "events", "timer", "now"] as const;

/** Where a path that begins with no root is looked up, the first that has it. */
const SEARCHED = ["context", "metadata", "params"] as const;

/** Whether a path says itself where it begins. */
export function isRooted(path: string): boolean {
	return ROOTS.some((root) => path.startsWith(`${root}.`));
}

/** What `path` names, or `undefined`. */
export function valueAt(path: string, data: ConditionData): JsonValue | undefined {
	if (isRooted(path)) return lookUp(data, path);
	for (const root of SEARCHED) {
		const found = lookUp(data[root], path);
		if (found !== undefined) return found;
	}
	return lookUp(data, path);
}

function lookUp(holder: JsonObject | readonly JsonValue[], path: string): JsonValue | undefined {
	const exact = ownMember(holder, path);
	if (exact !== undefined) return exact;
	for (let dot = path.indexOf("."); dot !== -1; dot = path.indexOf(".", dot + 1)) {
		const inner = ownMember(holder, path.slice(0, dot));
		if (typeof inner !== "object" || inner === null) continue;
		const found = lookUp(inner, path.slice(dot + 1));
		if (found !== undefined) return found;
	}
	return undefined;
}

function ownMember(holder: object, key: string): JsonValue | undefined {
	if (Array.isArray(holder)) return /^\d+$/.test(key) ? holder[Number(key)] : undefined;
	return Object.hasOwn(holder, key) ? new Map(Object.entries(holder)).get(key) : undefined;
}
