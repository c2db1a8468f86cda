/**
 * The benchmark's side of the receiver: runs of webhooks, each with its own paths, waited for and
 * collected. A path is `/<run>/<timer>` or, for a slow receiver, `/<run>/<timer>/<hold in ms>`.
 */
import { type Helper, startHelper } from "../child.ts";
import type { Arrivals, FromReceiver, ToReceiver } from "./messages.ts";

export class Receiver {
	readonly #helper: Helper;
	#runs = 0;

	constructor(helper: Helper) {
		this.#helper = helper;
		helper.child.setMaxListeners(0); // one for every wait
	}

	startRun(): Run {
		this.#runs += 1;
		return new Run(this.#helper, this.#runs);
	}

	stop(): Promise<void> {
		return this.#helper.stop();
	}
}

export async function startReceiver(): Promise<Receiver> {
	return new Receiver(await startHelper("receiver/process.ts"));
}

export class Run {
	readonly #helper: Helper;
	readonly #run: number;

	constructor(helper: Helper, run: number) {
		this.#helper = helper;
		this.#run = run;
	}

	/** Where timer `index` is to be sent; the answer takes `holdMs`. */
	url(index: number, holdMs?: number): string {
		const path = `${this.#helper.origin}/${this.#run}/${index}`;
		return holdMs === undefined ? path : `${path}/${holdMs}`;
	}

	/** What every URL of this run starts with. */
	get prefix(): string {
		return `${this.#helper.origin}/${this.#run}/`;
	}

	/** Resolves with true once `count` different timers have come, with false when time is up. */
	async reached(count: number, timeoutMs: number): Promise<boolean> {
		const message = await this.#ask({ kind: "watch", run: this.#run, count }, "reached", timeoutMs);
		return message !== undefined;
	}

	/** All arrivals so far. */
	async collect(): Promise<Arrivals> {
		const message = await this.#ask({ kind: "collect", run: this.#run }, "arrivals");
		if (message?.kind !== "arrivals") throw new Error("The receiver does not answer");
		return message;
	}

	#ask(
		question: ToReceiver,
		kind: FromReceiver["kind"],
		timeoutMs = 10_000,
	): Promise<FromReceiver | undefined> {
		const { child } = this.#helper;
		return new Promise((resolve) => {
			const settle = (message?: FromReceiver) => {
				clearTimeout(timer);
				child.off("message", hear);
				resolve(message);
			};
			// Only receiver/process.ts sends these.
			const hear = (message: unknown) => {
				const heard = message as FromReceiver;
				if (heard.kind === kind && heard.run === this.#run) settle(heard);
			};
			const timer = setTimeout(settle, timeoutMs);
			child.on("message", hear);
			child.send(question);
		});
	}
}
