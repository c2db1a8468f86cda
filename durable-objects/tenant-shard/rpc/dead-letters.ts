/** Deliveries that were given up, and their replays. Part of the boundary in rpc.ts. */
import type { StoredPatch } from "../../../src/contract/delivery.ts";
import type { Result } from "../../../src/core/result.ts";
import type { ShardCall, ShardError } from "./call.ts";
import type { DeadLetterRecord, DeliveryRecord } from "./records.ts";

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

/** `refused` for want of quota; `lastAt` is when the last one is due. */
export type BulkReplayed = {
	readonly replayed: number;
	readonly refused: number;
	readonly lastAt: number | null;
};

export interface DeadLetterCalls {
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
}
