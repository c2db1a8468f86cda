/**
 * One ring of the alarm: renew what another epoch left, expire leases, claim what is due, work off a
 * job's slice, and arm the next alarm. It never waits for a receiver, and it never throws for a
 * row's failure: an error is logged and the alarm is armed again.
 */
import { planAlarm } from "../../src/core/plan-alarm.ts";
import { claimSlice } from "./claim.ts";
import { CLAIM_TICK_ROWS } from "./constants.ts";
import { type DirectRoad, type DirectSender, dispatch } from "./dispatch.ts";
import { workOffJob } from "./jobs.ts";
import { LANES } from "./lanes.ts";
import { foreignClaims, renewClaim } from "./resend.ts";
import { expireClaim } from "./settle.ts";
import type { Shard } from "./shard.ts";

/** How long after a fault the alarm rings again, in milliseconds. */
const FAULT_PAUSE_MS = 2_000;

/** Lets other calls to the object in between two slices. */
function yieldToOthers(): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, 0));
}

export async function ringAlarm(shard: Shard, sender: DirectSender): Promise<void> {
	const startedAt = Date.now();
	let claimed = 0;
	let fault: unknown;
	try {
		const road: DirectRoad = { deliveries: 0 };
		claimed += await renewForeign(shard, sender, road);
		expireLeases(shard);
		claimed += await claimDue(shard, sender, road);
		workOffJob(shard);
	} catch (error) {
		fault = error;
	}
	if (fault !== undefined) shard.alarm.ensureBy(Date.now() + FAULT_PAUSE_MS);
	else armNext(shard);
	shard.log({
		kind: "tick",
		deliveries: claimed,
		ms: Date.now() - startedAt,
		...(fault === undefined ? { outcome: "ok" } : { outcome: "fault", error: String(fault) }),
	});
}

async function renewForeign(shard: Shard, sender: DirectSender, road: DirectRoad): Promise<number> {
	let deliveries = 0;
	for (const claim of foreignClaims(shard)) {
		const outgoing = shard.transact((tx) => renewClaim(shard, tx, claim));
		if (outgoing === undefined) continue;
		deliveries += outgoing.deliveries.length;
		await dispatch(shard, sender, road, [outgoing]);
		await yieldToOthers();
	}
	return deliveries;
}

function expireLeases(shard: Shard): void {
	const now = Date.now();
	for (const claim of [...shard.claims.list()]) {
		if (claim.leaseUntil <= now) shard.transact((tx) => expireClaim(shard, tx, claim));
	}
}

/** Claims slice by slice, the urgent lane first, until nothing is due or no lane has room. */
export async function claimDue(
	shard: Shard,
	sender: DirectSender,
	road: DirectRoad,
): Promise<number> {
	let deliveries = 0;
	let rows = 0;
	const open = new Set(LANES);
	while (open.size > 0 && rows < CLAIM_TICK_ROWS) {
		for (const lane of LANES) {
			if (!open.has(lane)) continue;
			const room = shard.claims.room(lane);
			const slice = shard.transact((tx) => claimSlice(shard, tx, lane, room));
			if (!slice.more) open.delete(lane);
			rows += slice.rows;
			if (slice.envelopes.length === 0) continue;
			for (const envelope of slice.envelopes) deliveries += envelope.deliveries.length;
			await dispatch(shard, sender, road, slice.envelopes);
			await yieldToOthers();
		}
	}
	return deliveries;
}

/** Arms the alarm for what is stored now. */
export function armNext(shard: Shard): void {
	if (!shard.exists) return;
	const now = Date.now();
	const nextDue = LANES.map((lane) => nextDueOf(shard, lane));
	const laneOpen = LANES.map((lane) => shard.claims.room(lane) > 0);
	shard.backlog = nextDue.some((due, lane) => due !== null && laneOpen[lane] === false);
	const at = planAlarm(
		{
			nextDue,
			laneOpen,
			leaseEnd: foreignClaims(shard).length > 0 ? now : shard.claims.leaseEnd(),
			jobOpen: shard.hasJob,
		},
		now,
	);
	if (at !== null) shard.alarm.ensureBy(at);
}

function nextDueOf(shard: Shard, lane: number): number | null {
	const cursor = shard.cursors[lane];
	if (cursor === undefined) return null;
	const { due, id } = cursor;
	const next = shard.store.dueWith.first(lane, due, id) ?? shard.store.dueAfter.first(lane, due);
	return next?.due ?? null;
}
