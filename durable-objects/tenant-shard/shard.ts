/**
 * What the parts of a shard share: the store, the mirror of its state in memory, transactions, and
 * the alarm slot. It knows nothing of timers: creating, claiming, settling and reading them are the
 * modules beside it, which take a `Shard`. The Durable Object class owns exactly one.
 */
import type { CalendarDates } from "../../src/core/calendar/calendar-dates.ts";
import type { JitterPolicy } from "../../src/core/drift/compensation.ts";
import { planOf } from "../../src/core/plan.ts";
import { MINUTE } from "../../src/core/units.ts";
import type { Env } from "../../src/env.ts";
import { AlarmSlot } from "../shared/alarm-slot.ts";
import { logLine } from "../shared/log.ts";
import { hasSchema, migrate } from "../shared/migrate.ts";
import type { ShardConfig } from "../tenant-registry/rpc.ts";
import { keepCalendars } from "./calendar/calendars.ts";
import { Outbox } from "./chain/outbox.ts";
import { ClaimBook, claimOfRow } from "./claim/claim-book.ts";
import { DueCursor } from "./claim/due-cursor.ts";
import { SetAside } from "./claim/set-aside.ts";
import { EarlyWake } from "./clock/early-wake.ts";
import { ShardLateness } from "./clock/lateness.ts";
import { ShardClock } from "./clock/shard-clock.ts";
import { HubLink } from "./events/hub-link.ts";
import { GroupCommit } from "./group-commit.ts";
import { LANES_OF_BOTH } from "./lanes.ts";
import { SHARD_MIGRATIONS } from "./migrations/index.ts";
import { type Identity, Preparation } from "./preparation.ts";
import { askForRoom, Room } from "./quota.ts";
import { Rest } from "./rest.ts";
import { RetentionProgress } from "./retention/retention-progress.ts";
import type { ShardCall } from "./rpc.ts";
import { Withdrawals } from "./settle/withdraw.ts";
import { ShardMetrics } from "./shard-metrics.ts";
import { type CounterRow, createStore, type Store } from "./store.ts";
import { Transaction } from "./transaction.ts";

export class Shard {
	readonly env: Env;
	readonly storage: DurableObjectStorage;
	readonly #ctx: DurableObjectState;
	readonly alarm: AlarmSlot;
	readonly group: GroupCommit;
	readonly room = new Room(() => askForRoom(this));
	readonly claims = new ClaimBook();
	readonly clock: ShardClock;
	/** By lane. */
	readonly cursors: readonly DueCursor[] = LANES_OF_BOTH.map(() => new DueCursor());
	readonly setAside = new SetAside();
	readonly retention = new RetentionProgress();
	readonly outbox = new Outbox(this);
	readonly withdrawals = new Withdrawals(this);
	readonly metrics = new ShardMetrics(this);
	readonly lateness = new ShardLateness(this);
	readonly early = new EarlyWake(this);
	/** Whether something due waits for room: the next outcome then claims more. */
	backlog = false;
	/** True while the alarm rings: in the end it is armed for whatever has come in meanwhile. */
	isRinging = false;
	/** Whether a job may be open; the alarm's slice finds out. */
	hasJob = false;
	/** Whether timers may have to be moved since a calendar changed; `move-for-calendar.ts` finds out. */
	hasChangedCalendar = false;
	/** What its timers ask for, where that goes further than the tenant's own policy. */
	askedPolicy: JitterPolicy | undefined;
	/** The calendars that have been read since the shard started; see `calendars.ts`. */
	readonly calendars = new Map<string, CalendarDates>();
	/** Long polls by timer; called when it ends. */
	readonly waiting = new Map<number, Set<() => void>>();
	readonly #preparation = new Preparation(this, () => this.#load());
	readonly #rest = new Rest();
	#hub: HubLink | undefined;
	#store: Store | undefined;
	#counter: CounterRow | undefined;
	#nextChunk = 1;
	/** Epoch ms of the first instant for which the transaction under way needs the alarm. */
	#wantedBy = Number.POSITIVE_INFINITY;

	constructor(ctx: DurableObjectState, env: Env) {
		this.env = env;
		this.clock = new ShardClock(env.DEV_CLOCK === "on");
		this.storage = ctx.storage;
		this.#ctx = ctx;
		this.alarm = new AlarmSlot(ctx.storage);
		this.group = new GroupCommit(
			(work) => this.transact(work),
			() => ctx.storage.sync(),
		);
		if (hasSchema(ctx.storage)) this.#load();
	}

	/** False until the first authorised write: then there is nothing to read either. */
	get exists(): boolean {
		return this.#store !== undefined;
	}

	get store(): Store {
		return this.#store ?? missing("tables");
	}

	get counter(): CounterRow {
		return this.#counter ?? missing("counter");
	}

	/** Where the events of the next transaction begin. */
	get nextChunk(): number {
		return this.#nextChunk;
	}

	get hub(): HubLink {
		return this.#hub ?? missing("link to the event hub");
	}

	get identity(): Identity {
		return this.#preparation.identity ?? missing("identity");
	}

	get config(): ShardConfig {
		return this.#preparation.config ?? missing("configuration");
	}

	/** Undefined before the shard is prepared, and where an earlier release has prepared it. */
	get jitterPolicy(): JitterPolicy | undefined {
		const own = this.#preparation.config?.jitterPolicy;
		const asked = this.askedPolicy;
		if (own === undefined || asked === undefined) return own ?? asked;
		return asked.maxCompensationMs > own.maxCompensationMs ? asked : own;
	}

	get plan() {
		return planOf(this.config.plan);
	}

	/** Makes the shard fit to write for this call. Costs nothing once that is so. */
	async prepare(call: ShardCall): Promise<void> {
		if (!this.#preparation.isDoneFor(call)) await this.#preparation.prepare(call);
		if (call.calendars !== undefined) keepCalendars(this, call.calendars);
	}

	#load(): void {
		migrate(this.storage, SHARD_MIGRATIONS);
		const store = createStore(this.storage);
		this.#store = store;
		this.clock.load(store);
		this.#counter = store.getCounter.first();
		this.#hub = new HubLink(this, store.getHub.first()?.until ?? 0);
		this.#nextChunk = (store.newestChunk.first()?.seq ?? 0) + 1;
		for (const row of store.listClaims.all()) this.claims.load(claimOfRow(row));
		this.early.load(store.getDrift.first()?.average);
		this.hasJob = store.openJob.first() !== undefined;
		const asked = store.getAskedPolicy.first();
		// Only `askForPolicy` writes this text.
		this.askedPolicy = asked && (JSON.parse(asked.policy) as JitterPolicy);
		this.hasChangedCalendar = store.changedCalendar.first() !== undefined;
		this.#preparation.load(store.getShard.first());
	}

	/**
	 * Runs `work` in one transaction, whole or not at all; effects in memory follow the commit. The
	 * armed alarm may only be too early, never too late: `include` sees to it.
	 */
	transact<T>(work: (tx: Transaction) => T): T {
		const now = Date.now();
		const tx = new Transaction(this.store, this.counter, this.#nextChunk, now, this.clock.now(now));
		const { answer, done } = this.#commit(tx, work);
		this.#counter = tx.counter;
		const madeEvents = this.#nextChunk !== done.nextChunk;
		this.#nextChunk = done.nextChunk;
		for (const effect of done.effects) effect();
		this.metrics.add(tx.tally);
		this.lateness.add(tx.lateness, tx.now);
		this.#arm();
		if (madeEvents) this.#hub?.notice();
		this.clock.changed();
		return answer;
	}

	/** Once a transaction: each `setAlarm` is billed as a row written. */
	#arm(): void {
		const wanted = this.#wantedBy;
		this.#wantedBy = Number.POSITIVE_INFINITY;
		// A ring that is under way or about to begin arms it in the end.
		if (wanted === Number.POSITIVE_INFINITY || this.isRinging || this.early.isWaiting) return;
		this.ringBy(this.early.wakeAt(wanted));
	}

	#commit<T>(tx: Transaction, work: (tx: Transaction) => T) {
		try {
			return this.store.sql.transaction(() => {
				const answer = work(tx);
				return { answer, done: tx.finish() };
			});
		} catch (error) {
			tx.rollBack();
			throw error;
		}
	}

	usage(now: number): { active: number; createsThisMinute: number } {
		const { active, minute, creates } = this.counter;
		return { active, createsThisMinute: minute === Math.floor(now / MINUTE) ? creates : 0 };
	}

	log(record: { readonly kind: string } & Readonly<Record<string, string | number>>): void {
		const { tenant, shard } = this.#preparation.identity ?? { tenant: null, shard: null };
		logLine(this.env, { at: Date.now(), ...record, tenant, shard }, this.#ctx);
	}

	/** Work that no caller waits for. */
	background(work: Promise<unknown>): void {
		this.#ctx.waitUntil(work);
	}

	/** After the commit: timer `id` of `lane` needs the shard at `due`, on the clock of that lane. */
	include(lane: number, dueAt: number, id: number): void {
		this.cursors[lane]?.include(dueAt, id);
		const due = this.clock.realOf(lane, dueAt, Date.now());
		this.metrics.include(due);
		this.early.include(due);
		if (this.claims.room(lane) > 0) this.#wantedBy = Math.min(this.#wantedBy, due);
		else this.backlog = true;
	}

	/** `include`, once `tx` has committed. */
	includeOnCommit(tx: Transaction, lane: number, due: number, id: number): void {
		tx.onCommit(() => this.include(lane, due, id));
	}

	/** The alarm rings at `at` (epoch ms) or earlier; what is due now waits while the shard rests. */
	ringBy(at: number): void {
		const isNow = at <= Date.now() + 1;
		this.alarm.ensureBy(isNow ? (this.restEnd ?? at) : at);
	}

	/** Something has failed or refused: the alarm rings again in a moment, not at once. */
	rest(): void {
		this.ringBy(this.#rest.begin(Date.now()));
	}

	/** Epoch ms; null while the shard does not rest. */
	get restEnd(): number | null {
		return this.#rest.endAt(Date.now());
	}

	/** Takes a step that must not keep others from theirs: a fault is logged, and the shard rests. */
	attempt<T>(step: string, work: () => T): T | undefined {
		try {
			return work();
		} catch (error) {
			this.log({ kind: "fault", step, error: String(error) });
			this.rest();
			return undefined;
		}
	}

	/** After the commit: the timer has ended. */
	announceEnd(timer: number): void {
		const waiting = this.waiting.get(timer);
		if (waiting === undefined) return;
		this.waiting.delete(timer);
		for (const wake of waiting) wake();
	}
}

function missing(what: string): never {
	throw new Error(`The shard has no ${what} yet: prepare() comes first.`);
}
