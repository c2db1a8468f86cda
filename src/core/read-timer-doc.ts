/**
 * Reads everything of a timer but when it fires: actions, policies and labels, in today's shapes and the
 * founding systems'. What is wrong goes into `flaws`. Called for timers and for the nodes of graphs.
 */
import type { ActionInput } from "../contract/action.ts";
import type { FieldError } from "../contract/error.ts";
import { LIMITS } from "../contract/limits.ts";
import type { TimerCreate } from "../contract/timer.ts";
import { readAgentBinding } from "./agent-binding.ts";
import { readConditions } from "./condition/read-conditions.ts";
import { type RawAction, readFoundingLabels, readFoundingShapes } from "./founding-shapes.ts";
import { normaliseAction, readEscalation } from "./normalise-action.ts";
import { readDedupe } from "./normalise-dedupe.ts";
import { readFiringPolicy } from "./normalise-firing-policy.ts";
import type { Result } from "./result.ts";
import { checkTextTemplates } from "./template/check-action.ts";
import type { ActionDoc, TimerDoc } from "./timer-doc.ts";
import type { Flaws, TimerRules } from "./timer-rules.ts";

/** Checks the shape of an action that a founding field carried as free JSON. */
export type ReadAction = (value: unknown) => Result<ActionInput, readonly FieldError[]>;

export function readDoc(
	input: TimerCreate,
	rules: TimerRules,
	readAction: ReadAction,
	flaws: Flaws,
): TimerDoc {
	const founding = readFoundingShapes(input, flaws);
	const message = input.message ?? founding.message;
	const retry = input.retry ?? founding.retry;
	const labels = readFoundingLabels(input, flaws);
	checkLabels(labels, flaws);
	const actions =
		input.actions === undefined
			? founding.actions.flatMap((raw) => readRawAction(raw, rules, readAction, flaws))
			: input.actions.map((action, i) => normaliseAction(action, `actions.${i}`, rules, flaws));
	const bound = readAgentBinding(input.agentBinding, flaws);
	actions.push(...bound.flatMap((raw) => readRawAction(raw, rules, readAction, flaws)));
	if (message !== undefined) checkTextTemplates(message, "message", flaws);
	const conditions =
		input.conditions === undefined
			? undefined
			: readConditions(input.conditions, "conditions", flaws);
	const { name, context, priority, metadata, params, concurrencyKey, fidelity, requestedBy } =
		input;
	const { dedupeKey, dedupe } = readDedupe(input, flaws);
	const escalation =
		input.escalation && readEscalation(input.escalation, "escalation", rules, flaws);
	return {
		...(name !== undefined && { name }),
		...(message !== undefined && { message }),
		...(actions.length > 0 && { actions }),
		...(retry !== undefined && { retry }),
		...(escalation !== undefined && { escalation }),
		...(priority !== undefined && { priority }),
		...(labels !== undefined && { labels }),
		...(metadata !== undefined && { metadata }),
		...(params !== undefined && { params }),
		...(context !== undefined && { context }),
		...(conditions !== undefined && { conditions }),
		...(dedupeKey !== undefined && { dedupeKey }),
		...(dedupe !== undefined && { dedupe }),
		...(concurrencyKey !== undefined && { concurrencyKey }),
		...readFiringPolicy(input, flaws),
		...(fidelity !== undefined && { fidelity }),
		...(requestedBy !== undefined && { requestedBy }),
		...(rules.traceparent !== null && { traceparent: rules.traceparent }),
	};
}

function readRawAction(
	raw: RawAction,
	rules: TimerRules,
	readAction: ReadAction,
	flaws: Flaws,
): ActionDoc[] {
	const read = readAction(raw.value);
	if (read.ok) return [normaliseAction(read.value, raw.path, rules, flaws)];
	for (const { path, message } of read.error) flaws.invalid(`${raw.path}.${path}`, message);
	return [];
}

/** How many labels a timer may have; its schema bounds only their lengths. */
export function checkLabels(labels: object | undefined, flaws: Flaws): void {
	if (labels === undefined) return;
	const count = Object.keys(labels).length;
	if (count > LIMITS.labels) {
		flaws.invalid("labels", `expected at most ${LIMITS.labels} labels, got ${count}`);
	}
}
