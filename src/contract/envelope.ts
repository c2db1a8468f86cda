/**
 * What travels between a shard and the senders: the envelope out, the outcomes back. Internal and
 * versioned: a message of another version is left to its lease, and the shard sends it anew.
 */
import type { AttemptOutcome, PostponeReason, StoredPatch } from "./delivery.ts";

export const ENVELOPE_VERSION = 2;

export const PRIORITY_CLASSES = ["high", "medium", "low"] as const;
export type PriorityClass = (typeof PRIORITY_CLASSES)[number];

/** A secret as it is stored and carried: AES-GCM under the tenant's data key. */
export type SealedSecret = {
	readonly sealed: string;
	/** Epoch ms from which it no longer signs; `null` while it is the current one. */
	readonly signsUntil: number | null;
};

/** One action of one firing, to be tried once. */
export type EnvelopeDelivery = {
	/** The timer's sequence in its shard, the firing's number, the action's index. */
	readonly timer: number;
	readonly firing: number;
	readonly action: number;
	readonly attempt: number;
	/** How many of the attempts were made before a dead letter was replayed; absent without one. */
	readonly base?: number;
	readonly dueAt: number;
	/** Epoch ms that the schedule names, where jitter, spread or a snooze moved `dueAt`. */
	readonly nominalAt?: number;
	/** The timer's stored document, parsed by the sender so that the shard need not. */
	readonly doc: string;
	/** An edit made when a dead letter was replayed. */
	readonly patch?: StoredPatch;
};

export type Envelope = {
	readonly version: typeof ENVELOPE_VERSION;
	readonly tenant: string;
	readonly shard: number;
	readonly claim: number;
	readonly claimedAt: number;
	/** How far the tenant's time, which `dueAt` is in, is ahead of the real one; absent where it is not. */
	readonly aheadMs?: number;
	/** No delivery is started that cannot end before this instant (epoch ms). */
	readonly leaseUntil: number;
	readonly priority: PriorityClass;
	/** The tenant's data key, wrapped by the deployment's master key. */
	readonly wrappedKey: string;
	readonly secrets: readonly SealedSecret[];
	readonly deliveries: readonly EnvelopeDelivery[];
};

/** What became of one delivery of an envelope. `not_started` burns no attempt. */
export type DeliveryOutcome = {
	readonly timer: number;
	readonly firing: number;
	readonly action: number;
	readonly attempt: number;
} & (
	| { readonly kind: "not_started" }
	/** Its mailbox holds the message, and gives it up at `expiresAt` (epoch ms). */
	| { readonly kind: "accepted"; readonly expiresAt: number }
	/** Not sent, to spare its host. Burns no attempt. */
	| {
			readonly kind: "postponed";
			/** Epoch ms before which nothing is sent there. */
			readonly until: number;
			readonly reason: PostponeReason;
			readonly host: string;
	  }
	| {
			readonly kind: "attempted";
			readonly class: "delivered" | "retryable" | "terminal" | "gone";
			readonly outcome: AttemptOutcome;
			readonly sentAt: number;
			readonly durationMs: number;
			readonly status: number | null;
			readonly error: string | null;
			readonly excerpt: string | null;
			readonly retryAfterMs: number | null;
	  }
);

export type OutcomeReport = {
	readonly claim: number;
	readonly outcomes: readonly DeliveryOutcome[];
	/** True with the envelope's last report. */
	readonly last: boolean;
};
