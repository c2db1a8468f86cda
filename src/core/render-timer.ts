/**
 * The wire shape of a timer, from what a shard answers. `armed`, progress and the time that remains
 * are derived from `now`: nothing stored changes while a timer waits.
 */
import type { ActionView, EscalationView } from "../contract/action.ts";
import type { TimerId } from "../contract/ids.ts";
import type { JsonValue } from "../contract/json.ts";
import { LIMITS } from "../contract/limits.ts";
import type { RetryInput } from "../contract/retry.ts";
import type { FiringView, TimerStatus, TimerView } from "../contract/timer.ts";
import { NO_INSTANT } from "./dependency.ts";
import { etagOf } from "./etag.ts";
import { eventScheduleOf } from "./event-schedule.ts";
import { DEFAULT_OVERLAP, toMisfire } from "./firing/policy.ts";
import { formatInstant } from "./instant.ts";
import { renderSchedule } from "./recurrence/render-schedule.ts";
import { type RetryPolicy, toRetryPolicy } from "./retry-policy.ts";
import { kindOf } from "./services/service-kinds.ts";
import {
	type ActionDoc,
	DEFAULT_PRIORITY,
	type DedupeDoc,
	type EscalationDoc,
	isServiceDoc,
	type ServiceDoc,
	type TimerDoc,
} from "./timer-doc.ts";
import { SECOND } from "./units.ts";
import { methodOf } from "./webhook-body.ts";

/** A scheduled timer is `armed` once it is due within this many ms. */
const ARMED_WITHIN_MS = SECOND;

/** The version of a timer that has not been changed since it was created is 1. */
const FIRST_STANDING = { status: "scheduled", version: 1, cancelReason: null } as const;
type StepView = NonNullable<EscalationView["steps"][number]["actions"]>[number];

/** The shape of a shard's `FiringRecord`. */
export type FiringState = {
	readonly seq: number;
	readonly dueAt: number;
	readonly nominalAt: number;
	readonly firedAt: number;
	readonly settledAt: number | null;
	readonly status: FiringView["status"];
};

/** The shape of a shard's `TimerRecord`, its document apart. */
export type TimerState = {
	readonly createdAt: number;
	readonly fireAt: number;
	readonly nominalAt: number;
	readonly nextAt: number | null;
	readonly firedCount: number;
	readonly remaining: number | null;
	readonly status: TimerStatus;
	readonly version: number;
	readonly firing: FiringState | null;
	readonly cancelReason: string | null;
	readonly skipReason?: string | null;
};

/**
 * How a timer stands at the instant of its creation.
 * @param known what differs from a timer that is scheduled for its only firing
 */
export function createdState(
	createdAt: number,
	fireAt: number,
	known: Partial<TimerState> = {},
): TimerState {
	return {
		createdAt,
		fireAt,
		nominalAt: fireAt,
		nextAt: fireAt,
		firedCount: 0,
		remaining: null,
		...FIRST_STANDING,
		firing: null,
		...known,
	};
}

/** @param now epoch ms of the answer */
export function renderTimer(
	id: TimerId,
	tenant: string,
	doc: TimerDoc,
	state: TimerState,
	now: number,
): TimerView {
	const waits = state.status === "scheduled" || state.status === "armed";
	// While one of its firings runs, its schedule may wait for the next.
	const waitsBeside = state.status === "firing" && state.nextAt !== null;
	// Paused, it fires at no instant yet, but its schedule goes on naming one.
	const isAhead = waits || waitsBeside || state.status === "paused" || state.status === "pending";
	// A timer that waits for an event, or for others, knows no instant.
	const isListening = eventScheduleOf(doc.schedule) !== undefined;
	const ahead = isListening ? { ...state, fireAt: NO_INSTANT } : state;
	const isKnown = ahead.fireAt !== NO_INSTANT;
	const remainingMs = isAhead ? remainingOf(doc, ahead, now) : 0;
	const nextFireAt = (waits || waitsBeside) && isKnown ? state.nextAt : null;
	const isArmed = isKnown && remainingMs <= ARMED_WITHIN_MS;
	const status = waits ? (isArmed ? "armed" : "scheduled") : state.status;
	const at = isKnown ? formatInstant(state.fireAt) : null;
	// The three are mostly one instant, and writing one takes as long as most of the rest.
	const written = (ms: number) => (ms === state.fireAt && at !== null ? at : formatInstant(ms));
	return {
		id,
		tenantId: tenant,
		name: doc.name ?? null,
		status,
		createdAt: formatInstant(state.createdAt),
		at,
		nextFireAt: nextFireAt === null ? null : written(nextFireAt),
		nominalAt: isKnown ? written(state.nominalAt) : null,
		schedule: doc.schedule === undefined ? null : renderSchedule(doc.schedule),
		timeRemainingMs: remainingMs,
		progress: isAhead ? progressOf(doc, ahead, now) : 1,
		firedCount: state.firedCount,
		remainingFirings: state.remaining,
		lastFiring: state.firing && renderFiring(state.firing),
		message: doc.message ?? null,
		params: doc.params ?? {},
		actions: (doc.actions ?? []).map(renderAction),
		retry: renderRetry(toRetryPolicy(doc.retry)),
		priority: doc.priority ?? DEFAULT_PRIORITY,
		labels: { ...doc.labels },
		metadata: doc.metadata ?? {},
		context: doc.context ?? {},
		// Stored as it was read, as JSON.
		conditions: (doc.conditions ?? null) as JsonValue,
		misfire: toMisfire(doc.misfire),
		overlap: doc.overlap ?? DEFAULT_OVERLAP,
		jitterMs: doc.jitterMs ?? 0,
		spreadMs: doc.spreadMs ?? 0,
		jitterPolicy: doc.jitterPolicy ?? null,
		dedupeKey: doc.dedupeKey ?? null,
		dedupe: doc.dedupe === undefined ? null : renderDedupe(doc.dedupe),
		concurrencyKey: doc.concurrencyKey ?? null,
		fidelity: doc.fidelity ?? "full",
		dependsOn: [...(doc.dependsOn ?? [])],
		...renderGraph(doc),
		requestedBy: doc.requestedBy ?? null,
		cancelReason: state.cancelReason,
		escalation: doc.escalation === undefined ? null : renderEscalation(doc.escalation),
		...renderAcknowledgement(doc, state),
		skipReason: state.skipReason ?? null,
		...renderPause(doc, status),
		etag: etagOf(state),
	};
}

function renderDedupe({ windowMs, mode }: DedupeDoc): TimerView["dedupe"] {
	return { windowMs: windowMs ?? null, mode: mode ?? "keep" };
}

/** Until the timer fires again. */
function renderAcknowledgement(
	{ acknowledged }: TimerDoc,
	{ firing }: TimerState,
): Pick<TimerView, "acknowledgedAt" | "acknowledgeNote"> {
	if (acknowledged === undefined || (firing?.firedAt ?? 0) > acknowledged.until) {
		return { acknowledgedAt: null, acknowledgeNote: null };
	}
	const { at, note = null } = acknowledged;
	return { acknowledgedAt: formatInstant(at), acknowledgeNote: note };
}

function renderPause(
	{ pause }: TimerDoc,
	status: TimerStatus,
): Pick<TimerView, "pausedAt" | "pauseNote"> {
	// One whose last delivery ended while it was paused has ended.
	if (pause === undefined || status !== "paused") return { pausedAt: null, pauseNote: null };
	return { pausedAt: formatInstant(pause.at), pauseNote: pause.note ?? null };
}

export function renderFiring(firing: FiringState): FiringView {
	return {
		seq: firing.seq,
		dueAt: formatInstant(firing.dueAt),
		nominalAt: formatInstant(firing.nominalAt),
		firedAt: formatInstant(firing.firedAt),
		settledAt: firing.settledAt === null ? null : formatInstant(firing.settledAt),
		latenessMs: Math.max(0, firing.firedAt - firing.dueAt),
		status: firing.status,
	};
}

/** An action as its author wrote it, with the defaults filled in. */
export function renderAction({ escalation, ...action }: ActionDoc): ActionView {
	const shown = renderStep(action);
	return escalation === undefined ? shown : { ...shown, escalation: renderEscalation(escalation) };
}

/** An escalation as it could be written again: durations in milliseconds. */
export function renderEscalation({ after, steps }: EscalationDoc): EscalationView {
	return {
		after: "attempts" in after ? after : { unacknowledgedFor: after.unacknowledgedMs },
		steps: steps.map(({ afterMs, attempts, actions }) => ({
			...(afterMs !== undefined && { after: afterMs }),
			...(attempts !== undefined && { attempts }),
			...(actions !== undefined && { actions: actions.map(renderStep) }),
		})),
	};
}

function renderStep(action: ActionDoc): StepView {
	if (action.type === "agent") {
		return {
			...action,
			command: action.command ?? {},
			ackTimeoutMs: action.ackTimeoutMs ?? LIMITS.leaseMsDefault,
			ttlMs: action.ttlMs ?? LIMITS.messageTtlMsDefault,
		};
	}
	if (isServiceDoc(action)) return renderService(action);
	const { sealedHeaders: _, ...shown } = action;
	return {
		...shown,
		method: methodOf(action),
		headers: { ...action.headers },
		timeoutMs: action.timeoutMs ?? LIMITS.timeoutMsDefault,
	};
}

function renderService(action: ServiceDoc): StepView {
	const { token: _, sealedToken: __, ...shown } = action;
	// What a kind adds are the defaults of what its view must have.
	return { ...shown, ...kindOf(action).shownOf(action) } as StepView;
}

/** The inverse of `toRetryPolicy`, with every default written out. */
function renderRetry(policy: RetryPolicy): RetryInput {
	if (policy.kind === "list") return { delaysMs: [...policy.delaysMs] };
	const { kind: backoff, maxAttempts, baseMs, jitter } = policy;
	return policy.kind === "fixed"
		? { maxAttempts, backoff, baseMs, jitter }
		: { maxAttempts, backoff, baseMs, capMs: policy.capMs, jitter };
}

function renderGraph({ graph }: TimerDoc) {
	if (graph === undefined) return { graph: null, graphRootId: null, graphNodeId: null };
	if ("nodes" in graph) return { graph, graphRootId: null, graphNodeId: null };
	return { graph: null, graphRootId: graph.rootId, graphNodeId: graph.nodeId };
}

/** What waits for other timers has its whole delay before it. */
function remainingOf({ delayMs = 0 }: TimerDoc, { fireAt }: TimerState, now: number): number {
	return fireAt === NO_INSTANT ? delayMs : Math.max(0, fireAt - now);
}

/** Of the way from its creation, or from when it was released, to when it is due. */
function progressOf({ delayMs }: TimerDoc, { createdAt, fireAt }: TimerState, now: number): number {
	if (fireAt === NO_INSTANT) return 0;
	const start = delayMs === undefined ? createdAt : fireAt - delayMs;
	if (fireAt <= start) return 1;
	return Math.min(1, Math.max(0, (now - start) / (fireAt - start)));
}
