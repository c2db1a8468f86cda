/**
 * Works off a mailbox: pulls as much as there are hands for and keeps the leases of what is in hand.
 * Whatever happens, each message is acknowledged or given back once; what can be neither, because the
 * network is away for longer than the lease, comes again by itself.
 */
import { MinootsError } from "../error.ts";
import { pause } from "../pause.ts";
import { backoff, isTransient } from "../retry.ts";
import type { PulledMessage } from "../types.ts";
import { type ConsumeOptions, DEFAULTS, type Handler, type MailboxCalls } from "./consume.ts";
import { Lease, textOf } from "./lease.ts";

const STOPPING = "The consumer stopped before it was worked off.";

export class Consumer {
	readonly #calls: MailboxCalls;
	readonly #handler: Handler;
	readonly #options: ConsumeOptions;
	readonly #leaseMs: number;
	/** What is in hand, and the promise that it has ended. */
	readonly #held = new Map<Lease, Promise<void>>();
	/** Ends pulling, for good: the caller's signal, or a refusal that will stay one. */
	readonly #stop = new AbortController();
	#refusal: { readonly error: unknown } | undefined;
	/** Pulls that failed since one has not. */
	#failures = 0;

	constructor(calls: MailboxCalls, handler: Handler, options: ConsumeOptions) {
		this.#calls = calls;
		this.#handler = handler;
		this.#options = options;
		this.#leaseMs = options.visibilityTimeoutMs ?? DEFAULTS.visibilityTimeoutMs;
		for (const name of ["concurrency", "batchSize"] as const) {
			const value = options[name] ?? 1;
			if (Number.isInteger(value) && value >= 1) continue;
			throw new TypeError(`${name}: expected a whole number from 1 on, got ${value}.`);
		}
	}

	/** Resolves when it was told to stop and all is settled; rejects when pulling is refused. */
	async run(): Promise<void> {
		const { signal } = this.#options;
		const stop = () => this.#stop.abort();
		if (signal?.aborted) return;
		signal?.addEventListener("abort", stop);
		// Twice it may fail before a lease ends.
		const renewing = setInterval(() => void this.#renew(), this.#leaseMs / 3);
		try {
			while (!this.#stop.signal.aborted) await this.#pullOnce();
			await this.#drain();
		} finally {
			clearInterval(renewing);
			signal?.removeEventListener("abort", stop);
		}
		if (this.#refusal !== undefined) throw this.#refusal.error;
	}

	async #pullOnce(): Promise<void> {
		const { concurrency = DEFAULTS.concurrency, batchSize = concurrency } = this.#options;
		const free = concurrency - this.#held.size;
		if (free <= 0) return this.#untilOneEnds();
		try {
			const size = Math.min(free, batchSize, DEFAULTS.batchMax);
			// Not ended by the signal: what the network leases in answer would be in nobody's hand.
			const messages = await this.#calls.pull(size, this.#leaseMs);
			this.#failures = 0;
			if (this.#stop.signal.aborted) await this.#giveBack(messages, { notStarted: true });
			else for (const message of messages) this.#take(message);
		} catch (error) {
			if (error instanceof MinootsError && isTransient(error, true)) {
				this.#failures += 1;
				return pause(backoff(this.#failures, DEFAULTS.away), this.#stop.signal);
			}
			this.#refuse(error);
		}
	}

	/** Stops, to reject with this once all is settled. */
	#refuse(error: unknown): void {
		this.#refusal ??= { error };
		this.#stop.abort();
	}

	#take(message: PulledMessage): void {
		const lease = new Lease(message, this.#calls, this.#leaseMs);
		const ended = lease
			.work(this.#handler, this.#options)
			// What the caller's own `log` or `retryDelayMs` threw.
			.catch((error: unknown) => this.#refuse(error))
			.finally(() => this.#held.delete(lease));
		this.#held.set(lease, ended);
	}

	/** Also ends when it is told to stop. */
	async #untilOneEnds(): Promise<void> {
		const { signal } = this.#stop;
		const waiting = new AbortController();
		const stopped = new Promise<void>((resolve) => {
			signal.addEventListener("abort", () => resolve(), { signal: waiting.signal });
		});
		await Promise.race([stopped, ...this.#held.values()]);
		waiting.abort();
	}

	async #renew(): Promise<void> {
		const now = Date.now();
		for (const leases of inBatches([...this.#held.keys()].filter(({ isOurs }) => isOurs))) {
			try {
				const outcomes = await this.#calls.extend(leases.map((lease) => lease.extension(now)));
				for (const [index, outcome] of outcomes.entries()) leases[index]?.renewed(outcome, now);
			} catch (error) {
				this.#calls.log("warn", `Leases could not be extended: ${textOf(error)}`, {});
			}
		}
	}

	/** Until all in hand has ended; what takes too long is given back. */
	async #drain(): Promise<void> {
		const { drainMs } = this.#options;
		const all = Promise.all(this.#held.values());
		if (drainMs === undefined) return void (await all);
		const waiting = new AbortController();
		await Promise.race([all, pause(drainMs, waiting.signal)]);
		waiting.abort();
		const unfinished = [...this.#held.keys()].filter((lease) => lease.give(STOPPING));
		await this.#giveBack(unfinished.map(({ message }) => message));
		const settling = [...this.#held].filter(([lease]) => lease.isOurs);
		await Promise.all(settling.map(([, ended]) => ended));
	}

	async #giveBack(
		messages: readonly PulledMessage[],
		more: { readonly notStarted?: true } = {},
	): Promise<void> {
		for (const batch of inBatches(messages)) {
			try {
				const retries = batch.map(({ leaseId }) => ({ leaseId, reason: STOPPING, ...more }));
				await this.#calls.ack({ retries });
			} catch (error) {
				const what = `Messages could not be given back; they come again: ${textOf(error)}`;
				this.#calls.log("warn", what, { count: batch.length });
			}
		}
	}
}

/** As many as one call takes. */
function inBatches<T>(items: readonly T[]): readonly (readonly T[])[] {
	const count = Math.ceil(items.length / DEFAULTS.batchMax);
	return Array.from({ length: count }, (_, index) =>
		items.slice(index * DEFAULTS.batchMax, (index + 1) * DEFAULTS.batchMax),
	);
}
