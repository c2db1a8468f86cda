/**
 * A mailbox behind `fetch`, as the network has it: messages, leases that end, long polls. It also
 * fails as a network does, before a call is carried out or after. Time is whatever `Date` says.
 */
import { json } from "./scripted-fetch.ts";

/** What became of a message at each of its leases, in order. */
export type Fate = "leased" | "acknowledged" | "retried" | "not started" | "expired";

type Message = {
	readonly id: string;
	readonly fates: Fate[];
	attempts: number;
	readyAt: number;
	lease: { readonly id: string; until: number } | undefined;
	isDone: boolean;
};

export type Trouble = "none" | "lost_request" | "lost_answer";

type Calls = {
	batchSize: number;
	visibilityTimeoutMs: number;
	waitMs: number;
	acks: { leaseId: string; result?: unknown }[];
	retries: { leaseId: string; delayMs?: number; reason?: string; notStarted?: boolean }[];
	leases: { leaseId: string; byMs: number }[];
};

const POLL_MS = 10;

export class MailboxServer {
	readonly messages: Message[] = [];
	readonly results = new Map<string, unknown>();
	readonly reasons: string[] = [];
	/** Asked before each call. */
	trouble: (call: string) => Trouble = () => "none";
	/** Calls for leases that had ended. */
	stale = 0;

	put(id: string): void {
		const fates: Fate[] = [];
		this.messages.push({ id, fates, attempts: 0, readyAt: 0, lease: undefined, isDone: false });
	}

	get leased(): readonly Message[] {
		this.#expire();
		return this.messages.filter(({ lease }) => lease !== undefined);
	}

	readonly fetch: typeof fetch = async (input, init) => {
		const call = new URL(String(input)).pathname.split("/").at(-1) ?? "";
		const body: Calls = JSON.parse(String(init?.body));
		const trouble = this.trouble(call);
		if (trouble === "lost_request") throw new TypeError("fetch failed");
		const answer = call === "pull" ? await this.#pull(body) : this.#settle(call, body);
		if (trouble === "lost_answer") throw new TypeError("fetch failed");
		return json(answer);
	};

	async #pull({ batchSize, visibilityTimeoutMs, waitMs }: Calls) {
		const endsAt = Date.now() + waitMs;
		let ready = this.#ready();
		while (ready.length === 0 && Date.now() < endsAt) {
			await new Promise((resolve) => setTimeout(resolve, POLL_MS));
			ready = this.#ready();
		}
		const messages = ready.slice(0, batchSize).map((message) => {
			message.attempts += 1;
			message.fates.push("leased");
			const leaseId = `${message.id}/${message.attempts}`;
			message.lease = { id: leaseId, until: Date.now() + visibilityTimeoutMs };
			return { id: message.id, leaseId, attempts: message.attempts, body: { n: message.id } };
		});
		return { messages, backlog: 0 };
	}

	#settle(call: string, { acks = [], retries = [], leases = [] }: Calls) {
		if (call === "extend") {
			const extended = leases.map(({ leaseId, byMs }) =>
				this.#with(leaseId, "extended", ({ lease }) => {
					if (lease !== undefined) lease.until += byMs;
				}),
			);
			return { leases: extended };
		}
		const acked = acks.map(({ leaseId, result }) =>
			this.#with(leaseId, "acknowledged", (message) => {
				message.fates.push("acknowledged");
				message.isDone = true;
				message.lease = undefined;
				this.results.set(message.id, result);
			}),
		);
		const retried = retries.map(({ leaseId, delayMs = 0, reason = "", notStarted = false }) =>
			this.#with(leaseId, "retried", (message) => {
				message.fates.push(notStarted ? "not started" : "retried");
				message.readyAt = Date.now() + delayMs;
				message.lease = undefined;
				this.reasons.push(reason);
			}),
		);
		return { ackCount: 0, retryCount: 0, acks: acked, retries: retried };
	}

	#with(leaseId: string, outcome: string, change: (message: Message) => void) {
		this.#expire();
		const message = this.messages.find(({ lease }) => lease?.id === leaseId);
		if (message === undefined) {
			this.stale += 1;
			return { leaseId, outcome: "stale" };
		}
		change(message);
		return { leaseId, outcome };
	}

	#ready(): readonly Message[] {
		this.#expire();
		const now = Date.now();
		return this.messages.filter(
			({ lease, isDone, readyAt }) => !isDone && lease === undefined && readyAt <= now,
		);
	}

	#expire(): void {
		for (const message of this.messages) {
			if (message.lease === undefined || message.lease.until > Date.now()) continue;
			message.lease = undefined;
			message.fates.push("expired");
		}
	}
}
