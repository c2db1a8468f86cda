/**
 * Decides which waiting request goes out next where all tenants share one process (the local
 * runtime). Only the decision: no clock, no promise, no socket. src/queue/send-gate.ts drives it.
 *
 * A request is `waiting`, then `active`; once it has kept its slot for `PARK_AFTER_MS` without an
 * answer the gate calls `park`, and from then on it costs a socket and nothing else. Always:
 *
 * 1. At most `active` requests are active, at most `active - reservedForHigh` of them not high.
 * 2. At most `inFlight` are active or parked together.
 * 3. A flow (one tenant's requests of one priority class) starts a request only while it has fewer
 *    in flight than `1 / FREE_PER_HELD` of the places still free. So k flows whose receivers all
 *    hang leave 1 / (1 + k / FREE_PER_HELD) of the places free, however much each has waiting, and
 *    a flow that has nothing in flight finds one. (Choudhury and Hahne, "Dynamic queue length
 *    thresholds for shared-memory packet switches", 1998.)
 * 4. No slot is idle while a request may use it.
 *
 * By 3 a place is certain before a request starts, so `park` cannot fail and every slot is free
 * again `PARK_AFTER_MS` after it was taken, whatever receivers do: the first in line waits no longer
 * than that. Flows of a class take turns, and so do the classes: of `TURNS` each gets its share, and
 * a turn its class cannot use goes to the most urgent class that can.
 */
import { PRIORITY_CLASSES, type PriorityClass } from "../contract/envelope.ts";
import { Fifo } from "./fifo.ts";

/** Free places there must be for each place a flow holds. One flow alone gets a quarter of all. */
const FREE_PER_HELD = 3;

/** Low has one turn in eight: it never starves, and a high one waits for at most one other. */
const TURNS: readonly PriorityClass[] = [
	"high",
	"high",
	"medium",
	"high",
	"high",
	"medium",
	"high",
	"low",
];

export type GateLimits = {
	readonly active: number;
	/** Slots of `active` that only the high class may use. */
	readonly reservedForHigh: number;
	/** Requests active and parked together. `Infinity` where nothing is ever parked. */
	readonly inFlight: number;
};

type Flow<T> = {
	readonly tenant: string;
	readonly priority: PriorityClass;
	/** Also holds tickets that have left since: they are skipped when their turn comes. */
	readonly line: Fifo<Ticket<T>>;
	waiting: number;
	inFlight: number;
};

/** A request's place. `value` is the caller's own. */
export type Ticket<T> = {
	readonly value: T;
	readonly flow: Flow<T>;
	state: "waiting" | "active" | "parked" | "gone";
};

export type GateLoad = {
	readonly waiting: number;
	readonly active: number;
	readonly parked: number;
};

export class SendGatePolicy<T> {
	readonly #limits: GateLimits;
	readonly #flows: Readonly<Record<PriorityClass, Map<string, Flow<T>>>> = {
		high: new Map(),
		medium: new Map(),
		low: new Map(),
	};
	/** Flows with somebody waiting, the longest unserved first. */
	readonly #queued: Readonly<Record<PriorityClass, Set<Flow<T>>>> = {
		high: new Set(),
		medium: new Set(),
		low: new Set(),
	};
	#turn = 0;
	#waiting = 0;
	#active = 0;
	#activeNotHigh = 0;
	#parked = 0;

	constructor(limits: GateLimits) {
		this.#limits = limits;
	}

	load(): GateLoad {
		return { waiting: this.#waiting, active: this.#active, parked: this.#parked };
	}

	/** Puts a request at the end of its flow's line. */
	wait(tenant: string, priority: PriorityClass, value: T): Ticket<T> {
		const flow = this.#ensureFlow(tenant, priority);
		const ticket: Ticket<T> = { value, flow, state: "waiting" };
		flow.line.push(ticket);
		flow.waiting++;
		this.#waiting++;
		this.#queued[priority].add(flow);
		return ticket;
	}

	/** The request to start now, if any may; it is active from here on. Call until there is none. */
	admit(): Ticket<T> | undefined {
		if (this.#active >= this.#limits.active) return undefined;
		const ticket = this.#take(TURNS[this.#turn] ?? "high") ?? this.#takeMostUrgent();
		if (ticket === undefined) return undefined;
		this.#turn = (this.#turn + 1) % TURNS.length;
		ticket.state = "active";
		ticket.flow.inFlight++;
		this.#countActive(ticket.flow, 1);
		return ticket;
	}

	/** An active request's receiver takes its time: the slot is free, the place is not. */
	park(ticket: Ticket<T>): void {
		if (ticket.state !== "active") return;
		ticket.state = "parked";
		this.#countActive(ticket.flow, -1);
		this.#parked++;
	}

	/** The request has ended, or does not want to start any more. */
	leave(ticket: Ticket<T>): void {
		const { flow, state } = ticket;
		if (state === "gone") return;
		ticket.state = "gone";
		if (state === "waiting") this.#countWaiting(flow);
		else flow.inFlight--;
		if (state === "active") this.#countActive(flow, -1);
		if (state === "parked") this.#parked--;
		if (flow.waiting === 0 && flow.inFlight === 0) this.#flows[flow.priority].delete(flow.tenant);
	}

	#takeMostUrgent(): Ticket<T> | undefined {
		for (const priority of PRIORITY_CLASSES) {
			const ticket = this.#take(priority);
			if (ticket !== undefined) return ticket;
		}
		return undefined;
	}

	#take(priority: PriorityClass): Ticket<T> | undefined {
		const { active, reservedForHigh } = this.#limits;
		if (priority !== "high" && this.#activeNotHigh >= active - reservedForHigh) return undefined;
		for (const flow of this.#queued[priority]) {
			if (this.#mayStart(flow)) return this.#takeFrom(flow);
		}
		return undefined;
	}

	#mayStart(flow: Flow<T>): boolean {
		const free = this.#limits.inFlight - this.#active - this.#parked;
		return flow.inFlight * FREE_PER_HELD < free;
	}

	#takeFrom(flow: Flow<T>): Ticket<T> | undefined {
		let ticket = flow.line.shift();
		while (ticket !== undefined && ticket.state !== "waiting") ticket = flow.line.shift();
		// Behind the others of its class, if somebody of it still waits.
		this.#queued[flow.priority].delete(flow);
		this.#queued[flow.priority].add(flow);
		this.#countWaiting(flow);
		return ticket;
	}

	#countWaiting(flow: Flow<T>): void {
		flow.waiting--;
		this.#waiting--;
		if (flow.waiting === 0) this.#queued[flow.priority].delete(flow);
	}

	#countActive(flow: Flow<T>, change: 1 | -1): void {
		this.#active += change;
		if (flow.priority !== "high") this.#activeNotHigh += change;
	}

	#ensureFlow(tenant: string, priority: PriorityClass): Flow<T> {
		const known = this.#flows[priority].get(tenant);
		if (known !== undefined) return known;
		const flow: Flow<T> = { tenant, priority, line: new Fifo(), waiting: 0, inFlight: 0 };
		this.#flows[priority].set(tenant, flow);
		return flow;
	}
}
