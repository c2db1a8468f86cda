/**
 * Turns a change to a timer as a caller wrote it into what a shard applies. Members are replaced
 * whole: `labels` in a change are all the labels the timer has afterwards. Whether the timer may
 * still be changed is the shard's to say.
 */
import type { TimerPatch } from "../contract/timer.ts";
import { readConditions } from "./condition/read-conditions.ts";
import { sizeRefusal } from "./fit-timer.ts";
import { normaliseAction, readEscalation } from "./normalise-action.ts";
import { readFiringPolicy } from "./normalise-firing-policy.ts";
import { horizonOf, namesInstant, readWhen, type When } from "./normalise-schedule.ts";
import { offloadBodies, type Payload } from "./offload-bodies.ts";
import { checkLabels } from "./read-timer-doc.ts";
import { err, ok, type Result } from "./result.ts";
import { checkTextTemplates } from "./template/check-action.ts";
import type { TimerDocPatch } from "./timer-doc.ts";
import { Flaws, type TimerRefusal, type TimerRules } from "./timer-rules.ts";

export type NormalPatch = {
	/** The shape of `TimerChange`. */
	readonly change: {
		readonly dueAt: number | null;
		readonly extendMs: number | null;
		/** How far ahead `dueAt` was named as a delay: what a timer that still waits keeps of it. */
		readonly delayMs?: number;
		readonly docPatch: string | null;
		readonly ifMatch: string | null;
		readonly horizonAt: number;
	};
	/** To be stored before the change is. */
	readonly payloads: readonly Payload[];
};

/** @param ifMatch the `If-Match` of the request */
export function normalisePatch(
	input: TimerPatch,
	rules: TimerRules,
	ifMatch: string | null,
): Result<NormalPatch, TimerRefusal> {
	const flaws = new Flaws();
	const when = readWhen(input, rules, flaws);
	checkLabels(input.labels, flaws);
	const actions = input.actions?.map((action, index) =>
		normaliseAction(action, `actions.${index}`, rules, flaws),
	);
	if (typeof input.message === "string") checkTextTemplates(input.message, "message", flaws);
	const conditions =
		input.conditions === undefined || input.conditions === null
			? input.conditions
			: readConditions(input.conditions, "conditions", flaws);
	const policy = readFiringPolicy(input, flaws);
	const escalation =
		input.escalation && readEscalation(input.escalation, "escalation", rules, flaws);
	const refusal = flaws.refusal();
	if (refusal !== undefined) return err(refusal);

	const { doc, payloads } = offloadBodies({
		...changedMembers(input),
		...(conditions !== undefined && { conditions }),
		...policy,
		...changedSchedule(input, when),
		...(actions !== undefined && { actions }),
		...(escalation !== undefined && { escalation }),
	});
	const docPatch = formatPatch(doc);
	const tooLarge = docPatch === null ? undefined : sizeRefusal(docPatch);
	if (tooLarge !== undefined) return err(tooLarge);
	return ok({
		change: {
			dueAt: when !== undefined && "dueAt" in when ? when.dueAt : null,
			extendMs: when !== undefined && "extendMs" in when ? when.extendMs : null,
			...delayOf(input, when, rules),
			docPatch,
			ifMatch,
			horizonAt: horizonOf(rules),
		},
		payloads,
	});
}

function delayOf(
	input: TimerPatch,
	when: When | undefined,
	{ now }: TimerRules,
): { readonly delayMs?: number } {
	if (when === undefined || !("dueAt" in when)) return {};
	return namesInstant(input) ? {} : { delayMs: when.dueAt - now };
}

/** `in`, `at` and `extend` only move the next firing; a schedule changes when it is named. */
function changedSchedule(input: TimerPatch, when: When | undefined): TimerDocPatch {
	if (input.schedule === null) return { schedule: null };
	const schedule = when !== undefined && "dueAt" in when ? when.schedule : undefined;
	return schedule === undefined ? {} : { schedule };
}

function changedMembers(input: TimerPatch): TimerDocPatch {
	const { name, message, params, context, retry, priority, labels, metadata } = input;
	return {
		...(name !== undefined && { name }),
		...(message !== undefined && { message }),
		...(params !== undefined && { params }),
		...(context !== undefined && { context }),
		...(retry !== undefined && { retry }),
		...(priority !== undefined && { priority }),
		...(labels !== undefined && { labels }),
		...(metadata !== undefined && { metadata }),
	};
}

function formatPatch(patch: TimerDocPatch): string | null {
	return Object.keys(patch).length === 0 ? null : JSON.stringify(patch);
}
