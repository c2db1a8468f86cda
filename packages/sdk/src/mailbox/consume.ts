/** What a consumer of a mailbox is told, and its numbers. */
import type { LogLevel } from "../options.ts";
import type { AckAnswer, AckCall, ExtendCall, LeaseOutcome, PulledMessage } from "../types.ts";

/** A message whose body is known to be a `T`. */
export type MessageOf<T> = Omit<PulledMessage, "body"> & { readonly body: T };

export type HandlerContext = {
	/** Aborts when the message is no longer ours: its lease is lost, or `drainMs` are over. */
	readonly signal: AbortSignal;
};

/** What it answers (JSON) acknowledges the message; what it throws gives it back. */
export type Handler<T = unknown> = (message: MessageOf<T>, context: HandlerContext) => unknown;

export type ConsumeOptions<T = unknown> = {
	/** Messages in hand at once. Default 1. */
	readonly concurrency?: number | undefined;
	/** Messages of one pull: never more than there are hands free, at most 100. */
	readonly batchSize?: number | undefined;
	/** Length of a lease, extended while a handler runs. Default 60,000. */
	readonly visibilityTimeoutMs?: number | undefined;
	/** Length of a long poll, and so of a stop in the middle of one. Default 10,000, at most 30,000. */
	readonly waitMs?: number | undefined;
	/** Stops: nothing new is pulled, what is in hand is finished. */
	readonly signal?: AbortSignal | undefined;
	/** How long a stop waits for handlers; what is not finished then is given back. No limit unless
	 * given. */
	readonly drainMs?: number | undefined;
	/** When a message comes again whose handler threw. By default 1 s, doubled each time, to 5 min. */
	readonly retryDelayMs?:
		| number
		| ((error: unknown, message: MessageOf<T>) => number | undefined)
		| undefined;
};

export const DEFAULTS = {
	concurrency: 1,
	/** What one call takes. */
	batchMax: 100,
	visibilityTimeoutMs: 60_000,
	waitMs: 10_000,
	retry: { minDelayMs: 1_000, maxDelayMs: 300_000 },
	/** Pauses while the network is away. */
	away: { minDelayMs: 500, maxDelayMs: 30_000 },
} as const;

/** The calls on one mailbox. */
export type MailboxCalls = {
	/** One try; what fails is tried again by the consumer, which can be stopped meanwhile. */
	pull(batchSize: number, visibilityTimeoutMs: number): Promise<readonly PulledMessage[]>;
	ack(verdicts: AckCall): Promise<AckAnswer>;
	extend(leases: ExtendCall["leases"]): Promise<readonly LeaseOutcome[]>;
	log(level: LogLevel, message: string, fields: object): void;
};
