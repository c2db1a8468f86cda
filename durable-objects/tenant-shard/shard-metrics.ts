/**
 * What a shard counts, and the gauges it states. Counting is memory only; what a transaction counts
 * is added once it has committed. Called by the shard's modules.
 */
import {
	ACTIVE_TIMERS,
	ATTEMPTS,
	DELIVERIES,
	DUE_TO_CLAIMED,
	ENVELOPES,
	IN_FLIGHT,
	OLDEST_OVERDUE,
	OVERDUE_TIMERS,
	seriesOf,
	TIMERS_CREATED,
} from "../../src/core/metrics-catalog.ts";
import type { MetricsFold } from "../../src/core/metrics-fold.ts";
import type { GaugeSet } from "../../src/core/metrics-gauges.ts";
import type { DeliveryRowState } from "../../src/core/timer-state.ts";
import { MetricsPusher } from "../shared/metrics-pusher.ts";
import { OVERDUE_GAUGE_MAX } from "./constants.ts";
import { classOfLane, LANES_OF_BOTH } from "./lanes.ts";
import type { Shard } from "./shard.ts";
import type { Transaction } from "./transaction.ts";

type Watched = Pick<
	Shard,
	"env" | "exists" | "identity" | "clock" | "counter" | "claims" | "cursors" | "store" | "log"
>;

/** The series of each lane, by its number: those of one class, whatever their clock, are the same. */
const CREATED = seriesOfLanes(TIMERS_CREATED);
const CLAIMED = seriesOfLanes(DUE_TO_CLAIMED);
const OVERDUE = seriesOfLanes(OVERDUE_TIMERS);

function seriesOfLanes(metric: Parameters<typeof seriesOf>[0]): readonly string[] {
	return LANES_OF_BOTH.map((_, lane) => seriesOf(metric, classOfLane(lane)));
}

export function countCreated(tally: MetricsFold, lane: number): void {
	tally.count(CREATED[lane] ?? "");
}

/** A firing that was to start at `dueAt` is claimed for the first time. */
export function countClaimed(tx: Transaction, lane: number, dueAt: number): void {
	const lateMs = tx.tenantNow - dueAt;
	tx.tally.observeMs(DUE_TO_CLAIMED, CLAIMED[lane] ?? "", lateMs);
	tx.lateness.observe("due_to_claimed", classOfLane(lane), lateMs);
}

/** A delivery stands at `state` now; only an end is counted. */
export function countDelivery(tally: MetricsFold, lane: number, state: DeliveryRowState): void {
	if (state === "retrying" || state === "accepted") return;
	tally.count(seriesOf(DELIVERIES, state, classOfLane(lane)));
}

/** Attempts that no sender has answered for. */
export function countExpired(tally: MetricsFold, lane: number, attempts: number): void {
	tally.count(seriesOf(ATTEMPTS, "lease_expired", classOfLane(lane)), attempts);
}

export class ShardMetrics {
	readonly #shard: Watched;
	/** Made with the first change: only then is it known whose figures these are. */
	#pusher: MetricsPusher | undefined;
	/** Real epoch ms at which the next unclaimed timer is due; at times early, never late. */
	#nextDue: number | null = null;

	constructor(shard: Watched) {
		this.#shard = shard;
	}

	/** What a transaction has counted, after its commit. */
	add(tally: MetricsFold): void {
		if (tally.isEmpty) return;
		this.#pushing().fold.add(tally.take());
		this.changed();
	}

	countEnvelope(road: "direct" | "queue", lane: number): void {
		this.#pushing().fold.count(seriesOf(ENVELOPES, road, classOfLane(lane)));
		this.changed();
	}

	/** Plans a push. An object that has a timer running is not put to sleep before it rings. */
	changed(): void {
		this.#pushing().changed(this.#shard.env);
	}

	/** A timer has come in that is due at `due`. */
	include(due: number): void {
		this.#nextDue = Math.min(this.#nextDue ?? due, due);
	}

	/** When each lane's next timer is due, as the claiming has left it. */
	stand(nextDue: readonly (number | null)[]): void {
		const earliest = nextDue.reduce(
			(first, due) => (first === null || (due !== null && due < first) ? due : first),
			null,
		);
		if (earliest === this.#nextDue) return;
		this.#nextDue = earliest;
		this.changed();
	}

	#pushing(): MetricsPusher {
		const { tenant, shard } = this.#shard.identity;
		this.#pusher ??= new MetricsPusher({
			source: `shard:${tenant}:${shard}`,
			run: crypto.randomUUID(),
			gauges: () => this.#gauges(),
			onFault: (error) => this.#shard.log({ kind: "metrics_not_pushed", error: String(error) }),
		});
		return this.#pusher;
	}

	#gauges(): GaugeSet {
		const { counter, claims } = this.#shard;
		let inFlight = 0;
		for (const claim of claims.list()) inFlight += claim.open.size;
		// Nothing to state: a shard that is empty is forgotten, so that there are never many.
		if (counter.active === 0 && inFlight === 0) return {};
		const gauges: Record<string, number> = {
			[seriesOf(ACTIVE_TIMERS)]: counter.active,
			[seriesOf(IN_FLIGHT)]: inFlight,
		};
		if (this.#nextDue === null) return gauges;
		gauges[seriesOf(OLDEST_OVERDUE)] = this.#nextDue;
		const now = Date.now();
		if (this.#nextDue > now) return gauges;
		for (const lane of this.#shard.clock.lanes) {
			const series = OVERDUE[lane] ?? "";
			const overdue = this.#countOverdue(lane, this.#shard.clock.nowOf(lane, now));
			gauges[series] = (gauges[series] ?? 0) + overdue;
		}
		return gauges;
	}

	#countOverdue(lane: number, now: number): number {
		const { cursors, store } = this.#shard;
		const cursor = cursors[lane];
		if (cursor === undefined || cursor.due > now) return 0;
		const { due, id } = cursor;
		return store.countUnclaimed.first(lane, due, id, lane, due, now, OVERDUE_GAUGE_MAX)?.n ?? 0;
	}
}
