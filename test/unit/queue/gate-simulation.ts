/**
 * Plays a day at the gate in simulated time: requests arrive, receivers take as long as they are
 * told to, and everybody's start is noted. It checks the gate's promises at every step with its own
 * count of who is where.
 */
import { expect } from "vitest";
import type { PriorityClass } from "../../../src/contract/envelope.ts";
import { SendGatePolicy, type Ticket } from "../../../src/core/send-gate-policy.ts";
import { LOCAL_GATE_LIMITS, PARK_AFTER_MS } from "../../../src/queue/constants.ts";

export type Arrival = {
	readonly at: number;
	readonly tenant: string;
	readonly priority: PriorityClass;
	/** How long its receiver takes. */
	readonly takesMs: number;
};

export type Start = Arrival & { readonly startedAt: number };

type Event = { readonly at: number; readonly run: () => void };

/** Plays until `untilMs` and answers the starts, in their order. */
export function simulate(arrivals: readonly Arrival[], untilMs: number): Start[] {
	const gate = new SendGatePolicy<Arrival>(LOCAL_GATE_LIMITS);
	const held = new Map<Ticket<Arrival>, "active" | "parked">();
	const waiting = new WaitingRoom();
	const starts: Start[] = [];
	const events = new EventQueue();
	for (const arrival of arrivals) {
		events.add(arrival.at, () => {
			waiting.enter(gate.wait(arrival.tenant, arrival.priority, arrival));
		});
	}

	const start = (ticket: Ticket<Arrival>, now: number) => {
		waiting.leave(ticket);
		held.set(ticket, "active");
		starts.push({ ...ticket.value, startedAt: now });
		events.add(now + PARK_AFTER_MS, () => {
			gate.park(ticket);
			if (held.has(ticket)) held.set(ticket, "parked");
		});
		events.add(now + ticket.value.takesMs, () => {
			gate.leave(ticket);
			held.delete(ticket);
		});
	};

	for (
		let event = events.next();
		event !== undefined && event.at <= untilMs;
		event = events.next()
	) {
		event.run();
		for (let ticket = gate.admit(); ticket !== undefined; ticket = gate.admit()) {
			start(ticket, event.at);
		}
		checkPromises(gate, held, waiting);
	}
	return starts;
}

function checkPromises(
	gate: SendGatePolicy<Arrival>,
	held: ReadonlyMap<Ticket<Arrival>, "active" | "parked">,
	waiting: WaitingRoom,
): void {
	const { active, reservedForHigh, inFlight } = LOCAL_GATE_LIMITS;
	let activeNow = 0;
	let notHigh = 0;
	for (const [ticket, state] of held) {
		if (state !== "active") continue;
		activeNow++;
		if (ticket.value.priority !== "high") notHigh++;
	}
	const load = { waiting: waiting.tickets.size, active: activeNow, parked: held.size - activeNow };
	expect(gate.load()).toEqual(load);
	expect(activeNow).toBeLessThanOrEqual(active);
	expect(notHigh).toBeLessThanOrEqual(active - reservedForHigh);
	expect(held.size).toBeLessThanOrEqual(inFlight);
	if (activeNow === active) return;
	// A slot is free: whoever still waits has no right to it.
	for (const [flow, count] of waiting.flows) {
		if (count === 0) continue;
		const hasPlace = flow.inFlight * 3 < inFlight - held.size;
		const hasSlot = flow.priority === "high" || notHigh < active - reservedForHigh;
		expect(hasPlace && hasSlot).toBe(false);
	}
}

class WaitingRoom {
	readonly tickets = new Set<Ticket<Arrival>>();
	/** How many of each flow wait. */
	readonly flows = new Map<Ticket<Arrival>["flow"], number>();

	enter(ticket: Ticket<Arrival>): void {
		this.tickets.add(ticket);
		this.flows.set(ticket.flow, (this.flows.get(ticket.flow) ?? 0) + 1);
	}

	leave(ticket: Ticket<Arrival>): void {
		expect(this.tickets.delete(ticket)).toBe(true);
		this.flows.set(ticket.flow, (this.flows.get(ticket.flow) ?? 0) - 1);
	}
}

/** Events by time; those of one instant in the order they were added. */
class EventQueue {
	/** The next event is the last. */
	readonly #events: Event[] = [];

	add(at: number, run: () => void): void {
		let low = 0;
		let high = this.#events.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((this.#events[middle]?.at ?? at) > at) low = middle + 1;
			else high = middle;
		}
		this.#events.splice(low, 0, { at, run });
	}

	next(): Event | undefined {
		return this.#events.pop();
	}
}
