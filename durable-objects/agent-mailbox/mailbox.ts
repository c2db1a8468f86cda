/**
 * One mailbox while its object lives: the store, the alarm, the polls that wait, and what is kept in
 * memory so that an idle mailbox touches no storage. The modules beside it decide and write through
 * `transact`; nothing else changes the counters.
 */
import type { Env } from "../../src/env.ts";
import { AlarmSlot } from "../shared/alarm-slot.ts";
import type { MetricsPusher } from "../shared/metrics-pusher.ts";
import { hasSchema, type Migration, migrate } from "../shared/migrate.ts";
import { STATE } from "./constants.ts";
import { createMailboxPusher } from "./mailbox-metrics.ts";
import init from "./migrations/0001_init.sql";
import type { MailboxCall } from "./rpc.ts";
import { createStore, type HeadRow, type MailboxRow, type Store } from "./store.ts";
import { Waiting } from "./waiting.ts";

const MIGRATIONS: readonly Migration[] = [{ id: "0001_init", sql: init }];

/** A delivery that has ended here and that its shard does not know of yet. */
export type Settled = { readonly head: HeadRow; readonly result: string | null };

/** What a change of the mailbox may touch. Lost whole when it throws. */
export type Transaction = {
	readonly now: number;
	readonly row: MailboxRow;
	/** Says that a message needs the mailbox at `at` (epoch ms). */
	readonly dueBy: (at: number) => void;
	/** Counts a message that passes from one state to another; null before and after its time. */
	readonly count: (from: number | null, to: number | null) => void;
	/** To be told to shards after the transaction. */
	readonly settled: Settled[];
};

export class Mailbox {
	readonly store: Store;
	readonly alarm: AlarmSlot;
	readonly waiting = new Waiting();
	readonly env: Env;
	readonly ctx: DurableObjectState;
	/** Deliveries to tell of, as the transactions left them. */
	untold: Settled[] = [];
	/** Runs while the mailbox is being removed. */
	removal: Promise<void> | null = null;
	#row: MailboxRow | null = null;
	/** Made with the first change: only then is it known whose figures these are. */
	#pusher: MetricsPusher | undefined;
	/** Epoch ms, never later than the earliest `due` stored; null when there is none. */
	#nextDue: number | null = null;

	constructor(ctx: DurableObjectState, env: Env) {
		this.ctx = ctx;
		this.env = env;
		this.store = createStore(ctx.storage);
		this.alarm = new AlarmSlot(ctx.storage);
		if (!hasSchema(ctx.storage)) return;
		migrate(ctx.storage, MIGRATIONS);
		this.#row = this.store.getMailbox.first() ?? null;
		this.refreshDue();
	}

	/** Whose it is and what is in it; null before the first message. */
	get row(): Readonly<MailboxRow> | null {
		return this.#row;
	}

	get nextDue(): number | null {
		return this.#nextDue;
	}

	/** Makes the tables at the first message. */
	found(call: MailboxCall, now: number): void {
		if (this.#row !== null) return;
		migrate(this.ctx.storage, MIGRATIONS);
		this.store.insertMailbox.run(call.tenant, call.mailbox, now);
		this.#row = this.store.getMailbox.first() ?? null;
	}

	/** Runs `work` whole or not at all, and makes sure that the alarm rings for what it left due. */
	transact<T>(now: number, work: (tx: Transaction) => T): T {
		if (this.#row === null) throw new Error("The mailbox has no tables yet");
		const before = this.#row;
		const row = { ...before };
		let dueAt = this.#nextDue;
		const tx: Transaction = {
			now,
			row,
			dueBy: (at) => {
				dueAt = dueAt === null ? at : Math.min(dueAt, at);
			},
			count: (from, to) => {
				if (from !== null) addTo(row, from, -1);
				if (to !== null) addTo(row, to, 1);
			},
			settled: [],
		};
		const value = this.store.transaction(() => {
			const result = work(tx);
			if (isChanged(before, row)) this.#write(row);
			return result;
		});
		this.#row = row;
		this.#nextDue = dueAt;
		this.untold.push(...tx.settled);
		this.arm();
		if (before.ready !== row.ready) this.tellMetrics();
		return value;
	}

	/** Plans a push of the gauges, unless one is planned. */
	tellMetrics(): void {
		this.#pusher ??= createMailboxPusher(this);
		this.#pusher.changed(this.env);
	}

	/** Reads the earliest `due` anew: after rows that were due have been worked off. */
	refreshDue(): void {
		this.#nextDue = this.store.firstDue.first()?.due ?? null;
	}

	/** Rings when the next message needs it. */
	arm(): void {
		if (this.#nextDue !== null) this.alarm.ensureBy(this.#nextDue);
	}

	/** Leaves nothing behind, the tables included. */
	async forget(): Promise<void> {
		this.#row = null;
		this.#nextDue = null;
		this.alarm.rang();
		await this.ctx.storage.deleteAll();
	}

	#write(row: MailboxRow): void {
		const { created_at, next_seq, ready, delayed, leased, dead, presence } = row;
		this.store.updateMailbox.run(created_at, next_seq, ready, delayed, leased, dead, presence);
	}
}

function addTo(row: MailboxRow, state: number, by: number): void {
	if (state === STATE.ready) row.ready += by;
	else if (state === STATE.delayed) row.delayed += by;
	else if (state === STATE.leased) row.leased += by;
	else if (state === STATE.dead) row.dead += by;
}

function isChanged(before: MailboxRow, after: MailboxRow): boolean {
	return (
		before.next_seq !== after.next_seq ||
		before.ready !== after.ready ||
		before.delayed !== after.delayed ||
		before.leased !== after.leased ||
		before.dead !== after.dead ||
		before.presence !== after.presence ||
		before.created_at !== after.created_at
	);
}
