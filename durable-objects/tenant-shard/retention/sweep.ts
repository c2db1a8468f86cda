/**
 * The sweep of what no other row leads to: idempotency keys whose day is over and jobs that were
 * finished a week ago. It reads the keys by primary key, since an index would cost each of them a
 * row written. Called by retention only.
 */
import { IDEMPOTENCY_KEPT_MS, JOB_KEPT_MS, SWEEP_REST_MS, SWEEP_SLICE_KEYS } from "../constants.ts";
import type { Shard } from "../shard.ts";

/** Where the idempotency keys begin. */
const FIRST_KEY = "i:";

/** Epoch ms of the next sweep; null while there is nothing that could expire. */
export function sweepDueAt(shard: Shard, now: number): number | null {
	const { retention } = shard;
	if (retention.sweptTo !== null) return now;
	// Nothing to sweep is looked for again each time: that reads no row.
	retention.sweepAt ??= nextSweepAt(shard);
	return retention.sweepAt;
}

function nextSweepAt({ store }: Shard): number | null {
	const isEmpty =
		store.keysAfter.first(FIRST_KEY, 1) === undefined && store.firstFinished.first()?.at == null;
	return isEmpty ? null : (store.getSweep.first()?.sweep_at ?? null);
}

/** Looks at the next keys; after the last ones removes old jobs, and notes when to sweep again. */
export function sweepSlice(shard: Shard, now: number): void {
	const { retention, store } = shard;
	const from = retention.sweptTo ?? FIRST_KEY;
	const slice = shard.transact(() => {
		const keys = store.keysAfter.all(from, SWEEP_SLICE_KEYS);
		let { firstLeft } = retention;
		for (const { key, expires_at } of keys) {
			if ((expires_at ?? 0) <= now) store.deleteKey.run(key);
			else firstLeft = Math.min(firstLeft, expires_at ?? 0);
		}
		const last = keys.length < SWEEP_SLICE_KEYS ? undefined : keys.at(-1)?.key;
		if (last !== undefined) return { sweptTo: last, firstLeft };
		store.deleteJobs.run(now - JOB_KEPT_MS);
		const finishedAt = store.firstFinished.first()?.at ?? Number.POSITIVE_INFINITY;
		// A key of the next moment lives a day.
		const wanted = Math.min(firstLeft, finishedAt + JOB_KEPT_MS, now + IDEMPOTENCY_KEPT_MS);
		store.putSweep.run(Math.max(wanted, now + SWEEP_REST_MS));
		return { sweptTo: null, firstLeft: Number.POSITIVE_INFINITY };
	});
	retention.sweptTo = slice.sweptTo;
	retention.firstLeft = slice.firstLeft;
	retention.sweepAt = undefined;
}
