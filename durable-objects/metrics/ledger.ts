/**
 * The figures of one `metrics` object: in memory, and in its storage as of the last `write`. A source
 * whose gauges are gone is forgotten. It knows no clock and plans nothing: metrics-do.ts does.
 */
import { type MetricsDelta, MetricsFold } from "../../src/core/metrics-fold.ts";
import { type GaugeSet, readGauges, type StatedGauges } from "../../src/core/metrics-gauges.ts";
import { hasSchema, type Migration, migrate } from "../shared/migrate.ts";
import { RUNS_KEPT } from "./constants.ts";
import init from "./migrations/0001_init.sql";
import type { MetricsPart, MetricsPush } from "./rpc.ts";
import { createStore, type Store } from "./store.ts";

const MIGRATIONS: readonly Migration[] = [{ id: "0001_init", sql: init }];

export class Ledger {
	readonly #storage: DurableObjectStorage;
	readonly #store: Store;
	readonly #totals = new MetricsFold();
	readonly #gauges = new Map<string, StatedGauges>();
	/** Sources whose row is not what is in memory. */
	readonly #changed = new Set<string>();
	readonly #lastSeq = new Map<string, number>();
	#isWritten = true;

	constructor(storage: DurableObjectStorage) {
		this.#storage = storage;
		this.#store = createStore(storage);
		if (hasSchema(storage)) this.#load();
	}

	/** Whether all is in storage. */
	get isWritten(): boolean {
		return this.#isWritten;
	}

	take(push: MetricsPush): void {
		if (!this.#isNew(push)) return;
		this.#totals.add(push);
		if (push.gauges !== null) this.#state(push.source, { at: push.at, values: push.gauges });
		this.#isWritten = false;
	}

	/** One row for all counters, and one for each source that has stated something. */
	write(): void {
		if (this.#isWritten) return;
		migrate(this.#storage, MIGRATIONS);
		this.#store.sql.transaction(() => {
			this.#store.putTotals.run(JSON.stringify(this.#totals.read()));
			for (const source of this.#changed) {
				const stated = this.#gauges.get(source);
				if (stated === undefined) this.#store.deleteGauge.run(source);
				else this.#store.putGauge.run(source, stated.at, JSON.stringify(stated.values));
			}
		});
		this.#changed.clear();
		this.#isWritten = true;
	}

	read(now: number): MetricsPart {
		return { totals: this.#totals.read(), gauges: readGauges(this.#gauges.values(), now) };
	}

	#load(): void {
		migrate(this.#storage, MIGRATIONS);
		// Only `write` writes these texts.
		const totals = this.#store.getTotals.first();
		if (totals !== undefined) this.#totals.add(JSON.parse(totals.body) as MetricsDelta);
		for (const { source, at, body } of this.#store.listGauges.all()) {
			this.#gauges.set(source, { at, values: JSON.parse(body) as GaugeSet });
		}
	}

	#state(source: string, stated: StatedGauges): void {
		if (Object.keys(stated.values).length > 0) this.#gauges.set(source, stated);
		else if (!this.#gauges.delete(source)) return;
		this.#changed.add(source);
	}

	/** A push whose answer was lost comes again. */
	#isNew({ run, seq }: MetricsPush): boolean {
		if (seq <= (this.#lastSeq.get(run) ?? 0)) return false;
		this.#lastSeq.delete(run);
		if (this.#lastSeq.size >= RUNS_KEPT)
			this.#lastSeq.delete(this.#lastSeq.keys().next().value ?? run);
		this.#lastSeq.set(run, seq);
		return true;
	}
}
