/**
 * Turns a timer as a caller wrote it, its shape already checked, into what a shard stores. Reads
 * durations and instants, judges destinations and headers, and brings the founding systems' shapes
 * into today's. Pure; called at the edge for single creates and for every line of a batch.
 */
import type { ActionInput } from "../contract/action.ts";
import type { FieldError } from "../contract/error.ts";
import type { JitterPolicy } from "../contract/jitter-policy.ts";
import { LIMITS } from "../contract/limits.ts";
import type { TimerCreate } from "../contract/timer.ts";
import { readAgentBinding } from "./agent-binding.ts";
import { readConditions } from "./condition/read-conditions.ts";
import { NO_INSTANT } from "./dependency.ts";
import { type FiringPolicy, firingPolicyOf } from "./firing/policy.ts";
import { fitGraph, type StoredGraph } from "./fit-graph.ts";
import { type RawAction, readFoundingLabels, readFoundingShapes } from "./founding-shapes.ts";
import { normaliseAction, readEscalation } from "./normalise-action.ts";
import { readDedupe } from "./normalise-dedupe.ts";
import {
	type Dependencies,
	type DependencyAddress,
	readDependencies,
} from "./normalise-dependencies.ts";
import { readFiringPolicy } from "./normalise-firing-policy.ts";
import { type Graph, readGraph } from "./normalise-graph.ts";
import { type DueWhen, namesInstant, readWhen } from "./normalise-schedule.ts";
import { mayPass, offloadBodies, type Payload, utf8Length } from "./offload-bodies.ts";
import { err, ok, type Result } from "./result.ts";
import { checkTextTemplates } from "./template/check-action.ts";
import { type ActionDoc, type DedupeDoc, formatTimerDoc, type TimerDoc } from "./timer-doc.ts";
import { flagsOfDoc } from "./timer-flags.ts";
import { Flaws, type TimerRefusal, type TimerRules } from "./timer-rules.ts";

/** Checks the shape of an action that a founding field carried as free JSON. */
export type ReadAction = (value: unknown) => Result<ActionInput, readonly FieldError[]>;

export type NormalTimer = {
	readonly dueAt: number;
	/** As stored, but with every body in place: what the answer to the create is rendered from. */
	readonly doc: TimerDoc;
	/** What a shard stores; the shape of `NewTimer`. */
	readonly stored: {
		readonly dueAt: number;
		readonly flags: number;
		readonly name: string | null;
		readonly doc: string;
		readonly dedupeKey: string | null;
		readonly firing?: FiringPolicy;
		readonly jitterPolicy?: JitterPolicy;
		readonly dedupe?: DedupeDoc;
		/** What the timer waits for; absent where it waits for nothing. */
		readonly dependsOn?: readonly DependencyAddress[];
		/** The timers that follow from it and are created with it. */
		readonly graph?: StoredGraph;
	};
	/** To be stored before the timer is. */
	readonly payloads: readonly Payload[];
};

export function normaliseTimer(
	input: TimerCreate,
	rules: TimerRules,
	readAction: ReadAction,
): Result<NormalTimer, TimerRefusal> {
	const flaws = new Flaws();
	const dependencies = readDependencies(input, rules, flaws);
	const when = requireWhen(input, dependencies, rules, flaws);
	const doc = readDoc(input, rules, readAction, flaws);
	const graph = readGraphOf(input, doc, when, rules, readAction, flaws);
	checkDedupe(input, dependencies, flaws);
	const refusal = flaws.refusal();
	if (refusal !== undefined) return err(refusal);
	if (when === undefined) throw new Error("A timer without a due time has been refused before");
	const root = fitRoot(input, doc, when, dependencies, rules);
	return root.ok && graph !== undefined ? fitGraph(root.value, graph, rules.now, fitDoc) : root;
}

function fitRoot(
	input: TimerCreate,
	doc: TimerDoc,
	when: DueWhen,
	{ views, addresses }: Dependencies,
	rules: TimerRules,
): Result<NormalTimer, TimerRefusal> {
	const { dueAt, schedule } = when;
	const scheduled = schedule === undefined ? doc : { ...doc, schedule };
	if (views.length === 0) return fitDoc(scheduled, dueAt);
	const waiting = { ...scheduled, dependsOn: views, ...waitOf(input, when, rules) };
	const fitted = fitDoc(waiting, waiting.delayMs === undefined ? dueAt : NO_INSTANT);
	if (!fitted.ok) return fitted;
	const { stored } = fitted.value;
	return ok({ ...fitted.value, stored: { ...stored, dependsOn: addresses } });
}

function readGraphOf(
	{ temporalGraph, agentBinding }: TimerCreate,
	doc: TimerDoc,
	when: DueWhen | undefined,
	rules: TimerRules,
	readAction: ReadAction,
	flaws: Flaws,
): Graph | undefined {
	if (temporalGraph === undefined) return undefined;
	if (when?.schedule !== undefined) {
		flaws.invalid("temporalGraph", "follows from one firing, and a schedule has many");
		return undefined;
	}
	const root = {
		doc,
		delayMs: (when?.dueAt ?? rules.now) - rules.now,
		binding: agentBinding === undefined ? undefined : doc.actions?.at(-1),
	};
	const read = (input: TimerCreate, own: Flaws) => readDoc(input, rules, readAction, own);
	return readGraph(temporalGraph, root, rules, read, flaws);
}

/** What is made of a timer that is there already cannot begin to wait, nor be followed by others. */
function checkDedupe(
	{ dedupe, temporalGraph }: TimerCreate,
	{ views }: Dependencies,
	flaws: Flaws,
): void {
	const mode = dedupe?.mode;
	if (mode !== "replace" && mode !== "merge") return;
	const why = `cannot be given with dedupe.mode ${mode}: a timer that is changed keeps what it has`;
	if (views.length > 0) flaws.invalid("dependsOn", why);
	if (temporalGraph !== undefined) flaws.invalid("temporalGraph", why);
}

/** A delay begins to count once nothing is waited for any more; an instant stays what it is. */
function waitOf(input: TimerCreate, { dueAt }: DueWhen, { now }: TimerRules): { delayMs?: number } {
	return namesInstant(input) ? {} : { delayMs: dueAt - now };
}

/** How many labels a timer may have; its schema bounds only their lengths. */
export function checkLabels(labels: object | undefined, flaws: Flaws): void {
	if (labels === undefined) return;
	const count = Object.keys(labels).length;
	if (count > LIMITS.labels) {
		flaws.invalid("labels", `expected at most ${LIMITS.labels} labels, got ${count}`);
	}
}

/** Refuses a document (or a change to one) that is too large for a row. */
export function sizeRefusal(text: string): TimerRefusal | undefined {
	if (!mayPass(text, LIMITS.timerBytes)) return undefined;
	const bytes = utf8Length(text);
	if (bytes <= LIMITS.timerBytes) return undefined;
	const detail = `The timer takes ${bytes} bytes without its large bodies; at most ${LIMITS.timerBytes} are stored.`;
	return { code: "payload_too_large", detail };
}

const WAYS = ["in", "duration", "at", "fireAt", "schedule", "schedule_kind"] as const;

function requireWhen(
	input: TimerCreate,
	{ views }: Dependencies,
	rules: TimerRules,
	flaws: Flaws,
): DueWhen | undefined {
	if (WAYS.every((way) => input[way] === undefined)) {
		// What waits for other timers fires as soon as they have ended, unless it says otherwise.
		if (views.length > 0) return { dueAt: rules.now };
		flaws.invalid("in", "is missing: one of in, at (or duration, fireAt) and schedule says when");
		return undefined;
	}
	const when = readWhen(input, rules, flaws);
	return when !== undefined && "dueAt" in when ? when : undefined;
}

function readDoc(
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

function fitDoc(doc: TimerDoc, dueAt: number): Result<NormalTimer, TimerRefusal> {
	let text = formatTimerDoc(doc);
	let payloads: readonly Payload[] = [];
	if (mayPass(text, LIMITS.inlineBodyBytes)) {
		const offloaded = offloadBodies(doc);
		payloads = offloaded.payloads;
		if (payloads.length > 0) text = formatTimerDoc(offloaded.doc);
	}
	const tooLarge = sizeRefusal(text);
	if (tooLarge !== undefined) return err(tooLarge);
	const { name = null, dedupeKey = null, dedupe } = doc;
	const flags = flagsOfDoc(doc);
	const firing = firingPolicyOf(doc);
	return ok({
		dueAt,
		doc,
		stored: {
			dueAt,
			flags,
			name,
			doc: text,
			dedupeKey,
			...(dedupe && { dedupe }),
			...(firing && { firing }),
			...(doc.jitterPolicy && { jitterPolicy: doc.jitterPolicy }),
		},
		payloads,
	});
}
