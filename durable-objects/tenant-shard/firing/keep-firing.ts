/**
 * A firing that has ended leaves no row, and its timer goes on. A dead letter of it may be replayed
 * all the same, under the id it had, so it keeps what the firing stood for: its instants, its event
 * and params of its own. Called at the end of a firing, and by the replay.
 */
import { parseTimerDoc } from "../../../src/core/timer-doc.ts";
import { RECURRING } from "../../../src/core/timer-flags.ts";
import { deliveryStateCode } from "../../../src/core/timer-state.ts";
import { formatTrail, parseTrail } from "../../../src/core/trail.ts";
import { formatHistory, type PastFiring, parseHistory } from "../settle/delivery-history.ts";
import { putDelivery } from "../settle/put-delivery.ts";
import type { Shard } from "../shard.ts";
import type { TimerRow } from "../store.ts";
import type { Transaction } from "../transaction.ts";
import type { FiringEnd } from "./end-firing.ts";
import { type NewFiring, ownerOf } from "./firing-rows.ts";

const DEAD = deliveryStateCode("dead");

/** Writes it into each dead letter of the firing. */
export function keepFiring(shard: Shard, _: Transaction, { row, state, trail }: FiringEnd): void {
	// What has settled was delivered whole, and most firings have.
	if (state === "settled") return;
	// The row of a timer that fires once stays.
	if (row.parent === null && (row.flags & RECURRING) === 0) return;
	const timer = ownerOf(row);
	const dead = shard.store.firingDeliveries
		.all(timer, row.firing)
		.filter(({ state }) => state === DEAD);
	const owner = dead.length === 0 ? undefined : shard.store.getTimer.first(timer);
	if (owner === undefined) return;
	const firing = pastFiringOf(row, owner, row.trail + trail);
	for (const delivery of dead) {
		const history = parseHistory(delivery.history);
		putDelivery(shard, { ...delivery, history: formatHistory({ ...history, firing }) });
	}
}

function pastFiringOf(row: TimerRow, owner: TimerRow, trail: string): PastFiring {
	const { firing: seq, fire_at: dueAt } = row;
	const fired = parseTrail(trail).find((entry) => entry[0] === "f" && entry[1] === seq);
	const firedAt = fired?.[0] === "f" ? fired[3] : dueAt;
	const instants = { dueAt, nominalAt: row.nominal ?? dueAt, firedAt };
	if (row.id === owner.id) return instants;
	const { event, params } = parseTimerDoc(row.doc);
	const isOwn = JSON.stringify(params) !== JSON.stringify(parseTimerDoc(owner.doc).params);
	return {
		...instants,
		...(event !== undefined && { event }),
		...(isOwn && { params: params ?? {} }),
	};
}

/** The same firing again: nothing that it stood for has changed, nor when it began. */
export function asBefore(seq: number, past: PastFiring): Pick<NewFiring, "firesFor" | "trail"> {
	const { dueAt, nominalAt, firedAt } = past;
	const trail = formatTrail([
		nominalAt === dueAt ? ["f", seq, dueAt, firedAt] : ["f", seq, dueAt, firedAt, nominalAt],
	]);
	return { firesFor: { dueAt, nominalAt }, trail };
}
