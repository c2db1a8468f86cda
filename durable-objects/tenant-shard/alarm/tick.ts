/**
 * One ring of the alarm: renew what another epoch left, expire leases, claim what is due, work off a
 * job's slice, remove what is old, and arm the next alarm. It never waits for a receiver, and it never
 * throws: a step at fault is logged, the others are taken, and the alarm is armed again.
 */
import { planAlarm } from "../../../src/core/plan-alarm.ts";
import { moveForCalendar } from "../calendar/move-for-calendar.ts";
import { workOffJob } from "../calls/jobs.ts";
import { claimDue, yieldToOthers } from "../claim/claim-due.ts";
import { type DirectRoad, type DirectSender, dispatch } from "../claim/dispatch.ts";
import { expireLeases, shortenLeases } from "../claim/lease-ends.ts";
import { foreignClaims, renewClaim } from "../claim/resend.ts";
import { RETENTION_REST_MS, RETENTION_TICK_SLICES } from "../constants.ts";
import { retentionDueAt, retentionSlice } from "../retention/retention.ts";
import type { Shard } from "../shard.ts";

export async function ringAlarm(shard: Shard, sender: DirectSender): Promise<void> {
	const startedAt = Date.now();
	const road: DirectRoad = { deliveries: 0 };
	let deliveries = 0;
	shard.isRinging = true;
	try {
		deliveries += await renewForeign(shard, sender, road);
		shortenLeases(shard);
		expireLeases(shard);
		for (const row of shard.setAside.takeBack(startedAt)) {
			shard.cursors[row.lane]?.include(row.due, row.id);
		}
		shard.attempt("outbox", () => shard.outbox.tellDue());
		deliveries += await claimDue(shard, sender, road);
		shard.attempt("job", () => workOffJob(shard));
		shard.attempt("calendar", () => moveForCalendar(shard));
		await removeOld(shard);
	} finally {
		shard.isRinging = false;
		shard.attempt("arm", () => armNext(shard));
		shard.log({ kind: "tick", deliveries, ms: Date.now() - startedAt });
	}
}

async function renewForeign(shard: Shard, sender: DirectSender, road: DirectRoad): Promise<number> {
	let deliveries = 0;
	for (const claim of foreignClaims(shard)) {
		const outgoing = shard.attempt("renew", () =>
			shard.transact((tx) => renewClaim(shard, tx, claim)),
		);
		if (outgoing === undefined) continue;
		deliveries += outgoing.deliveries.length;
		if (!(await dispatch(shard, sender, road, [outgoing]))) break;
		await yieldToOthers();
	}
	return deliveries;
}

/** A few slices, as long as nothing is due; what is left then waits for the next ring. */
async function removeOld(shard: Shard): Promise<void> {
	for (let slices = 0; slices < RETENTION_TICK_SLICES; slices++) {
		const now = Date.now();
		const removalAt = removalDueAt(shard, now);
		if (removalAt === null || removalAt > now) return;
		if (shard.clock.lanes.some((lane) => isDue(shard, lane, now))) return;
		const done = shard.attempt("retention", () => {
			retentionSlice(shard, now);
			return true;
		});
		if (done === undefined) {
			shard.retention.pausedUntil = now + RETENTION_REST_MS;
			return;
		}
		await yieldToOthers();
	}
}

/** A fault in here must not keep the alarm from being armed for timers. */
function removalDueAt(shard: Shard, now: number): number | null {
	return shard.attempt("retention", () => retentionDueAt(shard, now)) ?? null;
}

function isDue(shard: Shard, lane: number, now: number): boolean {
	const due = shard.claims.room(lane) > 0 ? nextUnclaimed(shard, lane) : null;
	return due !== null && due <= shard.clock.nowOf(lane, now);
}

/** Arms the alarm for what is stored now. */
export function armNext(shard: Shard): void {
	if (!shard.exists) return;
	const now = Date.now();
	const { clock } = shard;
	const nextDue = clock.lanes.map((lane) => {
		const due = nextUnclaimed(shard, lane);
		return due === null ? null : clock.realOf(lane, due, now);
	});
	const laneOpen = clock.lanes.map((lane) => shard.claims.room(lane) > 0);
	shard.metrics.stand(nextDue);
	shard.backlog = nextDue.some((due, lane) => due !== null && laneOpen[lane] === false);
	shard.early.plan(nextDue.filter((_, lane) => laneOpen[lane]));
	const leaseEnd = foreignClaims(shard).length > 0 ? now : shard.claims.leaseEnd();
	const { restEnd } = shard;
	// While the shard rests, what is to be done now waits for the end of that.
	const awake = (at: number | null) => (at !== null && at <= now ? (restEnd ?? at) : at);
	const wake = (due: number | null) => awake(due === null ? null : shard.early.wakeAt(due));
	const at = planAlarm(
		{
			nextDue: [...nextDue.map(wake), shard.setAside.until, awake(shard.outbox.dueAt()), restEnd],
			laneOpen: [...laneOpen, true, true, true],
			leaseEnd: awake(leaseEnd),
			jobOpen: (shard.hasJob || shard.hasChangedCalendar) && restEnd === null,
			removalAt: awake(removalDueAt(shard, now)),
		},
		now,
	);
	if (at !== null) shard.alarm.ensureBy(at);
}

/**
 * When the first timer of a lane that is not claimed is due, on the lane's clock. Outside of
 * transactions only: what one finds gone may come back with its failure.
 */
export function nextUnclaimed(shard: Shard, lane: number): number | null {
	const cursor = shard.cursors[lane];
	if (cursor === undefined || cursor.isDrained) return null;
	const { due, id } = cursor;
	const next = shard.store.dueWith.first(lane, due, id) ?? shard.store.dueAfter.first(lane, due);
	if (next === undefined) cursor.drained();
	return next?.due ?? null;
}
