/**
 * A message in hand: its handler is run, its lease kept, and what came of it said once. After that,
 * or once the lease is lost, nothing more is said.
 */
import { MinootsError } from "../error.ts";
import { pause } from "../pause.ts";
import { backoff, isTransient } from "../retry.ts";
import type { AckCall, LeaseOutcome, PulledMessage } from "../types.ts";
import { type ConsumeOptions, DEFAULTS, type Handler, type MailboxCalls } from "./consume.ts";
import { RetryLater } from "./retry-later.ts";

const LEASE_MS_MIN = 100;
const REASON_LENGTH = 1_000;

type State = "running" | "settling" | "ended";

export class Lease {
	readonly message: PulledMessage;
	readonly #calls: MailboxCalls;
	readonly #leaseMs: number;
	readonly #lost = new AbortController();
	#state: State = "running";
	/** Epoch ms, by our clock, to which it is known to last. */
	#until: number;

	constructor(message: PulledMessage, calls: MailboxCalls, leaseMs: number) {
		this.message = message;
		this.#calls = calls;
		this.#leaseMs = leaseMs;
		this.#until = Date.now() + leaseMs;
	}

	get isOurs(): boolean {
		return this.#state !== "ended";
	}

	/** Resolves when the message is settled, or is ours no more and its handler has returned. */
	async work(handler: Handler, options: ConsumeOptions): Promise<void> {
		const verdict = await this.#handle(handler, options);
		if (this.#state !== "running") return;
		this.#state = "settling";
		await this.#settle(verdict);
		this.#state = "ended";
	}

	/** What makes it last its full length again, counted from now. */
	extension(now: number): { readonly leaseId: string; readonly byMs: number } {
		const passedMs = Math.round(now + this.#leaseMs - this.#until);
		return { leaseId: this.message.leaseId, byMs: Math.max(LEASE_MS_MIN, passedMs) };
	}

	/** @param now when the extension was counted from */
	renewed({ outcome }: LeaseOutcome, now: number): void {
		if (outcome === "extended") this.#until = now + this.#leaseMs;
		else this.give("The lease has ended.");
	}

	/** Takes the message from its handler; false where that has just finished with it. */
	give(reason: string): boolean {
		if (this.#state !== "running") return false;
		this.#state = "ended";
		this.#lost.abort(new Error(reason));
		return true;
	}

	async #handle(handler: Handler, { retryDelayMs }: ConsumeOptions): Promise<AckCall> {
		const { message } = this;
		const { id, leaseId, attempts } = message;
		try {
			const result = await handler(message, { signal: this.#lost.signal });
			// Fails here what cannot be sent, rather than in the call.
			return { acks: [JSON.parse(JSON.stringify({ leaseId, result }))] };
		} catch (error) {
			let delayMs = error instanceof RetryLater ? error.delayMs : undefined;
			delayMs ??= typeof retryDelayMs === "function" ? retryDelayMs(error, message) : retryDelayMs;
			delayMs ??= backoff(attempts, DEFAULTS.retry);
			this.#calls.log("warn", `A message failed: ${textOf(error)}`, { id, attempts, delayMs });
			return retry(leaseId, error, delayMs);
		}
	}

	/** As often as it takes while the lease lasts. */
	async #settle(verdict: AckCall): Promise<void> {
		const { id, leaseId } = this.message;
		for (let failures = 1; ; failures++) {
			try {
				const { acks, retries } = await this.#calls.ack(verdict);
				const outcome = [...acks, ...retries][0]?.outcome;
				if (outcome === "stale") this.#calls.log("warn", "The lease had ended before.", { id });
				return;
			} catch (error) {
				const isAway = error instanceof MinootsError && isTransient(error, true);
				if (isAway && Date.now() < this.#until) {
					await pause(backoff(failures, DEFAULTS.away));
					continue;
				}
				const what = `A message was not settled and comes again: ${textOf(error)}`;
				this.#calls.log("error", what, { id });
				if (isAway || verdict.acks === undefined) return;
				// The result is what the network does not take.
				return this.#settle(retry(leaseId, error, DEFAULTS.retry.maxDelayMs));
			}
		}
	}
}

export function textOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

function retry(leaseId: string, error: unknown, delayMs: number): AckCall {
	return { retries: [{ leaseId, delayMs, reason: textOf(error).slice(0, REASON_LENGTH) }] };
}
