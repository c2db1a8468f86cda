/**
 * One step of moving the tenant's time: it stands at an instant until what fires there has settled,
 * waits for a retry, or is held by a mailbox. Called by the registry, which knows all shards.
 */
import { SECOND } from "../../../src/core/units.ts";
import type { Pump } from "../alarm/pump.ts";
import { nextUnclaimed } from "../alarm/tick.ts";
import { isTenantLane } from "../lanes.ts";
import type { Shard } from "../shard.ts";

/** How long a step waits at most for what fires to settle, in milliseconds; then time goes on. */
const STEP_MS = 30 * SECOND;

/** The first instant after `after` at which something of the tenant's time is due. */
export function nextDueAfter(shard: Shard, after: number): number | null {
	if (!shard.exists) return null;
	let next: number | null = null;
	for (const lane of shard.clock.lanes) {
		if (!isTenantLane(lane)) continue;
		const due = shard.store.dueAfter.first(lane, after)?.due;
		if (due !== undefined && (next === null || due < next)) next = due;
	}
	return next;
}

/** Answers how many firings have begun. */
export async function standAt(shard: Shard, pump: Pump, at: number): Promise<number> {
	if (!shard.exists) return 0;
	const before = shard.clock.fired;
	await shard.clock.standAt(shard.store, at, () => settleAll(shard, pump));
	return shard.clock.fired - before;
}

async function settleAll(shard: Shard, pump: Pump): Promise<void> {
	const endsAt = Date.now() + STEP_MS;
	for (;;) {
		await pump.claimDue();
		if (isQuiet(shard)) return;
		const left = endsAt - Date.now();
		if (left <= 0 || (await shard.clock.nextChange(left)) === "timeout") return;
	}
}

/** Whether nothing is on its way, to senders or other shards, and nothing is due on either clock. */
function isQuiet(shard: Shard): boolean {
	if (!shard.claims.isEmpty || shard.outbox.dueAt() !== null) return false;
	const now = Date.now();
	return shard.clock.lanes.every((lane) => {
		const due = nextUnclaimed(shard, lane);
		return due === null || due > shard.clock.nowOf(lane, now);
	});
}
