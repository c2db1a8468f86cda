/**
 * Runs the claiming of a shard, never twice at once: the alarm rings, outcomes make room for more.
 * Whoever comes while it runs makes it go round once more instead of running beside it.
 */
import { claimDue } from "../claim/claim-due.ts";
import type { DirectRoad, DirectSender } from "../claim/dispatch.ts";
import type { Shard } from "../shard.ts";
import { armNext, ringAlarm } from "./tick.ts";

export class Pump {
	readonly #shard: Shard;
	readonly #sender: DirectSender;
	#running: Promise<void> | null = null;
	#again = false;

	constructor(shard: Shard, sender: DirectSender) {
		this.#shard = shard;
		this.#sender = sender;
	}

	/** The object starts: nothing is worked off here, only the alarm is made sure of. */
	async start(): Promise<void> {
		await this.#shard.alarm.refresh();
		armNext(this.#shard);
	}

	/** The alarm rang, perhaps early. */
	async ring(): Promise<void> {
		await this.#shard.early.untilDue();
		while (this.#running !== null) await this.#running;
		await this.#run(() => ringAlarm(this.#shard, this.#sender));
	}

	/** Claims what is due at once: the clock was moved. */
	async claimDue(): Promise<void> {
		while (this.#running !== null) await this.#running;
		await this.#run(() => this.#claim({ deliveries: 0 }));
	}

	/** Outcomes have come in: if something is due that had no room before, claim it now. */
	async claimMore(): Promise<void> {
		if (!this.#shard.backlog || this.#shard.restEnd !== null) return;
		if (this.#running !== null) {
			this.#again = true;
			return;
		}
		await this.#run(() => this.#claim());
	}

	async #run(work: () => Promise<void>): Promise<void> {
		const run = async () => {
			await this.#survive(work);
			while (this.#again) {
				this.#again = false;
				await this.#survive(() => this.#claim());
			}
		};
		this.#running = run().finally(() => {
			this.#running = null;
		});
		await this.#running;
	}

	/** An alarm that throws is tried a few times by the platform and then lost. */
	async #survive(work: () => Promise<void>): Promise<void> {
		try {
			await work();
		} catch (error) {
			this.#shard.attempt("pump", () => {
				throw error;
			});
		}
	}

	/** @param road by default the queues', since a sender that has just reported may be busy */
	async #claim(road: DirectRoad = { deliveries: Number.POSITIVE_INFINITY }): Promise<void> {
		await claimDue(this.#shard, this.#sender, road);
		this.#shard.attempt("arm", () => armNext(this.#shard));
	}
}
