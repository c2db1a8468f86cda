/** Reads JSON as the edge does, schema first, for the tests of normalisation. */

import { ActionSchema } from "../../../src/contract/action.ts";
import { TimerCreateSchema, TimerPatchSchema } from "../../../src/contract/timer.ts";
import { createJudge } from "../../../src/core/destination/judge.ts";
import { normalisePatch } from "../../../src/core/normalise-patch.ts";
import { normaliseTimer } from "../../../src/core/normalise-timer.ts";
import type { ReadAction } from "../../../src/core/read-timer-doc.ts";
import { err } from "../../../src/core/result.ts";
import type { TimerRules } from "../../../src/core/timer-rules.ts";
import { validate } from "../../../src/http/validate.ts";

export const NOW = Date.UTC(2026, 10, 21, 10);

export const RULES: TimerRules = {
	now: NOW,
	plan: { name: "Enterprise", horizonDays: null },
	judge: createJudge({ allowLoopback: false, ownPorts: [] }),
	traceparent: null,
};

export const readAction: ReadAction = (value) => {
	const action = validate(ActionSchema, value);
	return action.ok ? action : err(action.error.errors);
};

export function readTimer(json: unknown, rules: Partial<TimerRules> = {}) {
	const parsed = validate(TimerCreateSchema, json);
	if (!parsed.ok) return parsed;
	return normaliseTimer(parsed.value, { ...RULES, ...rules }, readAction);
}

export function readPatch(json: unknown, rules: Partial<TimerRules> = {}) {
	const parsed = validate(TimerPatchSchema, json);
	if (!parsed.ok) return parsed;
	return normalisePatch(parsed.value, { ...RULES, ...rules }, null);
}

/** The code and the paths of a refusal, for comparing. */
export function refused(result: ReturnType<typeof readTimer> | ReturnType<typeof readPatch>) {
	if (result.ok) return "accepted";
	const { error } = result;
	const paths = "errors" in error ? error.errors.map(({ path }) => path) : [];
	return [error.code, ...paths];
}

/** What is accepted; fails the test when it is not. */
export function accepted<T>(result: { ok: true; value: T } | { ok: false; error: unknown }): T {
	if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.error)}`);
	return result.value;
}
