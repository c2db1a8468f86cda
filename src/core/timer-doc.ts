/**
 * The stored document of a timer: everything about it that the shard need not know to be on time,
 * as one JSON text in its row. Written by the edge, read by whoever renders or delivers the timer;
 * the shard only merges changes into it. What stands in columns (due time, state) is not in here.
 */
import type { WebhookMethodSchema } from "../contract/action.ts";
import type { DependencyView } from "../contract/dependency.ts";
import type { OverlapPolicy } from "../contract/firing-policy.ts";
import type { TimerId } from "../contract/ids.ts";
import type { JitterPolicy } from "../contract/jitter-policy.ts";
import type { JsonObject, JsonValue } from "../contract/json.ts";
import type { RetryInput } from "../contract/retry.ts";
import type { GraphView } from "../contract/temporal-graph.ts";
import type { DedupeMode } from "../contract/timer.ts";
import type { Conditions } from "./condition/conditions.ts";
import { DEFAULT_OVERLAP, type MisfireDoc } from "./firing/policy.ts";
import type { ScheduleDoc } from "./recurrence/schedule-doc.ts";
import type { TopicEvent } from "./topic-event.ts";

export const DEFAULT_PRIORITY = 5;

/** A body too large for the row: it lies in R2 under the tenant and this hash. */
export type BodyRef = { readonly sha256: string; readonly bytes: number };

/** A webhook as it is stored. Absent `method` is POST, absent `timeoutMs` is the default. */
export type WebhookDoc = {
	readonly type: "webhook";
	readonly url: string;
	readonly method?: (typeof WebhookMethodSchema)["options"][number];
	/** In the open only outside of storage, and where an earlier release has stored them. */
	readonly headers?: Readonly<Record<string, string>>;
	/** Instead of `headers`, as they are stored: see `src/action-secrets.ts`. */
	readonly sealedHeaders?: string;
	readonly body?: JsonValue;
	/** Instead of `body`, where that is larger than `LIMITS.inlineBodyBytes`. */
	readonly bodyRef?: BodyRef;
	readonly timeoutMs?: number;
	readonly message?: string;
	readonly data?: JsonObject;
	readonly escalation?: EscalationDoc;
};

/** A message for a mailbox as it is stored. Absent times have their defaults. */
export type AgentDoc = {
	readonly type: "agent";
	readonly mailbox: string;
	readonly command?: JsonObject;
	readonly ackTimeoutMs?: number;
	readonly ttlMs?: number;
	readonly escalation?: EscalationDoc;
};

/** What every action that speaks to a service may have. */
type ServiceParts = {
	/** In the open only outside of storage. */
	readonly token?: string;
	/** Instead of `token`, as it is stored: see `src/action-secrets.ts`. */
	readonly sealedToken?: string;
	/** What is shown of the token. */
	readonly tokenPreview?: string;
	readonly escalation?: EscalationDoc;
};

/** Where GitHub's API is; absent `apiUrl` is `GITHUB_API_URL`. */
type GithubParts = ServiceParts & { readonly repository: string; readonly apiUrl?: string };

export type RepositoryDispatchDoc = GithubParts & {
	readonly type: "repository_dispatch";
	readonly eventType: string;
	readonly clientPayload?: JsonObject;
};

export type WorkflowDispatchDoc = GithubParts & {
	readonly type: "workflow_dispatch";
	readonly workflow: string;
	readonly ref: string;
	readonly inputs?: JsonObject;
};

export type SlackMessageDoc = ServiceParts & {
	readonly type: "slack_message";
	readonly team: string;
	readonly channel: string;
	readonly text: string;
	readonly user?: string;
	readonly buttons?: boolean;
};

/** An action that speaks to a service by its own API: see `core/services/service-kinds.ts`. */
export type ServiceDoc = RepositoryDispatchDoc | WorkflowDispatchDoc | SlackMessageDoc;

export type ActionDoc = WebhookDoc | AgentDoc | ServiceDoc;

/** How a timer wants its dedupe key held. Absent `mode` is `keep`, no window ends with the timer. */
export type DedupeDoc = { readonly windowMs?: number; readonly mode?: DedupeMode };

/** One step of an escalation. Absent `afterMs` and `attempts`: at once. */
export type EscalationStepDoc = {
	/** After the step before, or after what set the first one off. */
	readonly afterMs?: number;
	/** Not by the clock, but after so many failed attempts of the step before. */
	readonly attempts?: number;
	readonly actions?: readonly ActionDoc[];
};

/** Actions of its steps have no escalation themselves. */
export type EscalationDoc = {
	readonly after: { readonly attempts: number } | { readonly unacknowledgedMs: number };
	readonly steps: readonly EscalationStepDoc[];
};

/** Of a firing row: that it is a step of an escalation. */
export type EscalatedDoc = {
	/** The firing that is escalated, of the same timer, and the epoch ms at which it fired. */
	readonly firing: number;
	readonly firedAt: number;
	/** The action that is escalated; absent for the timer's own escalation. */
	readonly action?: number;
	/** From 1. */
	readonly step: number;
	readonly reason: EscalationReason;
	/** The steps that follow. */
	readonly next: readonly EscalationStepDoc[];
	/** Whether it has been told, and the step after it planned. */
	readonly begun?: true;
};

/** What set a step off: failed attempts, a delivery given up before so many, nobody's answer. */
export type EscalationReason = "attempts" | "dead" | "unacknowledged";

/** That somebody has acknowledged what had fired. */
export type AcknowledgeDoc = {
	/** Epoch ms. */
	readonly at: number;
	/**
	 * Epoch ms: every firing that fired by then is acknowledged. Not a number of one: those of firings
	 * beside the schedule do not follow the order in which they fire.
	 */
	readonly until: number;
	readonly note?: string;
};

/** That a timer is paused. What it goes back to follows from `pending` and its deliveries. */
export type PauseDoc = {
	/** Epoch ms. */
	readonly at: number;
	readonly note?: string;
	/** True when it waited for other timers. */
	readonly pending?: true;
};

/** Which graph a timer is a node of, and what it is called there. */
export type GraphNodeDoc = { readonly rootId: TimerId; readonly nodeId: string };

/** An absent member has its default; `formatTimerDoc` leaves defaults and empty members out. */
export type TimerDoc = {
	readonly name?: string;
	readonly message?: string;
	readonly actions?: readonly ActionDoc[];
	readonly retry?: RetryInput;
	/** When it fires again and again; without one it fires once. */
	readonly schedule?: ScheduleDoc;
	readonly priority?: number;
	readonly labels?: Readonly<Record<string, string>>;
	readonly metadata?: JsonObject;
	readonly params?: JsonObject;
	/** What conditions and templates are told until the timer fires. */
	readonly context?: JsonObject;
	/** Asked before each firing. */
	readonly conditions?: Conditions;
	/** Of the event that a firing is for. */
	readonly event?: TopicEvent;
	readonly dedupeKey?: string;
	readonly dedupe?: DedupeDoc;
	/** Of all timers that have it, one fires at a time. */
	readonly concurrencyKey?: string;
	readonly fidelity?: "full" | "fast";
	/** What it waits for, or has waited for. */
	readonly dependsOn?: readonly DependencyView[];
	/** The temporal graph that it is the root or a node of. */
	readonly graph?: GraphView | GraphNodeDoc;
	/** Of a timer with `dependsOn`: ms from when that is satisfied; absent where it names an instant. */
	readonly delayMs?: number;
	readonly requestedBy?: string;
	/** W3C traceparent of the request that created the timer. */
	readonly traceparent?: string;
	readonly pause?: PauseDoc;
	readonly misfire?: MisfireDoc;
	readonly overlap?: OverlapPolicy;
	readonly jitterMs?: number;
	readonly spreadMs?: number;
	readonly jitterPolicy?: JitterPolicy;
	/** IANA name, of a firing row: its schedule stays with its timer. */
	readonly zone?: string;
	readonly escalation?: EscalationDoc;
	readonly acknowledged?: AcknowledgeDoc;
	readonly escalated?: EscalatedDoc;
	/** Of a firing row: the earlier firing that it repeats. */
	readonly replayOf?: number;
	/** Of a firing row: epoch ms up to which, after it, occurrences are filled in one by one. */
	readonly backfillTo?: number;
};

/** Members to replace in a document; `null` removes one. Kept as JSON text on its way to the shard. */
export type TimerDocPatch = { readonly [Member in keyof TimerDoc]?: TimerDoc[Member] | null };

/** What an extra firing does not take over from the document of its timer. */
export const NOT_ITS_OWN: TimerDocPatch = {
	acknowledged: null,
	pause: null,
	escalated: null,
	replayOf: null,
	backfillTo: null,
};

/** Reads what `formatTimerDoc` wrote. */
export function parseTimerDoc(text: string): TimerDoc {
	// Only `formatTimerDoc` writes these texts, so their shape is known; checking again would cost
	// every firing and every listed timer a walk over its document.
	return JSON.parse(text) as TimerDoc;
}

/** The action of a delivery. Actions cannot be changed once a timer has fired, so it is there. */
export function requireAction(doc: TimerDoc, action: number): ActionDoc {
	const stored = doc.actions?.[action];
	if (stored === undefined) throw new Error(`The timer's document has no action ${action}`);
	return stored;
}

/** The text to store: without defaults and empty members, which cost room in every pending timer. */
export function formatTimerDoc(doc: TimerDoc): string {
	const kept: Record<string, unknown> = {};
	for (const [member, value] of Object.entries(doc)) {
		if (!isDefault(member, value)) kept[member] = value;
	}
	return JSON.stringify(kept);
}

/** `doc` with the members of `patch` (JSON text of a `TimerDocPatch`) replaced or removed. */
export function patchTimerDoc(doc: TimerDoc, patch: string): TimerDoc {
	const members = Object.entries({ ...doc, ...JSON.parse(patch) });
	return Object.fromEntries(members.filter(([member, value]) => !isDefault(member, value)));
}

/** Whether an action speaks to a service by its own API. */
export function isServiceDoc(action: ActionDoc): action is ServiceDoc {
	return action.type !== "webhook" && action.type !== "agent";
}

function isDefault(member: string, value: unknown): boolean {
	if (typeof value === "object") return value === null || isEmpty(value);
	if (member === "priority") return value === DEFAULT_PRIORITY;
	if (member === "fidelity") return value === "full";
	if (member === "overlap") return value === DEFAULT_OVERLAP;
	if (member === "jitterMs" || member === "spreadMs") return value === 0;
	return value === undefined;
}

function isEmpty(value: object): boolean {
	for (const _ in value) return false;
	return true;
}
