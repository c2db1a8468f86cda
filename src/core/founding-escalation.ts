/**
 * The founding systems' escalation of an action, `{afterAttempts, escalatesTo}`, read as today's: an
 * action that is escalated to may escalate further, which becomes a step that follows its failures.
 * Those systems parsed it and carried none of it out.
 */
import type { JsonObject, JsonValue } from "../contract/json.ts";
import { LIMITS } from "../contract/limits.ts";
import type { Flaws } from "./timer-rules.ts";

type Rung = { readonly attempts: number; readonly action: JsonValue; readonly path: string };

/** Reads the action that is escalated to; undefined when it was refused. */
type ReadAction = (value: JsonObject, path: string) => JsonObject | undefined;

/** Today's escalation as a caller would write it, not checked yet; undefined when it was refused. */
export function readFoundingEscalation(
	value: JsonValue,
	path: string,
	readAction: ReadAction,
	flaws: Flaws,
): JsonObject | undefined {
	const rungs: Rung[] = [];
	for (let rest: JsonValue | undefined = value, at = path; rest !== undefined; ) {
		const rung = readRung(rest, at, flaws);
		if (rung === undefined) return undefined;
		rungs.push(rung);
		if (rungs.length > LIMITS.escalationSteps) {
			flaws.invalid(path, `expected at most ${LIMITS.escalationSteps} actions one after the other`);
			return undefined;
		}
		at = `${rung.path}.escalation`;
		rest = isJsonObject(rung.action) ? rung.action["escalation"] : undefined;
	}
	const [first] = rungs;
	if (first === undefined) return undefined;
	const steps = rungs.flatMap(({ action, path: at, attempts }, index): JsonObject[] => {
		const read = isJsonObject(action) ? readAction(action, at) : undefined;
		if (read === undefined) return [];
		return [{ ...(index > 0 && { attempts }), actions: [read] }];
	});
	if (steps.length < rungs.length) return undefined;
	return { after: { attempts: first.attempts }, steps };
}

function readRung(value: JsonValue, path: string, flaws: Flaws): Rung | undefined {
	if (!isJsonObject(value)) {
		flaws.invalid(path, `expected an object, got ${JSON.stringify(value)}`);
		return undefined;
	}
	for (const name of Object.keys(value)) {
		if (name !== "afterAttempts" && name !== "escalatesTo") {
			flaws.invalid(`${path}.${name}`, "is not known; afterAttempts and escalatesTo are");
		}
	}
	const { afterAttempts = 1, escalatesTo } = value;
	if (typeof afterAttempts !== "number" || !Number.isInteger(afterAttempts) || afterAttempts < 1) {
		const got = JSON.stringify(afterAttempts);
		flaws.invalid(`${path}.afterAttempts`, `expected a whole number from 1, got ${got}`);
		return undefined;
	}
	if (escalatesTo === undefined || !isJsonObject(escalatesTo)) {
		flaws.invalid(`${path}.escalatesTo`, "expected the action that is escalated to");
		return undefined;
	}
	return { attempts: afterAttempts, action: escalatesTo, path: `${path}.escalatesTo` };
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
