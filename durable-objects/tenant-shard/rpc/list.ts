/**
 * Many timers at a time: lists, and bulk calls with their jobs. Part of the boundary in rpc.ts.
 */
import type { TimerStatus } from "../../../src/contract/timer.ts";
import type { ShardCall } from "./call.ts";
import type { TimerRecord } from "./records.ts";

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

export type BulkAction = "cancel" | "delete" | "pause" | "resume" | "run" | "replay";

export type JobProgress = {
	readonly action: BulkAction;
	readonly done: boolean;
	readonly matched: number;
	readonly processed: number;
	readonly changed: number;
};

export interface ListCalls {
	list(call: ListCall): Promise<ListAnswer>;
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
}
