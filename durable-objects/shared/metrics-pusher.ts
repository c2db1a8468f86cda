/**
 * How a source tells its figures: it counts into `fold`, and says `changed`; what has come together
 * is pushed at most once in `PUSH_EVERY_MS`, and never while nothing changes. It adds no alarm and no
 * storage operation. A push that fails is kept as it is and sent again under its number, so that it
 * counts once even if only its answer was lost.
 */

import { liesAhead } from "../../src/core/lies-ahead.ts";
import { MetricsFold } from "../../src/core/metrics-fold.ts";
import type { GaugeSet } from "../../src/core/metrics-gauges.ts";
import { homeOfKey } from "../../src/core/shard-count.ts";
import type { Env } from "../../src/env.ts";
import { METRICS_OBJECTS, PUSH_EVERY_MS, PUSH_TRIES_MAX } from "../metrics/constants.ts";
import type { MetricsPush } from "../metrics/rpc.ts";
import { metricsOf } from "./object-names.ts";

export type PusherOptions = {
	readonly source: string;
	/** Random, new with every life of the source. */
	readonly run: string;
	/** Read when a push is made. Without it, the source has none. */
	readonly gauges?: () => GaugeSet;
	readonly onFault: (error: unknown) => void;
};

/** Tells `push` to the object that its source belongs to. */
export function pushMetrics(env: Pick<Env, "METRICS">, push: MetricsPush): Promise<void> {
	return metricsOf(env, homeOfKey(push.source, METRICS_OBJECTS)).push(push);
}

export class MetricsPusher {
	readonly fold = new MetricsFold();
	readonly #options: PusherOptions;
	#hasChanged = false;
	#unsent: MetricsPush | null = null;
	#seq = 0;
	#tries = 0;
	/** Epoch ms at which the next push is planned. */
	#plannedFor: number | null = null;
	/** Counts plans, so that one that was given up does nothing when it rings after all. */
	#plan = 0;

	constructor(options: PusherOptions) {
		this.#options = options;
	}

	/**
	 * Something is to be told: plans a push, unless one is planned.
	 * @param env of whoever changed it: the push is made in that context
	 * @param waitUntil keeps the context alive until then; an object lives without it
	 */
	changed(
		env: Pick<Env, "METRICS" | "OBSERVERS">,
		waitUntil: (work: Promise<void>) => void = () => {},
	): void {
		if (env.OBSERVERS === "off") return;
		this.#hasChanged = true;
		const now = Date.now();
		// A plan that is long overdue died with the context that made it. So may have one that lies
		// further ahead than any can, once the clock was set back.
		const givenUpAt = this.#plannedFor === null ? 0 : this.#plannedFor + PUSH_EVERY_MS;
		if (liesAhead(givenUpAt, 2 * PUSH_EVERY_MS, now)) return;
		this.#plannedFor = now + PUSH_EVERY_MS;
		const plan = ++this.#plan;
		waitUntil(this.#runLater(plan, env));
	}

	async #runLater(plan: number, env: Pick<Env, "METRICS">): Promise<void> {
		do {
			await new Promise((resolve) => setTimeout(resolve, PUSH_EVERY_MS));
			if (plan !== this.#plan) return;
			this.#plannedFor = Date.now() + PUSH_EVERY_MS;
			await this.#run(env);
		} while (plan === this.#plan && this.#hasMore);
		if (plan === this.#plan) this.#plannedFor = null;
	}

	get #hasMore(): boolean {
		return this.#tries < PUSH_TRIES_MAX && (this.#hasChanged || this.#unsent !== null);
	}

	async #run(env: Pick<Env, "METRICS">): Promise<void> {
		try {
			const next = this.#unsent ?? this.#take();
			this.#unsent = next;
			await pushMetrics(env, next);
			// Another plan may have sent something else meanwhile.
			if (this.#unsent === next) this.#unsent = null;
			this.#tries = 0;
		} catch (error) {
			this.#tries += 1;
			this.#options.onFault(error);
		}
	}

	#take(): MetricsPush {
		const { source, run, gauges } = this.#options;
		// What may fail comes first: nothing is taken then.
		const stated = gauges?.() ?? null;
		this.#hasChanged = false;
		this.#seq += 1;
		const at = Date.now();
		return { ...this.fold.take(), source, run, seq: this.#seq, at, gauges: stated };
	}
}
