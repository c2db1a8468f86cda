/**
 * The open claims, mirrored in memory: who is in flight, and how many envelopes each lane has
 * outstanding. Rebuilt from the `claim` table when the object starts; changed with the table, at
 * once, so that later calls of one group see it, and taken back when their transaction fails. At
 * most 64 × 100 deliveries.
 */
import { CLASS_ENVELOPES } from "../constants.ts";
import { CLASSES } from "../lanes.ts";
import type { ClaimRow } from "../store.ts";
import type { Transaction } from "../transaction.ts";

export type ClaimedDelivery = {
	readonly timer: number;
	readonly firing: number;
	readonly action: number;
	readonly attempt: number;
	readonly dueAt: number;
	/**
	 * True when a success needs no delivery row: the only action of a firing, at its first try. A
	 * cancel that lets it finish makes it false.
	 */
	simple: boolean;
	/** Whether a simple success needs no read either: the timer is plain (core/timer-flags.ts). */
	plain: boolean;
	/** Whether the timer records every transition (`full`). */
	readonly full: boolean;
};

export type Claim = {
	readonly id: number;
	readonly lane: number;
	readonly claimedAt: number;
	/** How far the tenant's time was ahead then. */
	readonly aheadMs: number;
	readonly chunk: number | null;
	epoch: string;
	leaseUntil: number;
	readonly open: Map<string, ClaimedDelivery>;
};

export type DeliveryKey = Pick<ClaimedDelivery, "timer" | "firing" | "action">;

/** Where a change of the book is taken back from. */
type Changes = Pick<Transaction, "onRollback">;

const NUMBERS_PER_DELIVERY = 5;

export class ClaimBook {
	readonly #claims = new Map<number, Claim>();
	/** Timer → its claimed deliveries and their claims. */
	readonly #byTimer = new Map<number, Map<string, Claim>>();
	#lastId = 0;

	/** A new claim id: never used twice, also after a restart that finds no claim left. */
	nextId(now: number): number {
		this.#lastId = Math.max(this.#lastId + 1, now * 1_000);
		return this.#lastId;
	}

	/** A claim as it was found when the object started. */
	load(claim: Claim): void {
		this.#claims.set(claim.id, claim);
		this.#lastId = Math.max(this.#lastId, claim.id);
		for (const [key, delivery] of claim.open) this.#hold(claim, key, delivery.timer);
	}

	add(tx: Changes, claim: Claim): void {
		this.load(claim);
		tx.onRollback(() => {
			for (const [key, delivery] of claim.open) this.#free(claim, key, delivery.timer);
			this.#claims.delete(claim.id);
		});
	}

	get(id: number): Claim | undefined {
		return this.#claims.get(id);
	}

	list(): IterableIterator<Claim> {
		return this.#claims.values();
	}

	/** Takes one delivery off its claim. */
	settle(tx: Changes, claim: Claim, key: string): void {
		const delivery = claim.open.get(key);
		if (delivery === undefined) return;
		claim.open.delete(key);
		this.#free(claim, key, delivery.timer);
		tx.onRollback(() => {
			claim.open.set(key, delivery);
			this.#hold(claim, key, delivery.timer);
		});
	}

	/** Forgets a claim of which nothing is open any more, and whose row is gone. */
	remove(tx: Changes, claim: Claim): void {
		this.#claims.delete(claim.id);
		tx.onRollback(() => this.#claims.set(claim.id, claim));
	}

	#hold(claim: Claim, key: string, timer: number): void {
		const held = this.#byTimer.get(timer) ?? new Map<string, Claim>();
		held.set(key, claim);
		this.#byTimer.set(timer, held);
	}

	#free(claim: Claim, key: string, timer: number): void {
		const held = this.#byTimer.get(timer);
		if (held?.get(key) === claim) held.delete(key);
		if (held?.size === 0) this.#byTimer.delete(timer);
	}

	/** The claims that hold deliveries of a timer, or of one of its firings; empty when none does. */
	holding(timer: number, firing?: number): readonly Claim[] {
		const held = this.#byTimer.get(timer);
		if (held === undefined) return [];
		const claims = new Set<Claim>();
		for (const [key, claim] of held) {
			if (firing === undefined || key.startsWith(`${timer}:${firing}:`)) claims.add(claim);
		}
		return [...claims];
	}

	/** Whether a delivery of this firing is claimed. */
	holdsFiring(timer: number, firing: number): boolean {
		return this.#byTimer.has(timer) && this.holding(timer, firing).length > 0;
	}

	/** The deliveries of a timer that are claimed, with their claims. */
	*claimedOf(timer: number): Generator<readonly [Claim, ClaimedDelivery]> {
		for (const [key, claim] of this.#byTimer.get(timer) ?? []) {
			const delivery = claim.open.get(key);
			if (delivery !== undefined) yield [claim, delivery];
		}
	}

	get isEmpty(): boolean {
		return this.#claims.size === 0;
	}

	isInFlight(timer: number): boolean {
		return this.#byTimer.has(timer);
	}

	isClaimed(key: DeliveryKey): boolean {
		return this.#byTimer.get(key.timer)?.has(keyOf(key)) ?? false;
	}

	find(key: DeliveryKey): ClaimedDelivery | undefined {
		const text = keyOf(key);
		return this.#byTimer.get(key.timer)?.get(text)?.open.get(text);
	}

	/** How many more envelopes a lane may have outstanding. */
	room(lane: number): number {
		return Math.max(0, (CLASS_ENVELOPES[lane % CLASSES] ?? 0) - this.#claims.size);
	}

	/** When the first lease runs out. */
	leaseEnd(): number | null {
		let end: number | null = null;
		for (const claim of this.#claims.values()) {
			if (end === null || claim.leaseUntil < end) end = claim.leaseUntil;
		}
		return end;
	}
}

/** When the firings of a claim have begun, in the tenant's time. */
export function firedAtOf({ claimedAt, aheadMs }: Pick<Claim, "claimedAt" | "aheadMs">): number {
	return claimedAt + aheadMs;
}

export function keyOf({ timer, firing, action }: DeliveryKey): string {
	return `${timer}:${firing}:${action}`;
}

/** The text of a claim's deliveries: a flat list, because names would double the row. */
export function formatClaimed(deliveries: Iterable<ClaimedDelivery>): string {
	const numbers: number[] = [];
	for (const { timer, firing, action, attempt, dueAt } of deliveries) {
		numbers.push(timer, firing, action, attempt, dueAt);
	}
	return JSON.stringify(numbers);
}

/** A claim as it stands in its row. Nothing in it is `simple`: what it claimed may have changed. */
export function claimOfRow(row: ClaimRow): Claim {
	// Only `formatClaimed` writes this text.
	const numbers = JSON.parse(row.deliveries) as number[];
	const open = new Map<string, ClaimedDelivery>();
	for (let at = 0; at < numbers.length; at += NUMBERS_PER_DELIVERY) {
		const [timer = 0, firing = 0, action = 0, attempt = 0, dueAt = 0] = numbers.slice(at);
		const delivery = {
			timer,
			firing,
			action,
			attempt,
			dueAt,
			simple: false,
			plain: false,
			full: true,
		};
		open.set(keyOf(delivery), delivery);
	}
	return {
		id: row.id,
		lane: row.lane,
		claimedAt: row.claimed_at,
		aheadMs: row.ahead_ms,
		chunk: row.chunk,
		epoch: row.epoch,
		leaseUntil: row.due,
		open,
	};
}
