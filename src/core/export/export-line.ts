/**
 * A timer as a line of an export: what `POST /v1/timers` takes to make it again, and beside it what
 * it was called, how it stood, and when it was made. Nothing that its author wrote is left out: the
 * table below has to say something about every member of the stored document.
 */
import type { ActionInput, EscalationInput } from "../../contract/action.ts";
import type { JsonObject } from "../../contract/json.ts";
import type { TimerCreate, TimerStatus } from "../../contract/timer.ts";
import { formatInstant } from "../instant.ts";
import { renderSchedule } from "../recurrence/render-schedule.ts";
import {
	type ActionDoc,
	type EscalationDoc,
	isServiceDoc,
	type ServiceDoc,
	type TimerDoc,
} from "../timer-doc.ts";

type StepInput = NonNullable<EscalationInput["steps"][number]["actions"]>[number];

type Inverse = {
	readonly [Member in keyof TimerDoc]-?: (
		value: NonNullable<TimerDoc[Member]>,
	) => Partial<TimerCreate>;
};

/** How each member of a document is asked for. The inverse of `core/normalise-timer.ts`. */
const BODY: Inverse = {
	name: (name) => ({ name }),
	message: (message) => ({ message }),
	actions: (actions) => ({ actions: actions.map(actionOf) }),
	retry: (retry) => ({ retry }),
	escalation: (escalation) => ({ escalation: escalationOf(escalation) }),
	schedule: (schedule) => ({ schedule: renderSchedule(schedule) }),
	priority: (priority) => ({ priority }),
	labels: (labels) => ({ labels }),
	metadata: (metadata) => ({ metadata }),
	params: (params) => ({ params }),
	context: (context) => ({ context }),
	conditions: (conditions) => ({ conditions }),
	misfire: ({ policy, graceMs, max, paceMs }) => ({
		misfire: {
			...(policy !== undefined && { policy }),
			...(graceMs !== undefined && { grace: graceMs }),
			...(max !== undefined && { max }),
			...(paceMs !== undefined && { pace: paceMs }),
		},
	}),
	overlap: (overlap) => ({ overlap }),
	jitterMs: (jitter) => ({ jitter }),
	spreadMs: (spread) => ({ spread }),
	jitterPolicy: (jitterPolicy) => ({ jitterPolicy }),
	dedupeKey: (dedupeKey) => ({ dedupeKey }),
	dedupe: ({ windowMs, mode }) => ({
		dedupe: { ...(windowMs !== undefined && { windowMs }), ...(mode !== undefined && { mode }) },
	}),
	concurrencyKey: (concurrencyKey) => ({ concurrencyKey }),
	fidelity: (fidelity) => ({ fidelity }),
	dependsOn: (dependsOn) => ({ dependsOn: [...dependsOn] }),
	// Without a delay, it fires as soon as it may.
	delayMs: (delayMs) => (delayMs === 0 ? {} : { in: delayMs }),
	// Its timers are lines of their own, which say what they wait for.
	graph: () => ({}),
	requestedBy: (requestedBy) => ({ requestedBy }),
	// Of the request that made it; the import has a trace of its own.
	traceparent: () => ({}),
	// Said by the line's `status` and `pauseNote`.
	pause: () => ({}),
	// An import fires, and is answered, anew.
	acknowledged: () => ({}),
	// Of a firing, which no list shows.
	event: () => ({}),
	escalated: () => ({}),
	replayOf: () => ({}),
	backfillTo: () => ({}),
	zone: () => ({}),
};

export type ExportedTimer = {
	readonly id: string;
	readonly status: TimerStatus;
	/** Epoch ms. */
	readonly createdAt: number;
	/** Epoch ms: when it fires next, and the instant its schedule names for that. */
	readonly fireAt: number;
	readonly nominalAt: number;
	/** Firings left of its schedule's limit; null without one. */
	readonly remaining: number | null;
	/** With every body in place and headers in the open. */
	readonly doc: TimerDoc;
};

export function exportLine(timer: ExportedTimer): JsonObject {
	const { id, status, createdAt } = timer;
	const doc = standingDoc(timer);
	const note = doc.pause?.note;
	const leftOut = tokenPathsOf(doc);
	return {
		id,
		status,
		createdAt: formatInstant(createdAt),
		...(note !== undefined && { pauseNote: note }),
		...(leftOut.length > 0 && { leftOut }),
		...(isOnce(doc) && { at: formatInstant(instantOf(timer)) }),
		...bodyOf(doc),
	};
}

/**
 * The document of a timer as it stands: without what it waited for, once that is over, and with the
 * firings that its schedule has left.
 */
function standingDoc({ status, doc, remaining }: ExportedTimer): TimerDoc {
	const { dependsOn, delayMs, schedule, ...rest } = doc;
	const isWaiting = status === "pending" || doc.pause?.pending === true;
	return {
		...rest,
		...(schedule !== undefined && {
			schedule: remaining === null ? schedule : { ...schedule, limit: remaining },
		}),
		...(isWaiting && dependsOn !== undefined && { dependsOn }),
		// What recurs is first due when its schedule says, so that it has no other delay.
		...(isWaiting && delayMs !== undefined && schedule === undefined && { delayMs }),
	};
}

/** Whether an instant says when: not a schedule, nor a delay after what the timer waits for. */
function isOnce({ schedule, delayMs }: TimerDoc): boolean {
	return schedule === undefined && delayMs === undefined;
}

/** A snooze counts; what jitter and spread have added is added again. */
function instantOf({ fireAt, nominalAt, doc }: ExportedTimer): number {
	return doc.jitterMs === undefined && doc.spreadMs === undefined ? fireAt : nominalAt;
}

function bodyOf(doc: TimerDoc): JsonObject {
	const parts = Object.entries(doc).map(([member, value]) => {
		// `member` names `value` in a document, which has no other members.
		const inverse = BODY[member as keyof TimerDoc] as (value: unknown) => JsonObject;
		return inverse(value);
	});
	return Object.assign({}, ...parts);
}

/** A body that R2 has lost stays a reference, which an import refuses: it would not be the same. */
function actionOf({ escalation, ...action }: ActionDoc): ActionInput {
	const step = stepOf(action);
	return escalation === undefined ? step : { ...step, escalation: escalationOf(escalation) };
}

function escalationOf({ after, steps }: EscalationDoc): EscalationInput {
	return {
		after: "attempts" in after ? after : { unacknowledgedFor: after.unacknowledgedMs },
		steps: steps.map(({ afterMs, attempts, actions }) => ({
			...(afterMs !== undefined && { after: afterMs }),
			...(attempts !== undefined && { attempts }),
			...(actions !== undefined && { actions: actions.map(stepOf) }),
		})),
	};
}

/** Of an action without an escalation, as those of steps are. */
function stepOf(action: ActionDoc): StepInput {
	if (action.type === "agent") {
		const { escalation: _, ...rest } = action;
		return rest;
	}
	if (isServiceDoc(action)) return withoutToken(action);
	const { sealedHeaders: _, escalation: __, headers, ...rest } = action;
	return { ...rest, ...(headers !== undefined && { headers: { ...headers } }) };
}

/**
 * A token leaves the network by no file. The line says which are left out, and an import asks for
 * them: without one, the action is none that can be created.
 */
function withoutToken(action: ServiceDoc): StepInput {
	const { token: _, sealedToken: __, tokenPreview: ___, escalation: ____, ...rest } = action;
	return rest as StepInput;
}

/** Where the tokens belong that a line leaves out. */
function tokenPathsOf(doc: TimerDoc): string[] {
	const ofStep = (action: ActionDoc, path: string): string[] => [
		...(isServiceDoc(action) && action.tokenPreview !== undefined ? [`${path}.token`] : []),
		...ofEscalation(action.escalation, `${path}.escalation`),
	];
	const ofEscalation = (escalation: EscalationDoc | undefined, path: string): string[] =>
		(escalation?.steps ?? []).flatMap(({ actions = [] }, step) =>
			actions.flatMap((action, i) => ofStep(action, `${path}.steps.${step}.actions.${i}`)),
		);
	return [
		...(doc.actions ?? []).flatMap((action, i) => ofStep(action, `actions.${i}`)),
		...ofEscalation(doc.escalation, "escalation"),
	];
}
