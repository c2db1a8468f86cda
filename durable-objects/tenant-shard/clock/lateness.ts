/**
 * How late a shard's firings were, by hop and class: counted in memory with each commit, and written
 * a few seconds later as one row, so that a firing costs none. What a crash may lose is what those
 * seconds held. The figures of the whole network are in shard-metrics.ts.
 */
import type { DeliveryOutcome } from "../../../src/contract/envelope.ts";
import {
	firstSlotOf,
	type Lateness,
	LatenessFold,
	type LatenessSince,
	mergeLateness,
	slotOf,
} from "../../../src/core/drift/lateness.ts";
import type { Claim, ClaimedDelivery } from "../claim/claim-book.ts";
import { LATENESS_WRITE_EVERY_MS } from "../constants.ts";
import { classOfLane } from "../lanes.ts";
import type { LatenessRead } from "../rpc.ts";
import type { Shard } from "../shard.ts";
import type { LatenessRow } from "../statements/lateness.ts";

/** The row of all that lies more than an hour back. */
const BEFORE = 0;

/** Counts what a sender's answer tells: of a try that was made, and only once. */
export function noteAttempt(
	lateness: LatenessFold,
	claim: Pick<Claim, "lane" | "claimedAt" | "aheadMs">,
	{ attempt, dueAt }: Pick<ClaimedDelivery, "attempt" | "dueAt">,
	outcome: Extract<DeliveryOutcome, { kind: "attempted" }>,
): void {
	// Nothing was sent to a destination that was refused, and of a lost envelope nobody knows.
	if (outcome.outcome === "destination_refused" || outcome.outcome === "lease_expired") return;
	const priority = classOfLane(claim.lane);
	const { sentAt, durationMs, status } = outcome;
	lateness.observe("claimed_to_sent", priority, sentAt - claim.claimedAt);
	if (status === null) return;
	lateness.observe("sent_to_answered", priority, durationMs);
	// A later attempt waits for its retry: that is no lateness.
	if (attempt !== 1) return;
	const lateMs = sentAt + durationMs + claim.aheadMs - dueAt;
	lateness.observe("due_to_answered", priority, lateMs);
}

type Watched = Pick<Shard, "exists" | "store" | "transact" | "log" | "early">;

export class ShardLateness {
	readonly #shard: Watched;
	/** By slot. */
	readonly #unwritten = new Map<number, LatenessFold>();
	#isPlanned = false;

	constructor(shard: Watched) {
		this.#shard = shard;
	}

	/** What a transaction has counted, after its commit. */
	add(lateness: LatenessFold, now: number): void {
		if (lateness.isEmpty) return;
		const slot = slotOf(now);
		const fold = this.#unwritten.get(slot) ?? new LatenessFold();
		this.#unwritten.set(slot, fold);
		fold.add(lateness.take());
		if (this.#isPlanned) return;
		this.#isPlanned = true;
		// An object that has a timer running is not put to sleep before it rings.
		setTimeout(() => this.#write(), LATENESS_WRITE_EVERY_MS);
	}

	read(now: number): LatenessRead {
		const rows = this.#shard.exists ? this.#shard.store.latenessFrom.all(BEFORE) : [];
		const parts = rows.map((row) => ({ ...row, lateness: latenessOf(row) }));
		for (const [slot, fold] of this.#unwritten) {
			parts.push({ slot, since: slot, body: "", lateness: fold.read() });
		}
		const begins = parts.map(({ since }) => since);
		const since = begins.length === 0 ? null : Math.min(...begins);
		const first = firstSlotOf(now);
		const recent = parts.filter(({ slot }) => slot >= first && slot <= now);
		return {
			total: spanOf(since, parts),
			lastHour: spanOf(since === null ? null : Math.max(since, first), recent),
		};
	}

	#write(): void {
		this.#isPlanned = false;
		try {
			this.#shard.transact((tx) => {
				for (const [slot, fold] of this.#unwritten) this.#put(slot, slot, fold.read());
				this.#closeSlots(firstSlotOf(tx.now));
				this.#putAverage();
				tx.onCommit(() => this.#unwritten.clear());
			});
		} catch (error) {
			// It is kept, and written with what comes next.
			this.#shard.log({ kind: "fault", step: "lateness", error: String(error) });
		}
	}

	/** Adds the slots before `first` to the row of all that are over. */
	#closeSlots(first: number): void {
		const { store } = this.#shard;
		const over = store.latenessBefore.all(first);
		const [oldest] = over;
		if (oldest === undefined) return;
		this.#put(BEFORE, oldest.since, mergeLateness(over.map(latenessOf)));
		for (const { slot } of over) store.deleteLateness.run(slot);
	}

	/** How late wakes are goes along, where it is measured. */
	#putAverage(): void {
		const { early, store } = this.#shard;
		if (early.average !== undefined) store.putDrift.run(early.average);
	}

	#put(slot: number, since: number, more: Lateness): void {
		const { store } = this.#shard;
		const row = store.getLateness.first(slot);
		const lateness = row === undefined ? more : mergeLateness([latenessOf(row), more]);
		const begins = Math.min(row?.since ?? since, since);
		store.putLateness.run(slot, begins, JSON.stringify(lateness));
	}
}

function latenessOf({ body }: LatenessRow): Lateness {
	// Only `#put` writes this text.
	return JSON.parse(body) as Lateness;
}

function spanOf(
	since: number | null,
	parts: readonly { readonly lateness: Lateness }[],
): LatenessSince {
	return { since, lateness: mergeLateness(parts.map(({ lateness }) => lateness)) };
}
