/**
 * One shard of a tenant: its timers, firings, deliveries and events, and the one alarm that drives
 * them. The class only connects: calls go to the modules beside it, which decide and write.
 */
import { DurableObject } from "cloudflare:workers";
import type { OutcomeReport } from "../../src/contract/envelope.ts";
import type { JsonObject } from "../../src/contract/json.ts";
import type { StoredCalendar } from "../../src/core/calendar/calendar-dates.ts";
import { err, ok, type Result } from "../../src/core/result.ts";
import type { TopicEvent } from "../../src/core/topic-event.ts";
import type { Env } from "../../src/env.ts";
import type { MessageReport } from "../agent-mailbox/rpc.ts";
import { Pump } from "./alarm/pump.ts";
import { wakeShard } from "./alarm/wake.ts";
import { replaceCalendar } from "./calendar/calendars.ts";
import { cancelTimer } from "./calls/cancel-timer.ts";
import { deleteTimer, patchTimer } from "./calls/control.ts";
import { createTimer, createTimers, findBatch, findCreated } from "./calls/create.ts";
import { dropDeadLetter, findDeadLetter, listDeadLetters, replay } from "./calls/dead-letters.ts";
import { deliveriesOf } from "./calls/deliveries.ts";
import { applyToMatching, countMatching, jobProgress, startJob } from "./calls/jobs.ts";
import { reserveKey } from "./calls/keys-rpc.ts";
import { listTimers } from "./calls/list.ts";
import { pauseTimer, resumeTimer } from "./calls/pause.ts";
import { firingsOf, recordOf } from "./calls/record.ts";
import { replayMatching } from "./calls/replay-matching.ts";
import { backfillTimer, replayFiring, runTimer } from "./calls/run-now.ts";
import { holderOf, releaseKey } from "./calls/unique-keys.ts";
import { waitForEnd } from "./calls/wait.ts";
import { receive } from "./chain/receive.ts";
import type { DirectSender } from "./claim/dispatch.ts";
import { nextDueAfter, standAt } from "./clock/move-clock.ts";
import { acknowledgeTimer } from "./escalation/acknowledge.ts";
import { endOfEvents, eventsAfter } from "./events/event-feed.ts";
import { Erasure, eraseEvents, eventsOf } from "./events/events.ts";
import { findTimer } from "./firing/firing-rows.ts";
import { releaseQuota, submitWithRoom } from "./quota.ts";
import type * as rpc from "./rpc.ts";
import { settleReport } from "./settle/settle.ts";
import { settleMessages } from "./settle/settle-messages.ts";
import { Shard } from "./shard.ts";
import type { TimerRow } from "./store.ts";
import { findPublished, publishEvent } from "./topic/publish.ts";
import { lastEventsAfter } from "./topic/topics.ts";
import type { Transaction } from "./transaction.ts";

type Answer<T> = Promise<Result<T, rpc.ShardError>>;

export class TenantShard extends DurableObject<Env> implements rpc.TenantShardRpc {
	readonly #shard: Shard;
	readonly #pump: Pump;

	constructor(ctx: DurableObjectState, env: Env) {
		super(ctx, env);
		this.#shard = new Shard(ctx, env);
		// The entrypoints of the main module are not known to the types of `ctx`.
		const { Sender } = ctx.exports as unknown as { readonly Sender: DirectSender };
		this.#pump = new Pump(this.#shard, Sender);
		void ctx.blockConcurrencyWhile(() => this.#pump.start());
	}

	override async alarm(info?: AlarmInvocationInfo): Promise<void> {
		const { alarm, early } = this.#shard;
		early.rang(alarm.rang() ?? info?.scheduledTime ?? null, Date.now());
		await this.#pump.ring();
	}

	create(call: rpc.ShardCall, timer: rpc.NewTimer, key: rpc.IdempotencyClaim | null) {
		return createTimer(this.#shard, call, timer, key);
	}

	createBatch(
		call: rpc.ShardCall,
		timers: Parameters<rpc.TenantShardRpc["createBatch"]>[1],
		key: rpc.IdempotencyClaim | null,
	) {
		return createTimers(this.#shard, call, timers, key);
	}

	async findCreated(key: rpc.IdempotencyClaim): Answer<rpc.Created | null> {
		return this.#shard.exists ? findCreated(this.#shard, key, Date.now()) : ok(null);
	}

	async findBatch(key: rpc.IdempotencyClaim): Answer<rpc.BatchCreated | null> {
		return this.#shard.exists ? findBatch(this.#shard, key, Date.now()) : ok(null);
	}

	publish(call: rpc.ShardCall, event: rpc.NewEvent, key: rpc.IdempotencyClaim | null) {
		return publishEvent(this.#shard, call, event, key);
	}

	async findPublished(key: rpc.IdempotencyClaim): Answer<rpc.PublishedEvent | null> {
		return this.#shard.exists ? findPublished(this.#shard, key, Date.now()) : ok(null);
	}

	async lastEvents(after: string, limit: number): Promise<readonly TopicEvent[]> {
		return this.#shard.exists ? lastEventsAfter(this.#shard, after, limit) : [];
	}

	async findDedupeKeys(keys: readonly string[]): Promise<readonly (number | null)[]> {
		if (!this.#shard.exists) return keys.map(() => null);
		return keys.map((key) => holderOf(this.#shard, key, Date.now())?.id ?? null);
	}

	async existing(seqs: readonly number[]): Promise<readonly boolean[]> {
		if (!this.#shard.exists) return seqs.map(() => false);
		return seqs.map((seq) => findTimer(this.#shard, seq) !== undefined);
	}

	async receive(call: rpc.ShardCall, messages: readonly rpc.ShardMessage[]) {
		await this.#shard.prepare(call);
		return this.#shard.group.submit((tx) =>
			messages.map((message) => receive(this.#shard, tx, message)),
		);
	}

	get(seq: number): Answer<rpc.TimerRecord> {
		return this.#read(seq, (row) => recordOf(this.#shard, row));
	}

	async list(call: rpc.ListCall): Promise<rpc.ListAnswer> {
		return listTimers(this.#shard, call);
	}

	patch(call: rpc.ShardCall, seq: number, change: rpc.TimerChange): Answer<rpc.TimerRecord> {
		return this.#write(call, seq, (tx, row) =>
			patchTimer(this.#shard, tx, row, change, call.traceparent),
		);
	}

	cancel(call: rpc.ShardCall, seq: number, reason: string | null) {
		return this.#write(call, seq, (tx, row) => {
			const outcome = cancelTimer(this.#shard, tx, row, reason);
			const after = this.#shard.store.getTimer.first(seq) ?? row;
			return ok({ outcome, timer: recordOf(this.#shard, after) });
		});
	}

	run(call: rpc.ShardCall, seq: number, params: JsonObject | null): Answer<rpc.StartedFiring> {
		return this.#write(call, seq, (tx, row) => {
			const run = runTimer(this.#shard, tx, row, params);
			return run.ok ? ok({ firing: run.value, timer: this.#after(row) }) : run;
		});
	}

	replay(call: rpc.ShardCall, seq: number, firing: number | null, params: JsonObject | null) {
		return this.#write(call, seq, (tx, row) => {
			const replayed = replayFiring(this.#shard, tx, row, firing, params);
			return replayed.ok ? ok({ ...replayed.value, timer: this.#after(row) }) : replayed;
		});
	}

	backfill(call: rpc.ShardCall, seq: number, interval: rpc.Backfill): Answer<rpc.Backfilled> {
		return this.#write(call, seq, (tx, row) => backfillTimer(this.#shard, tx, row, interval));
	}

	acknowledge(call: rpc.ShardCall, seq: number, firing: number | null, note: string | null) {
		return this.#write(call, seq, (tx, row) =>
			acknowledgeTimer(this.#shard, tx, row, { firing, note }),
		);
	}

	pause(call: rpc.ShardCall, seq: number, note: string | null): Answer<rpc.TimerRecord> {
		return this.#write(call, seq, (tx, row) => pauseTimer(this.#shard, tx, row, note));
	}

	resume(call: rpc.ShardCall, seq: number, note: string | null): Answer<rpc.TimerRecord> {
		return this.#write(call, seq, (tx, row) => resumeTimer(this.#shard, tx, row, note));
	}

	delete(call: rpc.ShardCall, seq: number, ifMatch: string | null) {
		return this.#write(call, seq, (tx, row) => {
			const erasure = new Erasure();
			const deleted = deleteTimer(this.#shard, tx, row, ifMatch, erasure);
			if (!deleted.ok) return deleted;
			const events = eraseEvents(this.#shard, erasure);
			return ok({ deliveries: deleted.value.deliveries, events });
		});
	}

	async wait(seq: number, timeoutMs: number) {
		if (!this.#shard.exists) return err({ code: "not_found" } as const);
		return waitForEnd(this.#shard, seq, timeoutMs);
	}

	firings(seq: number): Answer<readonly rpc.FiringRecord[]> {
		return this.#read(seq, (row) => firingsOf(this.#shard, row));
	}

	deliveries(seq: number, offset: number, limit: number) {
		return this.#read(seq, (row) => {
			const page = pageOf(deliveriesOf(this.#shard, row), offset, limit);
			return { ...page, doc: row.doc };
		});
	}

	events(seq: number, offset: number, limit: number) {
		return this.#read(seq, (row) => pageOf(eventsOf(this.#shard, row), offset, limit));
	}

	async eventsAfter(position: rpc.EventPosition | null, limit?: number): Promise<rpc.EventsAfter> {
		return eventsAfter(this.#shard, position, limit);
	}

	async registerHub(call: rpc.ShardCall, until: number): Promise<rpc.EventPosition> {
		await this.#shard.prepare(call);
		this.#shard.hub.register(until);
		return endOfEvents(this.#shard);
	}

	count(filter: rpc.TimerFilter): Promise<number> {
		return countMatching(this.#shard, filter);
	}

	async bulk(
		call: rpc.ShardCall,
		action: rpc.BulkAction,
		filter: rpc.TimerFilter,
		reason: string | null,
	) {
		await this.#shard.prepare(call);
		return applyToMatching(this.#shard, action, filter, reason);
	}

	async startJob(
		call: rpc.ShardCall,
		job: number,
		action: rpc.BulkAction,
		filter: rpc.TimerFilter,
		reason: string | null,
		matched: number,
	): Promise<void> {
		await this.#shard.prepare(call);
		startJob(this.#shard, job, { action, filter, reason, matched });
	}

	async job(job: number): Promise<rpc.JobProgress | null> {
		return jobProgress(this.#shard, job);
	}

	async reserveSequence(call: rpc.ShardCall): Promise<number> {
		await this.#shard.prepare(call);
		return this.#shard.group.submit((tx) => tx.counter.next_timer++);
	}

	async deadLetters(
		filter: rpc.DeadLetterFilter,
		after: rpc.DeadLetterPosition | null,
		limit: number,
	) {
		return listDeadLetters(this.#shard, filter, after, limit);
	}

	async deadLetter(seq: number, firing: number, action: number): Answer<rpc.DeadLetterRecord> {
		const letter = findDeadLetter(this.#shard, seq, firing, action);
		return letter === undefined ? err({ code: "not_found" }) : ok(letter);
	}

	async replayDeadLetter(
		call: rpc.ShardCall,
		seq: number,
		firing: number,
		action: number,
		patch: Parameters<rpc.TenantShardRpc["replayDeadLetter"]>[4],
	): Answer<rpc.DeliveryRecord> {
		if (!this.#shard.exists) return err({ code: "not_found" });
		await this.#shard.prepare(call);
		const letter = { timer: seq, firing, action };
		return submitWithRoom(this.#shard, 1, (tx) => replay(this.#shard, tx, letter, patch, tx.now));
	}

	async replayDeadLetters(
		call: rpc.ShardCall,
		filter: rpc.DeadLetterFilter,
		startAt: number,
		ratePerSecond: number,
	) {
		if (!this.#shard.exists) return { replayed: 0, refused: 0, lastAt: null };
		await this.#shard.prepare(call);
		return replayMatching(this.#shard, filter, startAt, ratePerSecond);
	}

	deleteDeadLetter(call: rpc.ShardCall, seq: number, firing: number, action: number): Answer<null> {
		return this.#write(call, seq, () => {
			const letter = findDeadLetter(this.#shard, seq, firing, action);
			if (letter === undefined) return err({ code: "not_found" });
			dropDeadLetter(this.#shard, letter);
			return ok(null);
		});
	}

	async report(report: OutcomeReport): Promise<void> {
		if (!this.#shard.exists) return;
		await this.#shard.group.submit((tx) => settleReport(this.#shard, tx, report));
		this.ctx.waitUntil(this.#pump.claimMore());
	}

	async settleMessages(report: MessageReport): Promise<void> {
		if (!this.#shard.exists) return;
		await this.#shard.group.submit((tx) => settleMessages(this.#shard, tx, report));
	}

	async wake(call: Parameters<rpc.TenantShardRpc["wake"]>[0]): Promise<rpc.WakeAnswer> {
		return wakeShard(this.#shard, call);
	}

	async putCalendar(call: rpc.ShardCall, calendar: StoredCalendar): Promise<void> {
		if (!this.#shard.exists) return;
		await this.#shard.prepare(call);
		replaceCalendar(this.#shard, calendar);
	}

	async nextDue(after: number): Promise<number | null> {
		return nextDueAfter(this.#shard, after);
	}

	standAt(at: number): Promise<number> {
		return standAt(this.#shard, this.#pump, at);
	}

	async releaseQuota(): Promise<number> {
		return releaseQuota(this.#shard);
	}

	async usage(): Promise<{ active: number; createsThisMinute: number }> {
		if (!this.#shard.exists) return { active: 0, createsThisMinute: 0 };
		return this.#shard.usage(Date.now());
	}

	async lateness(): Promise<rpc.LatenessRead> {
		return this.#shard.lateness.read(Date.now());
	}

	async reserveKey(call: rpc.ShardCall, key: rpc.IdempotencyClaim) {
		await this.#shard.prepare(call);
		return this.#shard.group.submit((tx) => reserveKey(this.#shard, tx, key));
	}

	async completeKey(call: rpc.ShardCall, key: string, answer: string | null): Promise<void> {
		await this.#shard.prepare(call);
		await this.#shard.group.submit((tx) => releaseKey(this.#shard, key, answer, tx.now));
	}

	/** A timer as a call has left it. */
	#after(row: TimerRow): rpc.TimerRecord {
		return recordOf(this.#shard, this.#shard.store.getTimer.first(row.id) ?? row);
	}

	/** Answers something about a timer that exists. */
	async #read<T>(seq: number, read: (row: TimerRow) => T): Answer<T> {
		const row = this.#shard.exists ? findTimer(this.#shard, seq) : undefined;
		return row === undefined ? err({ code: "not_found" }) : ok(read(row));
	}

	/** Changes a timer that exists, in the next group commit. */
	async #write<T>(
		call: rpc.ShardCall,
		seq: number,
		write: (tx: Transaction, row: TimerRow) => Result<T, rpc.ShardError>,
	): Answer<T> {
		if (!this.#shard.exists) return err({ code: "not_found" });
		await this.#shard.prepare(call);
		return this.#shard.group.submit((tx) => {
			const row = findTimer(this.#shard, seq);
			return row === undefined ? err({ code: "not_found" }) : write(tx, row);
		});
	}
}

function pageOf<T>(items: readonly T[], offset: number, limit: number): rpc.HistoryPage<T> {
	return { items: items.slice(offset, offset + limit), more: offset + limit < items.length };
}
