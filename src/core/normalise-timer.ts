/**
 * Turns a timer as a caller wrote it, its shape already checked, into what a shard stores: when it
 * fires, what it waits for, and what follows from it. Its other fields are read in read-timer-doc.ts.
 * Pure; called at the edge for single creates and for every line of a batch.
 */
import type { TimerCreate } from "../contract/timer.ts";
import { NO_INSTANT } from "./dependency.ts";
import { fitGraph } from "./fit-graph.ts";
import { fitDoc, type NormalTimer } from "./fit-timer.ts";
import { type Dependencies, readDependencies } from "./normalise-dependencies.ts";
import { type Graph, readGraph } from "./normalise-graph.ts";
import { type DueWhen, namesInstant, readWhen } from "./normalise-schedule.ts";
import { type ReadAction, readDoc } from "./read-timer-doc.ts";
import { err, ok, type Result } from "./result.ts";
import type { TimerDoc } from "./timer-doc.ts";
import { Flaws, type TimerRefusal, type TimerRules } from "./timer-rules.ts";

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
