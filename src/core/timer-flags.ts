/**
 * What a shard must know of a timer on its hot path without parsing the document, packed into one
 * integer column. Not a second source of truth: the flags are always computed from a document.
 */
import { PRIORITY_CLASSES, type PriorityClass } from "../contract/envelope.ts";
import { LIMITS } from "../contract/limits.ts";
import { escalationsOf } from "./doc-actions.ts";
import { isComputable } from "./recurrence/schedule-doc.ts";
import { type ActionDoc, DEFAULT_PRIORITY, type TimerDoc } from "./timer-doc.ts";
import { SECOND } from "./units.ts";

export type TimerFlags = {
	/** 1 (most urgent) to 9. */
	readonly priority: number;
	readonly fidelity: "full" | "fast";
	/** Number of actions, so of deliveries of one firing. */
	readonly actions: number;
	/** The longest that one of its actions may take; 0 without actions. A lease is computed from it. */
	readonly timeoutMs: number;
};

/**
 * What makes a timer more than one firing of its actions. Any of them costs its claims the shortest
 * way to settle: the row and its document are read.
 */
export const RECURRING = 1 << 26;
/** Its document is looked at before a firing starts: conditions, keys, an overlap policy. */
export const GUARDED = 1 << 27;
/** Other timers wait for its end. Not of its document: a change of that keeps it. */
export const DEPENDED = 1 << 28;
/** Failures or a missed acknowledgement set off other actions. */
export const ESCALATES = 1 << 29;

/** Whether the timer is one firing of its actions, and nothing else looks at it. */
export function isPlain(packed: number): boolean {
	return (packed & (RECURRING | GUARDED | DEPENDED | ESCALATES)) === 0;
}

// Bits from the lowest: priority 4, fidelity 1, actions 5, timeout 16, then the four above. Stored,
// so append only.
const PRIORITY_MASK = 0b1111;
const FAST_BIT = 1 << 4;
const ACTIONS_SHIFT = 5;
const ACTIONS_MASK = 0b1_1111;
const TIMEOUT_SHIFT = 10;
const TIMEOUT_MASK = 0xffff;

/** Priorities of one class: 1–3 high, 4–6 medium, 7–9 low. */
const PRIORITIES_PER_CLASS = 3;

export function packFlags(flags: TimerFlags): number {
	return (
		flags.priority |
		(flags.fidelity === "fast" ? FAST_BIT : 0) |
		(flags.actions << ACTIONS_SHIFT) |
		(flags.timeoutMs << TIMEOUT_SHIFT)
	);
}

export function unpackFlags(packed: number): TimerFlags {
	return {
		priority: packed & PRIORITY_MASK,
		fidelity: (packed & FAST_BIT) === 0 ? "full" : "fast",
		actions: (packed >>> ACTIONS_SHIFT) & ACTIONS_MASK,
		timeoutMs: (packed >>> TIMEOUT_SHIFT) & TIMEOUT_MASK,
	};
}

/** The packed flags of a document: what to store beside it, always. */
export function flagsOfDoc(doc: TimerDoc): number {
	const actions = doc.actions ?? [];
	let timeoutMs = 0;
	for (const action of actions) {
		timeoutMs = Math.max(timeoutMs, timeoutMsOf(action));
	}
	const packed = packFlags({
		priority: doc.priority ?? DEFAULT_PRIORITY,
		fidelity: doc.fidelity ?? "full",
		actions: actions.length,
		timeoutMs,
	});
	return (
		packed |
		(isRecurring(doc) ? RECURRING : 0) |
		(isGuarded(doc) || asksToAcknowledge(doc) ? GUARDED : 0) |
		(escalates(doc) ? ESCALATES : 0)
	);
}

/** Whether the timer's own row goes from occurrence to occurrence. */
function isRecurring({ schedule }: TimerDoc): boolean {
	return schedule !== undefined && isComputable(schedule);
}

/** Whether a firing must ask before it starts: see the shard's guards.ts. */
function isGuarded(doc: TimerDoc): boolean {
	const { misfire, overlap } = doc;
	if (overlap === "allow" || overlap === "cancel_other") return true;
	if (doc.conditions !== undefined) return true;
	if (doc.concurrencyKey !== undefined || isAwaiting(doc)) return true;
	return misfire?.policy === "skip" && !isRecurring(doc);
}

function escalates(doc: TimerDoc): boolean {
	return doc.escalated !== undefined || escalationsOf(doc).length > 0;
}

/** Whether the start of a firing starts the clock of an escalation, or is a step of one. */
function asksToAcknowledge(doc: TimerDoc): boolean {
	if (doc.escalated !== undefined) return true;
	return escalationsOf(doc).some(({ escalation }) => "unacknowledgedMs" in escalation.after);
}

/** Whether the timer waits for something to happen, and fires by rows of their own. */
function isAwaiting({ schedule }: TimerDoc): boolean {
	return schedule !== undefined && ("event" in schedule || "condition" in schedule);
}

/** Milliseconds a mailbox may take to store what it is handed: a cold object needs a second. */
export const MAILBOX_TIMEOUT_MS = 10 * SECOND;

/** Milliseconds a service may take to answer: GitHub and Slack give up on a request of theirs at 10 s. */
export const SERVICE_TIMEOUT_MS = LIMITS.timeoutMsDefault;

/** Milliseconds that one attempt at an action may take. */
function timeoutMsOf(action: ActionDoc): number {
	if (action.type === "agent") return MAILBOX_TIMEOUT_MS;
	if (action.type !== "webhook") return SERVICE_TIMEOUT_MS;
	return action.timeoutMs ?? LIMITS.timeoutMsDefault;
}

/** Which queue carries the timer's deliveries. */
export function priorityClassOf(packed: number): PriorityClass {
	const index = Math.floor(((packed & PRIORITY_MASK) - 1) / PRIORITIES_PER_CLASS);
	return PRIORITY_CLASSES[index] ?? "medium";
}
