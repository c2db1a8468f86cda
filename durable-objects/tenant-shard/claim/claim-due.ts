/**
 * Claims all that is due, slice by slice, and hands it to the senders. Called by the alarm, and when
 * outcomes have made room. A row at fault is set aside; a sender or queue that refuses ends it.
 */

import { CLAIM_SLICE_ROWS, CLAIM_TICK_ROWS } from "../constants.ts";
import type { Shard } from "../shard.ts";
import { claimSlice, nextDueTimers, type Slice } from "./claim.ts";
import { type DirectRoad, type DirectSender, dispatch } from "./dispatch.ts";
import type { FaultyRow } from "./set-aside.ts";

/** So many rows at fault one after the other mean that it is not the rows. */
const FAULTY_ROWS_MAX = 10;

const NOTHING: Slice = { envelopes: [], more: false, rows: 0 };

/** Lets other calls to the object in between two slices. */
export function yieldToOthers(): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, 0));
}

/** The urgent lane first, until nothing is due or no lane has room. Answers how many deliveries. */
export async function claimDue(
	shard: Shard,
	sender: DirectSender,
	road: DirectRoad,
): Promise<number> {
	let deliveries = 0;
	let rows = 0;
	const lanes = new Map(shard.clock.lanes.map((lane) => [lane, new LaneClaims(shard, lane)]));
	while (lanes.size > 0 && rows < CLAIM_TICK_ROWS) {
		for (const [lane, claims] of lanes) {
			const slice = claims.next();
			if (!slice.more) lanes.delete(lane);
			rows += slice.rows;
			if (slice.envelopes.length === 0) continue;
			for (const envelope of slice.envelopes) deliveries += envelope.deliveries.length;
			if (!(await dispatch(shard, sender, road, slice.envelopes))) return deliveries;
			await yieldToOthers();
		}
	}
	return deliveries;
}

/** The slices of one lane. After a fault it goes row by row, and then faster again. */
class LaneClaims {
	readonly #shard: Shard;
	readonly #lane: number;
	#limit = CLAIM_SLICE_ROWS;
	/** Rows passed over since the last slice that went well. */
	#suspects: FaultyRow[] = [];

	constructor(shard: Shard, lane: number) {
		this.#shard = shard;
		this.#lane = lane;
	}

	next(): Slice {
		const shard = this.#shard;
		if (shard.cursors[this.#lane]?.isDrained === true) return NOTHING;
		const room = shard.claims.room(this.#lane);
		try {
			const slice = shard.transact((tx) => claimSlice(shard, tx, this.#lane, room, this.#limit));
			this.#limit = Math.min(this.#limit * 2, CLAIM_SLICE_ROWS);
			for (const row of this.#suspects) shard.setAside.add(row, Date.now());
			this.#suspects = [];
			return slice;
		} catch (error) {
			shard.log({ kind: "fault", step: "claim", rows: this.#limit, error: String(error) });
			return shard.attempt("claim", () => this.#passOver()) ?? NOTHING;
		}
	}

	/** Passes over the first due row if it is known to be the one at fault. */
	#passOver(): Slice {
		const shard = this.#shard;
		if (this.#limit > 1) {
			this.#limit = 1;
			return { ...NOTHING, more: true };
		}
		const cursor = shard.cursors[this.#lane];
		const [first] = this.#suspects;
		if (first !== undefined && this.#suspects.length === FAULTY_ROWS_MAX) {
			cursor?.include(first.due, first.id);
			throw new Error("Nothing that is due can be claimed.");
		}
		const [row] = nextDueTimers(shard, this.#lane, shard.clock.nowOf(this.#lane, Date.now()), 1);
		if (row?.due == null) return NOTHING;
		cursor?.advance(row.due, row.id);
		this.#suspects.push({ lane: this.#lane, due: row.due, id: row.id });
		return { ...NOTHING, more: true, rows: 1 };
	}
}
