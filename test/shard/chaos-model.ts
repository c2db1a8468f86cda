/**
 * What must hold of a shard at every moment, whatever has happened to it, and the memory of a test
 * of what it was told. Not a second shard: it knows what was reported and sent, and reads the rest
 * from the tables. Used by chaos.test.ts.
 */
import { OUTSTANDING_ENVELOPES } from "../../durable-objects/tenant-shard/constants.ts";
import { isTenantLane } from "../../durable-objects/tenant-shard/lanes.ts";
import type {
	AwaitedRow,
	EdgeRow,
} from "../../durable-objects/tenant-shard/statements/dependency.ts";
import type {
	ClaimRow,
	CounterRow,
	DeliveryRow,
	TimerRow,
} from "../../durable-objects/tenant-shard/store.ts";
import type { DeliveryOutcome, Envelope } from "../../src/contract/envelope.ts";
import { EVENT_TYPES } from "../../src/contract/event.ts";
import { parseTimerDoc } from "../../src/core/timer-doc.ts";
import { DEPENDED, unpackFlags } from "../../src/core/timer-flags.ts";
import { deliveryStateOf, isEnded, timerStateOf } from "../../src/core/timer-state.ts";
import { cancelEntryOf, parseTrail } from "../../src/core/trail.ts";
import type { ShardDriver } from "./harness.ts";

type Stored = {
	readonly now: number;
	readonly timers: readonly TimerRow[];
	readonly deliveries: ReadonlyMap<string, DeliveryRow>;
	readonly claims: readonly ClaimRow[];
	/** Keys of claimed deliveries, one entry a claim. */
	readonly claimed: readonly string[];
	readonly counter: CounterRow;
	readonly edges: readonly EdgeRow[];
	readonly awaited: readonly AwaitedRow[];
	readonly alarmAt: number | null;
	/** Types of all events by timer, in order. */
	readonly events: ReadonlyMap<number, readonly string[]>;
};

const END_EVENTS = new Set(["timer.settled", "timer.failed", "timer.cancelled", "timer.skipped"]);

function isPaused({ state }: TimerRow): boolean {
	return timerStateOf(state) === "paused";
}

/** Whether it waits for other timers, and so has no due time. */
function isPending({ state, doc }: TimerRow): boolean {
	if (timerStateOf(state) === "pending") return true;
	return timerStateOf(state) === "paused" && parseTimerDoc(doc).pause?.pending === true;
}

function keyOf({ timer, action }: { readonly timer: number; readonly action: number }): string {
	return `${timer}:${action}`;
}

export class Model {
	readonly #shard: ShardDriver;
	/** Deliveries that a report told to be delivered. */
	readonly #delivered = new Set<string>();
	/** The highest attempt that was sent, and that was stored, of each delivery. */
	readonly #sent = new Map<string, number>();
	readonly #attempts = new Map<string, number>();
	readonly #deleted = new Set<number>();
	/** Timers whose due time was changed: where the clock stepped back, to one before the firing. */
	readonly #moved = new Set<number>();
	/** Whether an envelope may have been lost on its way out, which burns an attempt with its lease. */
	mayLose = false;
	/** Every envelope ever sent, resent ones included. */
	readonly envelopes: Envelope[] = [];

	constructor(shard: ShardDriver) {
		this.#shard = shard;
	}

	/** Takes note of what the shard has handed out since the last call. */
	noteSent(): void {
		for (const envelope of this.#shard.take()) {
			for (const delivery of envelope.deliveries) {
				const key = keyOf(delivery);
				const before = this.#sent.get(key) ?? 0;
				check(!this.#delivered.has(key), `${key} is sent again after its success`);
				check(delivery.attempt >= before, `attempt ${delivery.attempt} of ${key} after ${before}`);
				const skips = !this.mayLose && delivery.attempt > before + 1;
				check(!skips, `${key} skips from ${before} to ${delivery.attempt}`);
				const isFirst = delivery.attempt === 1 && !this.#moved.has(delivery.timer);
				check(
					!isFirst || envelope.claimedAt + (envelope.aheadMs ?? 0) >= delivery.dueAt,
					`${key} is sent early`,
				);
				this.#sent.set(key, delivery.attempt);
			}
			this.envelopes.push(envelope);
		}
	}

	/** The shard has accepted these outcomes. */
	noteReported(outcomes: readonly DeliveryOutcome[]): void {
		for (const outcome of outcomes) {
			if (outcome.kind === "attempted" && outcome.class === "delivered") {
				if (!this.#deleted.has(outcome.timer)) this.#delivered.add(keyOf(outcome));
			}
		}
	}

	noteMoved(timer: number): void {
		this.#moved.add(timer);
	}

	noteDeleted(timer: number): void {
		this.#deleted.add(timer);
		for (const key of this.#delivered) {
			if (key.startsWith(`${timer}:`)) this.#delivered.delete(key);
		}
	}

	/** Throws where something does not hold. */
	async verify(): Promise<Stored> {
		this.noteSent();
		const stored = await read(this.#shard);
		const open = new Set(stored.claimed);
		check(stored.claims.length <= OUTSTANDING_ENVELOPES, `${stored.claims.length} claims are open`);
		check(open.size === stored.claimed.length, "a delivery is in two open claims");
		for (const claim of stored.claims) check(claim.deliveries !== "[]", "a claim holds nothing");
		const active = stored.timers.filter((row) => !isEnded(timerStateOf(row.state))).length;
		check(stored.counter.active === active, `active is ${stored.counter.active}, not ${active}`);
		const held = stored.timers.filter((row) => isPaused(row) || isPending(row)).length;
		check(active === held || stored.alarmAt !== null, "no alarm is armed for what is left to do");
		for (const row of stored.timers) this.#verifyTimer(row, stored, open);
		verifyEdges(stored);
		for (const key of open) {
			const timer = Number(key.split(":")[0]);
			check(
				stored.timers.some((row) => row.id === timer),
				`a claim holds ${key} of a deleted timer`,
			);
		}
		return stored;
	}

	#verifyTimer(row: TimerRow, stored: Stored, open: ReadonlySet<string>): void {
		const state = timerStateOf(row.state);
		const trail = parseTrail(row.trail);
		const { actions, fidelity } = unpackFlags(row.flags);
		const isCancelled = cancelEntryOf(trail) !== undefined;
		const waitsOnTenant = this.#shard.lab.devClock === "on" && state !== "firing";
		const isInLane = row.due === null || isTenantLane(row.lane) === waitsOnTenant;
		check(isInLane, `timer ${row.id} is ${state} in lane ${row.lane}`);
		for (let action = 0; action < actions; action++) {
			const key = keyOf({ timer: row.id, action });
			const delivery = stored.deliveries.get(key);
			this.#verifyDelivery(key, delivery, state === "settled");
			if (isEnded(state) || open.has(key) || isPending(row)) continue;
			// Not done and not in flight: the row must bring the scan to it, in time. One that has not
			// been tried waits until its row is due, which a change may have moved.
			const waitsUntil = delivery === undefined ? row.due : delivery.due;
			if (delivery !== undefined && waitsUntil === null) continue;
			if (isPaused(row)) {
				check(row.due === null, `${key} is due while its timer is paused`);
				continue;
			}
			check(!isCancelled, `${key} waits though its timer is being cancelled`);
			check(row.due !== null && row.due <= Math.max(waitsUntil ?? 0, stored.now), `${key} is lost`);
		}
		if (isPending(row)) check(row.due === null, `timer ${row.id} is due while it waits`);
		if (actions === 0 && !isEnded(state) && !isPaused(row) && !isPending(row))
			check(row.due !== null, `timer ${row.id} is lost`);
		this.#verifyEvents(row, fidelity, stored.events.get(row.id) ?? []);
	}

	#verifyDelivery(key: string, delivery: DeliveryRow | undefined, isSettled: boolean): void {
		if (this.#delivered.has(key)) {
			const isDelivered =
				delivery === undefined ? isSettled : deliveryStateOf(delivery.state) === "delivered";
			check(isDelivered, `${key} was delivered, and is not`);
		}
		const attempts = delivery?.attempts ?? 0;
		const before = this.#attempts.get(key) ?? 0;
		check(attempts >= before, `${key} goes back from ${before} to ${attempts} attempts`);
		this.#attempts.set(key, attempts);
	}

	#verifyEvents(row: TimerRow, fidelity: string, events: readonly string[]): void {
		const trail = parseTrail(row.trail);
		const ends = events.filter((type) => END_EVENTS.has(type));
		const replays = trail.filter(([kind]) => kind === "r").length;
		const lateSuccess = ends.at(-1) === "timer.settled" ? 1 : 0;
		const most = 1 + replays + lateSuccess;
		check(ends.length <= most, `timer ${row.id} has ended ${ends.length} times`);
		check(ends.indexOf("timer.settled") === -1 || lateSuccess === 1, "an end after `settled`");
		if (isEnded(timerStateOf(row.state))) {
			check(
				ends.at(-1) === `timer.${timerStateOf(row.state)}`,
				`timer ${row.id} is ${timerStateOf(row.state)} after ${ends.at(-1)}`,
			);
		}
		if (fidelity !== "full") return;
		const fired = events.filter((type) => type === "timer.fired").length;
		check(fired <= 1, `timer ${row.id} has fired ${fired} times`);
		if (trail.some(([kind]) => kind === "f")) check(fired === 1, `${row.id} has not fired`);
	}
}

/** Both sides of every edge stand or neither does, and what they are for is still to come. */
function verifyEdges({ timers, edges, awaited }: Stored): void {
	const rows = new Map(timers.map((row) => [row.id, row]));
	const waited = new Set(
		awaited
			.filter((one) => one.satisfied_at === null)
			.map((one) => `${one.dependency}>${one.dependent}`),
	);
	for (const { dependency, dependent } of edges) {
		const edge = `${dependency}>${dependent}`;
		check(waited.has(edge), `nobody waits on the edge ${edge}`);
		const row = rows.get(dependency);
		check(row !== undefined && !isEnded(timerStateOf(row.state)), `the edge ${edge} was not told`);
		check(((row?.flags ?? 0) & DEPENDED) !== 0, `${dependency} does not know of ${edge}`);
	}
	check(edges.length === waited.size, "something is waited for that has no edge");
	const waiting = new Set([...waited].map((edge) => Number(edge.split(">")[1])));
	for (const row of timers) {
		check(isPending(row) === waiting.has(row.id), `timer ${row.id} waits for nothing, or unseen`);
	}
	for (const { dependent } of awaited) check(waiting.has(dependent), `${dependent} has left rows`);
}

async function read(shard: ShardDriver): Promise<Stored> {
	return await shard.inside(async (storage) => {
		const rows = <T>(query: string) => storage.sql.exec(query).toArray() as T[];
		const deliveries = rows<DeliveryRow>("SELECT * FROM delivery");
		const claims = rows<ClaimRow>("SELECT * FROM claim");
		const events = new Map<number, string[]>();
		for (const { body } of rows<{ body: string }>("SELECT body FROM event_chunk ORDER BY seq")) {
			for (const stored of JSON.parse(body) as ([number, number] | null)[]) {
				if (stored === null) continue;
				const of = events.get(stored[1]) ?? [];
				of.push(String(EVENT_TYPES[stored[0]]));
				events.set(stored[1], of);
			}
		}
		const [counter] = rows<CounterRow>("SELECT * FROM counter");
		if (counter === undefined) throw new Error("The shard has no counter.");
		return {
			now: Date.now(),
			timers: rows<TimerRow>("SELECT * FROM timer ORDER BY id"),
			deliveries: new Map(deliveries.map((row) => [keyOf(row), row])),
			claims,
			claimed: claims.flatMap(({ deliveries: text }) => {
				const numbers = JSON.parse(text) as number[];
				return Array.from({ length: numbers.length / 5 }, (_, index) =>
					keyOf({ timer: numbers[index * 5] ?? 0, action: numbers[index * 5 + 2] ?? 0 }),
				);
			}),
			counter,
			edges: rows<EdgeRow>("SELECT * FROM edge"),
			awaited: rows<AwaitedRow>("SELECT * FROM awaited"),
			alarmAt: await storage.getAlarm(),
			events,
		};
	});
}

function check(holds: boolean, broken: string): void {
	if (!holds) throw new Error(`It does not hold: ${broken}.`);
}
