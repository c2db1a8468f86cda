/**
 * The grants of a tenant's shards (decision 18), and how unused ones come back. What is granted is
 * decided in `core/quota-grants.ts`; this stores it and talks to shards. Held by the registry object.
 *
 * A grant on its way to a shard may cross a release on its way back, and then the shard must not
 * believe in more than is on record here. So a release counts only if its shard has asked for
 * nothing since it was called; and a shard drops an answer that a release has overtaken (rpc.ts).
 */
import { decideGrant, type GrantDecision } from "../../src/core/quota-grants.ts";
import { shareRounds } from "../shared/shared-rounds.ts";
import { RELEASE_TIMEOUT_MS } from "./constants.ts";
import type { Store } from "./store.ts";

export type QuotaPort = {
	/** Active timers of the tenant's plan; `null` when unlimited. */
	readonly quota: () => number | null;
	/** Asks a shard to give back what it does not use; answers what it keeps. */
	readonly release: (shard: number) => Promise<number>;
	/** Told of a shard that could not be asked; it keeps its grant. */
	readonly onUnreachable: (shard: number, error: unknown) => void;
};

type Asks = { begun: number; open: number };

export class QuotaLedger {
	readonly #store: Store;
	readonly #port: QuotaPort;
	readonly #joinReclaim: () => Promise<void>;
	readonly #asks = new Map<number, Asks>();
	/** Asks that wait for other shards to give back. */
	#waiting = 0;

	constructor(store: Store, port: QuotaPort) {
		this.#store = store;
		this.#port = port;
		this.#joinReclaim = shareRounds(() => this.#reclaim());
	}

	/** The shard's whole grant: `used + want` at least where the plan has room, else what is left. */
	async grant(shard: number, used: number, want: number): Promise<number> {
		const asks = this.#asksOf(shard);
		asks.begun += 1;
		asks.open += 1;
		try {
			const { granted, reclaimFrom } = this.#settle(shard, used, want);
			if (reclaimFrom.length === 0) return granted;
			this.#waiting += 1;
			try {
				await this.#joinReclaim();
			} finally {
				this.#waiting -= 1;
			}
			// At once, so that of several who waited only the last is granted something in advance.
			return this.#settle(shard, used, want).granted;
		} finally {
			asks.open -= 1;
		}
	}

	/** Takes back at once what no shard uses, as when the plan has become smaller. */
	async reclaim(): Promise<void> {
		await this.#joinReclaim();
	}

	#settle(shard: number, used: number, want: number): GrantDecision {
		const quota = this.#port.quota();
		// Not more: the plan may have a limit again before the shard hears of it.
		if (quota === null) return { granted: used + want, reclaimFrom: [] };
		return this.#store.transaction(() => {
			const grants = this.#store.listGrants.all();
			const isScarce = this.#waiting > 0;
			const decision = decideGrant({ quota, grants, shard, used, want, isScarce });
			this.#store.putGrant.run(shard, decision.granted);
			return decision;
		});
	}

	/** Asks every shard that has or had timers, but those that are asking for more themselves. */
	async #reclaim(): Promise<void> {
		const shards = this.#store.listGrantees.all().map(({ shard }) => shard);
		const idle = shards.filter((shard) => this.#asksOf(shard).open === 0);
		await Promise.all(idle.map((shard) => this.#reclaimFrom(shard)));
	}

	async #reclaimFrom(shard: number): Promise<void> {
		const asks = this.#asksOf(shard);
		const before = asks.begun;
		try {
			const kept = await withinTime(this.#port.release(shard), RELEASE_TIMEOUT_MS);
			if (asks.begun === before) this.#store.putGrant.run(shard, kept);
		} catch (error) {
			this.#port.onUnreachable(shard, error);
		}
	}

	#asksOf(shard: number): Asks {
		const known = this.#asks.get(shard);
		if (known !== undefined) return known;
		const asks = { begun: 0, open: 0 };
		this.#asks.set(shard, asks);
		return asks;
	}
}

/** Rejects when `work` takes longer than `ms`; its own end is then of no interest any more. */
async function withinTime<T>(work: Promise<T>, ms: number): Promise<T> {
	let timer: ReturnType<typeof setTimeout> | null = null;
	const timeout = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new Error(`No answer within ${ms} ms`)), ms);
	});
	try {
		return await Promise.race([work, timeout]);
	} finally {
		clearTimeout(timer);
	}
}
