/**
 * Tells the tenant's event hub that there are new events, while it wants to know (decision 17). The
 * hub registers for a while and renews; a shard without a registration makes no call, and looks at
 * one number per commit. It says only that there is something: the hub then reads the events.
 */
import { eventHubOf } from "../../shared/object-names.ts";
import { HUB_POKE_EVERY_MS } from "../constants.ts";
import type { Shard } from "../shard.ts";

export class HubLink {
	readonly #shard: Shard;
	/** Epoch ms; 0 while nobody is registered. */
	#until: number;
	/** Counts registrations: an answer to a poke says nothing of a later one. */
	#registrations = 0;
	/** Whether a poke is under way or less than its interval ago. */
	#isResting = false;
	/** Whether events came in meanwhile. */
	#isOwed = false;

	/** @param until what is stored: a shard that was evicted remembers its hub */
	constructor(shard: Shard, until: number) {
		this.#shard = shard;
		this.#until = until;
	}

	register(until: number): void {
		this.#until = until;
		this.#registrations += 1;
		this.#shard.store.putHub.run(until);
	}

	/** After a commit that made events. */
	notice(): void {
		if (this.#until === 0) return;
		if (this.#until <= Date.now()) this.#until = 0;
		else if (this.#isResting) this.#isOwed = true;
		else this.#shard.background(this.#pokeThenRest());
	}

	async #pokeThenRest(): Promise<void> {
		this.#isResting = true;
		const rested = new Promise((resolve) => setTimeout(resolve, HUB_POKE_EVERY_MS));
		await Promise.all([this.#poke(), rested]);
		this.#isResting = false;
		if (!this.#isOwed) return;
		this.#isOwed = false;
		this.notice();
	}

	/** A poke that fails is not repeated: the hub reads whenever it renews. */
	async #poke(): Promise<void> {
		const registrations = this.#registrations;
		const { tenant, shard } = this.#shard.identity;
		try {
			const isWanted = await eventHubOf(this.#shard.env, tenant).poke(shard);
			if (!isWanted && registrations === this.#registrations) this.#until = 0;
		} catch (error) {
			this.#shard.log({ kind: "hub_poke_failed", error: String(error) });
		}
	}
}
