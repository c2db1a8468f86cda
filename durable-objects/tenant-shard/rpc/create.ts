/** Creating timers, as a shard takes it from the edge. Part of the boundary in rpc.ts. */
import type { DependencyCondition } from "../../../src/contract/dependency.ts";
import type { JitterPolicy } from "../../../src/contract/jitter-policy.ts";
import type { GraphEdge } from "../../../src/core/normalise-graph.ts";
import type { Address } from "../../../src/core/public-id.ts";
import type { Result } from "../../../src/core/result.ts";
import type { DedupeDoc } from "../../../src/core/timer-doc.ts";
import type { IdempotencyClaim, Quota, ShardCall, ShardError } from "./call.ts";
import type { TimerRecord } from "./records.ts";

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

export type BatchItemCreated = {
	readonly index: number;
	readonly seq: number;
	/** The line's dedupe key was in use, and this timer holds it. */
	readonly existing?: true;
};
export type BatchItemFailure = { readonly index: number; readonly error: ShardError };

export type BatchCreated = {
	readonly kind: "created" | "replayed";
	/** Ascending by index of the request. */
	readonly created: readonly BatchItemCreated[];
	readonly failed: readonly BatchItemFailure[];
	/** Failures of lines that never reached the shard, stored so that a replay repeats them. */
	readonly createdAt: number;
	readonly quota: Quota | null;
};

export interface CreateCalls {
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
	/** The timer that holds each dedupe key. */
	findDedupeKeys(keys: readonly string[]): Promise<readonly (number | null)[]>;
	/** Which of these timers there are. */
	existing(seqs: readonly number[]): Promise<readonly boolean[]>;
}
