/** Idempotency of the calls that are not creates: the edge reserves a key, runs, stores the answer. */
import { ok, type Result } from "../../../src/core/result.ts";
import type { IdempotencyClaim, ShardError } from "../rpc.ts";
import type { Shard } from "../shard.ts";
import type { Transaction } from "../transaction.ts";
import { holdKey, lookUpIdempotency } from "./unique-keys.ts";

/** Takes the key, or answers what the first request with it was answered. */
export function reserveKey(
	shard: Shard,
	tx: Transaction,
	idempotency: IdempotencyClaim,
): Result<{ answer: string | null }, ShardError> {
	const known = lookUpIdempotency(shard, idempotency, tx.now);
	if (!known.ok) return known;
	if (known.value === null) holdKey(shard, idempotency, tx.now);
	return ok({ answer: known.value });
}
