/**
 * Makes sends wait for their turn. On the local runtime one gate stands before all senders of the
 * process; deployed, each envelope has its own, six wide. Who is next is decided in
 * core/send-gate-policy.ts; here are the promises and the parking timer.
 *
 * A turn is given by whoever ends a send, mostly another request than the one that waits. workerd
 * carries a promise's resolution over to the request that made it, but takes a request for hung,
 * and drops it, when it waits for nothing else (both measured). So the caller must keep a timer
 * running while it waits: the one that closes its line is that timer.
 */
import type { PriorityClass } from "../contract/envelope.ts";
import {
	type GateLimits,
	type GateLoad,
	SendGatePolicy,
	type Ticket,
} from "../core/send-gate-policy.ts";
import type { Env } from "../env.ts";
import { EDGE_GATE_LIMITS, LOCAL_GATE_LIMITS, PARK_AFTER_MS } from "./constants.ts";

type Admit = (isAdmitted: boolean) => void;

/** Leave to send. Whoever has it must call `leave`, whatever happens. */
export type Turn = { readonly leave: () => void };

export class SendGate {
	readonly #policy: SendGatePolicy<Admit>;
	readonly #parkAfterMs: number | null;

	/** @param parkAfterMs `null` where a request keeps its slot until it ends */
	constructor(limits: GateLimits, parkAfterMs: number | null) {
		this.#policy = new SendGatePolicy(limits);
		this.#parkAfterMs = parkAfterMs;
	}

	load(): GateLoad {
		return this.#policy.load();
	}

	/** A line of requests that wait together and give up together. */
	openLine(tenant: string, priority: PriorityClass): SendLine {
		return new SendLine(this, tenant, priority);
	}

	/** Only for `SendLine`. `admit` is called once, if the ticket does not leave before. */
	wait(tenant: string, priority: PriorityClass, admit: Admit): Ticket<Admit> {
		const ticket = this.#policy.wait(tenant, priority, admit);
		this.#admitAll();
		return ticket;
	}

	/** Only for `SendLine`: the ticket's send begins, in the context of the request it belongs to. */
	begin(ticket: Ticket<Admit>): Turn {
		if (this.#parkAfterMs === null) return { leave: () => this.leave(ticket) };
		const parking = setTimeout(() => {
			this.#policy.park(ticket);
			this.#admitAll();
		}, this.#parkAfterMs);
		return {
			leave: () => {
				clearTimeout(parking);
				this.leave(ticket);
			},
		};
	}

	leave(ticket: Ticket<Admit>): void {
		this.#policy.leave(ticket);
		this.#admitAll();
	}

	#admitAll(): void {
		let next = this.#policy.admit();
		while (next !== undefined) {
			next.value(true);
			next = this.#policy.admit();
		}
	}
}

/** The sends of one envelope before the gate. */
export class SendLine {
	readonly #gate: SendGate;
	readonly #tenant: string;
	readonly #priority: PriorityClass;
	readonly #waiting = new Set<Ticket<Admit>>();
	#isClosed = false;

	constructor(gate: SendGate, tenant: string, priority: PriorityClass) {
		this.#gate = gate;
		this.#tenant = tenant;
		this.#priority = priority;
	}

	/** Waits for a turn; `undefined` when the line was closed before it came. */
	async enter(): Promise<Turn | undefined> {
		if (this.#isClosed) return undefined;
		const { promise, resolve } = Promise.withResolvers<boolean>();
		const ticket = this.#gate.wait(this.#tenant, this.#priority, resolve);
		this.#waiting.add(ticket);
		const isAdmitted = await promise;
		this.#waiting.delete(ticket);
		return isAdmitted ? this.#gate.begin(ticket) : undefined;
	}

	/** Sends home all that still wait. Turns already given are kept. */
	close(): void {
		this.#isClosed = true;
		for (const ticket of this.#waiting) {
			if (ticket.state !== "waiting") continue;
			this.#gate.leave(ticket);
			ticket.value(false);
		}
	}
}

const localGate = new SendGate(LOCAL_GATE_LIMITS, PARK_AFTER_MS);

/** The gate for one envelope's sends. */
export function sendGateOf(env: Pick<Env, "RUNTIME">): SendGate {
	return env.RUNTIME === "local" ? localGate : new SendGate(EDGE_GATE_LIMITS, null);
}
