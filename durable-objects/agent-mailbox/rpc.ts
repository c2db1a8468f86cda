/**
 * What a mailbox can be asked. One object per tenant and mailbox name; agents reach it through the
 * edge, deliveries through the senders. Everything here is structured-clonable data; expected
 * failures are values.
 */
import type { LEASE_OUTCOMES } from "../../src/contract/mailbox.ts";

/** Who calls: the mailbox learns its own name from it. */
export type MailboxCall = { readonly tenant: string; readonly mailbox: string };

/** Where a message's truth lives: the delivery of a shard that waits for its outcome. */
export type MessageOrigin = {
	readonly shard: number;
	readonly timer: number;
	readonly firing: number;
	readonly action: number;
	/**
	 * The shard's first attempt to dispatch it, or the first since its last replay, which dispatches
	 * the same delivery anew.
	 */
	readonly attempt: number;
};

/** A message on its way in. */
export type NewMessage = {
	/** `dlv_…` of a delivery, which makes a second dispatch a no-op. */
	readonly id: string;
	readonly origin: MessageOrigin | null;
	/** JSON text. */
	readonly body: string;
	/** 1 (most urgent) to 9. */
	readonly priority: number;
	/** Epoch ms from which it may be leased. */
	readonly visibleAt: number;
	/** Epoch ms at which it is given up. */
	readonly expiresAt: number;
	/** How long a lease lasts unless the pull says otherwise. */
	readonly ackTimeoutMs: number;
	readonly maxAttempts: number;
	readonly traceparent: string | null;
};

export type LeasedMessage = {
	readonly id: string;
	readonly leaseId: string;
	readonly attempts: number;
	readonly priority: number;
	readonly enqueuedAt: number;
	readonly leaseExpiresAt: number;
	/** JSON text. */
	readonly body: string;
	readonly traceparent: string | null;
};

export type PullCall = {
	readonly batchSize: number;
	readonly visibilityTimeoutMs: number | null;
	readonly waitMs: number;
};

export type PullAnswer = { readonly messages: readonly LeasedMessage[]; readonly backlog: number };

export type Ack = {
	readonly leaseId: string;
	/** JSON text; null without a result. */
	readonly result: string | null;
};

export type Retry = {
	readonly leaseId: string;
	readonly delayMs: number;
	readonly reason: string | null;
	/** The agent has not begun: the lease counts as no attempt. */
	readonly notStarted: boolean;
};

export type LeaseOutcome = {
	readonly leaseId: string;
	readonly outcome: (typeof LEASE_OUTCOMES)[number];
	readonly leaseExpiresAt: number | null;
};

export type AckAnswer = {
	readonly acks: readonly LeaseOutcome[];
	readonly retries: readonly LeaseOutcome[];
};

export type MailboxState = {
	readonly depth: number;
	readonly leased: number;
	readonly delayed: number;
	readonly dead: number;
	/** Epoch ms at which the oldest waiting message came in. */
	readonly oldestAt: number | null;
	readonly createdAt: number;
};

export type DeadMessage = {
	readonly id: string;
	readonly body: string;
	readonly priority: number;
	readonly attempts: number;
	readonly enqueuedAt: number;
	readonly deadAt: number;
	readonly reason: string;
};

export interface AgentMailboxRpc {
	/** Stores messages; ids already held are left alone. Resolves once they are durable. */
	accept(call: MailboxCall, messages: readonly NewMessage[]): Promise<void>;
	/** Leases what is there, most urgent and oldest first; waits up to `waitMs` for the first. */
	pull(call: MailboxCall, pull: PullCall): Promise<PullAnswer>;
	/** Settles leases. Acks of deliveries are told to their shards first; see decision 20. */
	ack(call: MailboxCall, acks: readonly Ack[], retries: readonly Retry[]): Promise<AckAnswer>;
	extend(
		call: MailboxCall,
		leases: readonly { readonly leaseId: string; readonly byMs: number }[],
	): Promise<readonly LeaseOutcome[]>;
	/** Removes deliveries that their shard has cancelled, leased or not. */
	withdraw(ids: readonly string[]): Promise<void>;
	/** Null before anything was ever put in. */
	state(): Promise<MailboxState | null>;
	/** Dead messages put in by hand, oldest first. */
	deadMessages(
		after: string | null,
		limit: number,
	): Promise<{ readonly items: readonly DeadMessage[]; readonly more: boolean }>;
	replayDead(id: string): Promise<boolean>;
	deleteDead(id: string): Promise<boolean>;
	/** Gives up everything in it (deliveries become dead letters) and forgets the mailbox. */
	remove(call: MailboxCall): Promise<{ readonly messages: number }>;
	/** From the watchdog: makes sure of the alarm. */
	wake(clockWasSet: boolean): Promise<void>;
}

/** What a mailbox tells a shard of the deliveries it held. A shard that knows it already ignores it. */
export type MessageReport = {
	readonly mailbox: string;
	readonly outcomes: readonly {
		readonly timer: number;
		readonly firing: number;
		readonly action: number;
		/** As in `MessageOrigin`. */
		readonly attempt: number;
		readonly kind: "acknowledged" | "expired" | "exhausted" | "removed";
		/** Leases it had, the last included. */
		readonly attempts: number;
		/** Epoch ms of the last lease, null when it was never leased; and of the outcome. */
		readonly leasedAt: number | null;
		readonly at: number;
		/** JSON text of an acknowledgement's result. */
		readonly result: string | null;
		readonly reason: string | null;
	}[];
};
