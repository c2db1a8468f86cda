/**
 * What a shard can be asked, as types: the boundary between the stateless edge and one Durable
 * Object of a tenant. Everything here is structured-clonable data; expected failures are values.
 */
import type { StoredPatch } from "../../src/contract/delivery.ts";
import type { DependencyCondition } from "../../src/contract/dependency.ts";
import type { OutcomeReport } from "../../src/contract/envelope.ts";
import type { JitterPolicy } from "../../src/contract/jitter-policy.ts";
import type { JsonObject } from "../../src/contract/json.ts";
import type { TimerStatus } from "../../src/contract/timer.ts";
import type { CancelOutcome } from "../../src/contract/timer-calls.ts";
import type { StoredCalendar } from "../../src/core/calendar/calendar-dates.ts";
import type { LatenessSince } from "../../src/core/drift/lateness.ts";
import type { GraphEdge } from "../../src/core/normalise-graph.ts";
import type { Address } from "../../src/core/public-id.ts";
import type { Result } from "../../src/core/result.ts";
import type { DedupeDoc } from "../../src/core/timer-doc.ts";
import type { TopicEvent } from "../../src/core/topic-event.ts";
import type { MessageReport } from "../agent-mailbox/rpc.ts";
import type { Claimant } from "./concurrency-places.ts";
import type { Ended } from "./dependents.ts";
import type {
	DeadLetterRecord,
	DeliveryRecord,
	EventPosition,
	EventRecord,
	EventsAfter,
	FiringRecord,
	TimerRecord,
} from "./records.ts";
import type { EndOfDependency } from "./waiting.ts";

export type { StoredCalendar } from "../../src/core/calendar/calendar-dates.ts";
export type * from "./records.ts";

/** Who calls which shard. A shard learns its own name from it, and asks the registry for its
 * configuration when `configVersion` is newer than the one it holds. */
export type ShardCall = {
	readonly tenant: string;
	readonly shard: number;
	readonly configVersion: number;
	/** W3C traceparent of the request, kept with the timer and continued into its deliveries. */
	readonly traceparent: string | null;
	/** The calendars that the schedules of this call name. */
	readonly calendars?: readonly StoredCalendar[];
};

/** A timer ready to be stored: parsed, normalised and serialised by the edge. */
export type NewTimer = {
	readonly dueAt: number;
	/** What the shard must know without parsing `doc`; see `core/timer-flags.ts`. */
	readonly flags: number;
	readonly name: string | null;
	readonly doc: string;
	/** How far its shard shall make up for wakes that come late. */
	readonly jitterPolicy?: JitterPolicy;
	/** Of a timer with a schedule, or with jitter or spread: what its firings go by. */
	readonly firing?: NewFiringPolicy;
	readonly dedupeKey: string | null;
	/** How a timer that has the key is to be treated; `keep` where it does not say. */
	readonly dedupe?: DedupeDoc;
	/** What it waits for; absent where it waits for nothing. */
	readonly dependsOn?: readonly NewDependency[];
	/** The timers that follow from it: all are created with it, or none. */
	readonly graph?: NewGraph;
};

export type NewFiringPolicy = {
	readonly jitterMs?: number;
	readonly spreadMs?: number;
	/** Occurrences that may fire; null without a limit. */
	readonly limit: number | null;
};

/** The nodes of a temporal graph, in the order of the places by which they name each other. */
export type NewGraph = { readonly root: string; readonly nodes: readonly NewNode[] };

/** A node: `dueAt` counts where it waits for nothing. */
export type NewNode = Pick<NewTimer, "dueAt" | "flags" | "name" | "doc"> & {
	readonly id: string;
	readonly after: readonly GraphEdge[];
};

/** A timer that another one waits for. */
export type NewDependency = Address & {
	readonly on: DependencyCondition;
	/** Where the caller wrote it. */
	readonly path: string;
};

/** What one shard of a tenant tells another, or leaves to itself for later. It may come twice. */
export type ShardMessage =
	/** A timer of the sender waits for one of the receiver. */
	| {
			readonly kind: "depend";
			readonly dependency: number;
			readonly dependent: Address;
			readonly on: DependencyCondition;
	  }
	/** A timer of the sender, for which one of the receiver waits, has ended. */
	| ({ readonly kind: "ended" } & EndOfDependency)
	/** More dependents than one transaction tells are to be told. */
	| ({ readonly kind: "tell" } & Ended)
	/** An event has been published; the timers up to `after` have been told. */
	| { readonly kind: "event"; readonly event: TopicEvent; readonly after: number }
	/** A firing of the sender wants a concurrency key whose home is the receiver. */
	| ({ readonly kind: "queue"; readonly key: string } & Claimant)
	/** It has left the queue, at `place` where it was told of one. */
	| ({ readonly kind: "leave"; readonly key: string; readonly place: number | null } & Claimant)
	/** From the home: a firing of the receiver has this place, and with the first one the key. */
	| {
			readonly kind: "place";
			readonly key: string;
			readonly row: number;
			readonly firing: number;
			readonly place: number;
			readonly granted: boolean;
	  };

/** An event to be published; `payload` is JSON text. */
export type NewEvent = {
	readonly topic: string;
	readonly payload: string;
	readonly source: string | null;
};

/** An event as its publisher is answered. */
export type PublishedEvent = {
	readonly id: string;
	/** RFC 3339. */
	readonly publishedAt: string;
	/** Whether the same request was answered before. */
	readonly replayed: boolean;
};

/** An `Idempotency-Key` as the shard keeps it: route and key, and the SHA-256 of the body. */
export type IdempotencyClaim = {
	readonly key: string;
	readonly bodyHash: string;
	/** Of a create, epoch ms: the tenant's time at which its body was read. */
	readonly readAt?: number;
};

export type Quota = { readonly limit: number; readonly used: number };

export type ShardError =
	| { readonly code: "not_found" }
	| { readonly code: "in_flight" }
	| { readonly code: "paused" }
	| { readonly code: "not_fired" }
	/** Of a firing that the timer never had, or has forgotten. */
	| { readonly code: "firing_unknown" }
	| { readonly code: "not_recurring" }
	/** `timer` is the public id of the one that has the key. */
	| { readonly code: "dedupe_key_in_use"; readonly timer: string }
	| { readonly code: "too_many_labels"; readonly labels: number }
	/** The timer waits for something to happen: nothing of it is due at an instant. */
	| { readonly code: "no_instant" }
	| { readonly code: "already_settled"; readonly status: TimerStatus }
	| { readonly code: "precondition_failed"; readonly etag: string }
	| { readonly code: "beyond_horizon"; readonly horizonAt: number }
	| { readonly code: "too_large"; readonly bytes: number }
	| { readonly code: "quota_exceeded"; readonly quota: Quota }
	| { readonly code: "rate_limited"; readonly quota: Quota; readonly retryAfterMs: number }
	| { readonly code: "unknown_dependency"; readonly path: string }
	| { readonly code: "idempotency_key_reused" }
	| { readonly code: "idempotency_in_progress" }
	| { readonly code: "unavailable"; readonly detail: string };

export type Created = {
	/** `existing`: the dedupe key is in use and `timer` holds it, replaced or merged where the create
	 * asked for that. `replayed`: the same request was
	 * answered before, and is answered alike. */
	readonly kind: "created" | "existing" | "replayed";
	readonly seq: number;
	readonly createdAt: number;
	/** When its first firing starts: with jitter and spread. */
	readonly dueAt: number;
	/** Of a replayed one, epoch ms: when the first request's body was read. */
	readonly readAt?: number;
	/** How it stands where that is not `scheduled`, version 1. */
	readonly standing?: CreatedStanding;
	readonly timer: TimerRecord | null;
	/** Active timers against the plan, for the `RateLimit` fields; null when unlimited. */
	readonly quota: Quota | null;
};

/** A timer that waits from its creation on, or that its dependencies have ended at once. */
export type CreatedStanding = Pick<
	TimerRecord,
	"status" | "version" | "cancelReason" | "skipReason"
>;

export type BatchItemFailure = { readonly index: number; readonly error: ShardError };

export type BatchCreated = {
	readonly kind: "created" | "replayed";
	/** Index in the request → sequence; ascending by index. `existing` tells dedupe hits. */
	readonly created: readonly { readonly index: number; readonly seq: number }[];
	readonly failed: readonly BatchItemFailure[];
	/** Failures of lines that never reached the shard, stored so that a replay repeats them. */
	readonly createdAt: number;
	readonly quota: Quota | null;
};

export type TimerOrder = "created" | "due";

export type TimerFilter = {
	readonly statuses: readonly TimerStatus[] | null;
	readonly labels: readonly (readonly [key: string, value: string])[];
	readonly name: string | null;
	/** Epoch ms, exclusive. Compared with the instant the schedule names. */
	readonly dueBefore: number | null;
	readonly dueAfter: number | null;
	/** Epoch ms, exclusive. Given, only timers match that have ended before. */
	readonly endedBefore?: number;
};

/** Where a page ended: the sort key and home of its last item. Total over all shards of a tenant. */
export type ListPosition = {
	/** `createdAt`, or the due time (Infinity for timers that have none any more). */
	readonly key: number;
	readonly shard: number;
	readonly seq: number;
};

export type ListCall = {
	readonly filter: TimerFilter;
	readonly order: TimerOrder;
	readonly after: ListPosition | null;
	readonly limit: number;
};

export type ListAnswer = {
	readonly items: readonly { readonly position: ListPosition; readonly timer: TimerRecord }[];
	/** How far this shard has looked; null when it has looked at everything. */
	readonly scannedTo: ListPosition | null;
};

/** Changes to a timer, parsed and normalised. `doc`, `flags` replace the stored ones whole. */
export type TimerChange = {
	/** Epoch ms of the new due time, or milliseconds to move it later by. */
	readonly dueAt: number | null;
	readonly extendMs: number | null;
	/** Epoch ms to which the next firing moves once; the schedule stays. */
	readonly snoozeUntil?: number;
	/** The delay that `dueAt` was named by: what counts for a timer that still waits for others. */
	readonly delayMs?: number;
	/** Members to replace in the stored document (JSON text); `null` members are removed. */
	readonly docPatch: string | null;
	readonly ifMatch: string | null;
	/** Latest due time the plan allows. */
	readonly horizonAt: number;
};

export type DeadLetterFilter = {
	readonly name: string | null;
	readonly labels: readonly (readonly [key: string, value: string])[];
	readonly deadBefore: number | null;
	readonly deadAfter: number | null;
	readonly host: string | null;
};

export type DeadLetterPosition = {
	readonly deadAt: number;
	readonly shard: number;
	readonly timer: number;
	readonly firing: number;
	readonly action: number;
};

export type BulkAction = "cancel" | "delete" | "pause" | "resume" | "run" | "replay";

/** A firing that a call has started, and the timer as it stands then. */
export type StartedFiring = { readonly firing: number; readonly timer: TimerRecord };

/** Epoch ms, both ends included. */
export type Backfill = {
	readonly from: number;
	readonly to: number;
	/** Whether each firing waits for the one before it. */
	readonly isSequential: boolean;
};

export type Backfilled = {
	readonly firings: number;
	/** Epoch ms of the first occurrence of the interval that did not fit; null when all did. */
	readonly nextAt: number | null;
};

export type JobProgress = {
	readonly action: BulkAction;
	readonly done: boolean;
	readonly matched: number;
	readonly processed: number;
	readonly changed: number;
};

export type HistoryPage<T> = { readonly items: readonly T[]; readonly more: boolean };

export type WakeCall = Pick<ShardCall, "tenant" | "shard" | "configVersion"> & {
	/** The machine's clock was set, so that armed alarms may ring late by as much. */
	readonly clockWasSet?: boolean;
	/** How far the tenant's time is ahead of the real one; absent where it is not. */
	readonly aheadMs?: number;
};

export type WakeAnswer = {
	readonly pending: number;
	readonly overdue: number;
	readonly nextDueAt: number | null;
};

/** `refused` for want of quota; `lastAt` is when the last one is due. */
export type BulkReplayed = {
	readonly replayed: number;
	readonly refused: number;
	readonly lastAt: number | null;
};

export type LatenessRead = { readonly total: LatenessSince; readonly lastHour: LatenessSince };

export interface TenantShardRpc {
	create(
		call: ShardCall,
		timer: NewTimer,
		idempotency: IdempotencyClaim | null,
	): Promise<Result<Created, ShardError>>;
	/** All lines in one transaction; each stands alone. Sorted by `index`. */
	createBatch(
		call: ShardCall,
		timers: readonly { readonly index: number; readonly timer: NewTimer }[],
		idempotency: IdempotencyClaim | null,
	): Promise<Result<BatchCreated, ShardError>>;
	/** What a key was answered with under an earlier shard count; null when it is not known here. */
	findCreated(idempotency: IdempotencyClaim): Promise<Result<Created | null, ShardError>>;
	findBatch(idempotency: IdempotencyClaim): Promise<Result<BatchCreated | null, ShardError>>;
	/** Records an event and tells every shard of the tenant. */
	publish(
		call: ShardCall,
		event: NewEvent,
		idempotency: IdempotencyClaim | null,
	): Promise<Result<PublishedEvent, ShardError>>;
	/** What a publisher was answered with under an earlier shard count; null when it is not known. */
	findPublished(idempotency: IdempotencyClaim): Promise<Result<PublishedEvent | null, ShardError>>;
	/** From a shard that is new: the last event of each topic, on from a name. */
	lastEvents(after: string, limit: number): Promise<readonly TopicEvent[]>;
	/** The timer that holds each dedupe key. */
	findDedupeKeys(keys: readonly string[]): Promise<readonly (number | null)[]>;
	/** Which of these timers there are. */
	existing(seqs: readonly number[]): Promise<readonly boolean[]>;
	/** From the outbox of another shard: what to answer to each message. */
	receive(
		call: ShardCall,
		messages: readonly ShardMessage[],
	): Promise<readonly (ShardMessage | null)[]>;
	get(seq: number): Promise<Result<TimerRecord, ShardError>>;
	list(call: ListCall): Promise<ListAnswer>;
	patch(
		call: ShardCall,
		seq: number,
		change: TimerChange,
	): Promise<Result<TimerRecord, ShardError>>;
	cancel(
		call: ShardCall,
		seq: number,
		reason: string | null,
	): Promise<Result<{ outcome: CancelOutcome; timer: TimerRecord }, ShardError>>;
	/** Fires now, with other params where given. */
	run(
		call: ShardCall,
		seq: number,
		params: JsonObject | null,
	): Promise<Result<StartedFiring, ShardError>>;
	/** Fires again for the instant of an earlier firing, the newest ended one for null. */
	replay(
		call: ShardCall,
		seq: number,
		firing: number | null,
		params: JsonObject | null,
	): Promise<Result<StartedFiring & { readonly replayOf: number }, ShardError>>;
	backfill(
		call: ShardCall,
		seq: number,
		interval: Backfill,
	): Promise<Result<Backfilled, ShardError>>;
	/** Stops what escalates for a firing (the newest for null) and for all before it. */
	acknowledge(
		call: ShardCall,
		seq: number,
		firing: number | null,
		note: string | null,
	): Promise<Result<TimerRecord, ShardError>>;
	/** Nothing fires and nothing is retried until it is resumed; of a paused timer, no change. */
	pause(
		call: ShardCall,
		seq: number,
		note: string | null,
	): Promise<Result<TimerRecord, ShardError>>;
	resume(
		call: ShardCall,
		seq: number,
		note: string | null,
	): Promise<Result<TimerRecord, ShardError>>;
	delete(
		call: ShardCall,
		seq: number,
		ifMatch: string | null,
	): Promise<Result<{ deliveries: number; events: number }, ShardError>>;
	/** Resolves when the timer settles or `timeoutMs` is up; `settled` tells which. */
	wait(
		seq: number,
		timeoutMs: number,
	): Promise<Result<{ settled: boolean; timer: TimerRecord }, ShardError>>;
	firings(seq: number): Promise<Result<readonly FiringRecord[], ShardError>>;
	deliveries(
		seq: number,
		offset: number,
		limit: number,
	): Promise<Result<HistoryPage<DeliveryRecord> & { doc: string }, ShardError>>;
	events(
		seq: number,
		offset: number,
		limit: number,
	): Promise<Result<HistoryPage<EventRecord>, ShardError>>;
	/** From the event hub: what has happened since `position`; null asks for the end alone. */
	eventsAfter(position: EventPosition | null, limit?: number): Promise<EventsAfter>;
	/** From the event hub: it wants to be poked of new events until `until` (epoch ms). Answers where
	 * the events end now. */
	registerHub(call: ShardCall, until: number): Promise<EventPosition>;
	/** How many timers match, reading in slices so that the alarm is not held up. */
	count(filter: TimerFilter): Promise<number>;
	/** Works off at most `limit` matches now; `changed` of `matched` were changed. */
	bulk(
		call: ShardCall,
		action: BulkAction,
		filter: TimerFilter,
		reason: string | null,
	): Promise<{ matched: number; changed: number }>;
	/** The same in slices, driven by the alarm; `job` is chosen by the caller. */
	startJob(
		call: ShardCall,
		job: number,
		action: BulkAction,
		filter: TimerFilter,
		reason: string | null,
		matched: number,
	): Promise<void>;
	job(job: number): Promise<JobProgress | null>;
	/** A sequence for a thing that is not a timer (a job). */
	reserveSequence(call: ShardCall): Promise<number>;
	deadLetters(
		filter: DeadLetterFilter,
		after: DeadLetterPosition | null,
		limit: number,
	): Promise<{
		items: readonly DeadLetterRecord[];
		/** How far this shard has looked; null when it has looked at everything. */
		scannedTo: DeadLetterPosition | null;
	}>;
	deadLetter(
		seq: number,
		firing: number,
		action: number,
	): Promise<Result<DeadLetterRecord, ShardError>>;
	replayDeadLetter(
		call: ShardCall,
		seq: number,
		firing: number,
		action: number,
		patch: StoredPatch | null,
	): Promise<Result<DeliveryRecord, ShardError>>;
	/** Replays what the filter selects and the quota has room for, `ratePerSecond` from `startAt` on. */
	replayDeadLetters(
		call: ShardCall,
		filter: DeadLetterFilter,
		startAt: number,
		ratePerSecond: number,
	): Promise<BulkReplayed>;
	deleteDeadLetter(
		call: ShardCall,
		seq: number,
		firing: number,
		action: number,
	): Promise<Result<null, ShardError>>;
	/** From the senders. */
	report(report: OutcomeReport): Promise<void>;
	/** From mailboxes: how messages ended that they had accepted. May be told more than once. */
	settleMessages(report: MessageReport): Promise<void>;
	/** From the start of the local runtime and from the watchdog. */
	wake(call: WakeCall): Promise<WakeAnswer>;
	/** A calendar of the tenant has changed; nothing to a shard whose timers do not name it. */
	putCalendar(call: ShardCall, calendar: StoredCalendar): Promise<void>;
	/** When the tenant's time is moved: the first due instant after `after` (epoch ms). */
	nextDue(after: number): Promise<number | null>;
	/** The tenant's time stands at `at` until what fires has settled; answers how many began. */
	standAt(at: number): Promise<number>;
	/** Gives back what the shard was granted and does not use; answers what it keeps. */
	releaseQuota(): Promise<number>;
	usage(): Promise<{ active: number; createsThisMinute: number }>;
	/** How late firings were, since it is counted and in the last hour. */
	lateness(): Promise<LatenessRead>;
	/** Idempotency of the calls that are not creates: reserve, then store the answer. */
	reserveKey(
		call: ShardCall,
		idempotency: IdempotencyClaim,
	): Promise<Result<{ answer: string | null }, ShardError>>;
	completeKey(call: ShardCall, key: string, answer: string | null): Promise<void>;
}
