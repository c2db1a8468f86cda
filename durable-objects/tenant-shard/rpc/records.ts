/**
 * What a shard answers of timers, firings, deliveries, attempts and events: rows as data, before
 * `core/render-*.ts` makes the wire shapes of them. Part of the boundary in rpc.ts.
 */
import type {
	AttemptOutcome,
	DeliveryState,
	PostponeReason,
	StoredPatch,
} from "../../../src/contract/delivery.ts";
import type { EventType } from "../../../src/contract/event.ts";
import type { JsonObject } from "../../../src/contract/json.ts";
import type { TimerStatus } from "../../../src/contract/timer.ts";
import type { ActionDoc } from "../../../src/core/timer-doc.ts";

export type FiringRecord = {
	readonly seq: number;
	readonly dueAt: number;
	/** The instant that the schedule names: `dueAt` without jitter, spread and snooze. */
	readonly nominalAt: number;
	readonly firedAt: number;
	readonly settledAt: number | null;
	readonly status: "firing" | "settled" | "failed" | "cancelled";
};

/** A timer as a shard answers it; `core/render-timer.ts` makes the wire shape of it. */
export type TimerRecord = {
	readonly seq: number;
	readonly createdAt: number;
	/** When its firing starts, or has started: with jitter, spread and snooze. */
	readonly fireAt: number;
	/** The instant that the schedule names. */
	readonly nominalAt: number;
	/** Epoch ms of the firing to come; null when none is waited for. */
	readonly nextAt: number | null;
	readonly status: TimerStatus;
	readonly version: number;
	readonly doc: string;
	readonly firing: FiringRecord | null;
	readonly firedCount: number;
	/** Occurrences that its schedule may still fire; null without a limit. */
	readonly remaining: number | null;
	readonly cancelReason: string | null;
	readonly skipReason: string | null;
};

export type AttemptRecord = {
	readonly attempt: number;
	readonly at: number;
	readonly durationMs: number | null;
	readonly outcome: AttemptOutcome;
	readonly status: number | null;
	readonly error: string | null;
	readonly excerpt: string | null;
};

export type PostponedRecord = {
	readonly until: number;
	readonly reason: PostponeReason;
	readonly host: string;
};

export type DeliveryRecord = {
	readonly timer: number;
	readonly firing: number;
	readonly action: number;
	readonly state: DeliveryState;
	readonly attempts: number;
	readonly nextAttemptAt: number | null;
	readonly settledAt: number | null;
	/** Oldest first; at most the newest `ATTEMPTS_KEPT`. */
	readonly history: readonly AttemptRecord[];
	readonly patch: StoredPatch | null;
	/** Its action, where it is not that of its timer. */
	readonly request: ActionDoc | null;
	/** JSON text of what an agent acknowledged with. */
	readonly result: string | null;
	/** Why it waits although nothing was sent; null when it waits for a retry, or not at all. */
	readonly postponed: PostponedRecord | null;
};

export type DeadLetterRecord = DeliveryRecord & {
	readonly deadAt: number;
	readonly reason: string;
	readonly doc: string;
};

export type EventRecord = {
	/** Chunk × 512 + index: the shard's own order. */
	readonly sequence: number;
	readonly at: number;
	readonly type: EventType;
	readonly timer: number;
	readonly data: JsonObject;
	readonly traceparent: string | null;
};

/** How far the events of a shard were read: `index` events of `chunk`. {0, 0} is the beginning. */
export type EventPosition = { readonly chunk: number; readonly index: number };

export type EventsAfter = {
	/** In the shard's order. */
	readonly events: readonly EventRecord[];
	readonly position: EventPosition;
	/** Sequences that were asked for and are kept no longer, both ends included. */
	readonly gap: { readonly from: number; readonly to: number } | null;
	/** Whether there was more when this was read. */
	readonly more: boolean;
};
