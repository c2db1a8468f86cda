/**
 * What a shard has to tell another one of its tenant, durably: a message is written in the
 * transaction of its cause, told after the commit, and told again by the alarm until it has been
 * answered. It arrives at least once, in no order, so whoever receives it must not mind a second
 * time. A message to the shard itself is work that is left to the alarm.
 */
import { liesAhead } from "../../../src/core/lies-ahead.ts";
import { shardOf } from "../../shared/object-names.ts";
import { OUTBOX_BATCH, OUTBOX_RETRY_MAX_MS, OUTBOX_RETRY_MS } from "../constants.ts";
import type { ShardCall, ShardMessage, TenantShardRpc } from "../rpc.ts";
import type { Shard } from "../shard.ts";
import type { OutboxRow } from "../statements/outbox.ts";
import type { Transaction } from "../transaction.ts";
import { receive } from "./receive.ts";

type Sent = Pick<OutboxRow, "id" | "shard" | "body">;

/** Due time of work that the next ring is to do, wherever the clock may be set until then. */
const AT_ONCE = 0;

/** From so many times in vain on a message goes alone: it may be the one at fault in its batch. */
const ALONE_FROM_ATTEMPTS = 3;

export class Outbox {
	readonly #shard: Shard;
	/** Written since the last commit's effects, to be told for the first time. */
	#fresh: Sent[] = [];
	/** True while it is known that nothing is stored: most shards never ask. */
	#isEmpty = false;

	constructor(shard: Shard) {
		this.#shard = shard;
	}

	/** Writes a message; it goes out once `tx` has committed. */
	send(tx: Transaction, shard: number, message: ShardMessage): void {
		const isOwn = shard === this.#shard.identity.shard;
		const due = isOwn ? AT_ONCE : tx.now + OUTBOX_RETRY_MS;
		const body = JSON.stringify(message);
		const stored = this.#shard.store.insertMessage.first(due, shard, body);
		if (stored === undefined) throw new Error("A message was not stored.");
		tx.onCommit(() => {
			this.#isEmpty = false;
			this.#shard.ringBy(due);
			if (!isOwn) this.#tellSoon({ id: stored.id, shard, body });
		});
	}

	/** Epoch ms at which the next message is to be told again; null when none is left. */
	dueAt(): number | null {
		if (this.#isEmpty) return null;
		const due = this.#shard.store.firstMessage.first()?.due ?? null;
		this.#isEmpty = due === null;
		return due;
	}

	/** From the alarm: carries out what is for this shard, and tells others what they left unanswered. */
	tellDue(): void {
		const due = this.dueAt();
		if (due === null || liesAhead(due, OUTBOX_RETRY_MAX_MS, Date.now())) return;
		const again = this.#shard.transact((tx) => this.#takeDue(tx, Math.max(tx.now, due)));
		const alone = again.filter(({ attempts }) => attempts >= ALONE_FROM_ATTEMPTS);
		for (const message of alone) this.#tellInBackground([message]);
		this.#tellInBackground(again.filter(({ attempts }) => attempts < ALONE_FROM_ATTEMPTS));
	}

	/** Put off before they are told, so that the alarm waits for nobody. */
	#takeDue(tx: Transaction, dueBy: number): OutboxRow[] {
		const { store, identity } = this.#shard;
		const others: OutboxRow[] = [];
		for (const row of store.dueMessages.all(dueBy, OUTBOX_BATCH)) {
			if (row.shard === identity.shard) {
				receive(this.#shard, tx, parseMessage(row.body));
				store.deleteMessage.run(row.id);
				continue;
			}
			const pause = Math.min(OUTBOX_RETRY_MS * 2 ** row.attempts, OUTBOX_RETRY_MAX_MS);
			store.postponeMessage.run(tx.now + pause, row.attempts + 1, row.id);
			others.push(row);
		}
		return others;
	}

	/** All that one commit has written goes out together. */
	#tellSoon(message: Sent): void {
		if (this.#fresh.length === 0) {
			this.#shard.background(
				Promise.resolve().then(() => {
					const fresh = this.#fresh;
					this.#fresh = [];
					return this.#tellAll(fresh);
				}),
			);
		}
		this.#fresh.push(message);
	}

	#tellInBackground(messages: readonly Sent[]): void {
		if (messages.length > 0) this.#shard.background(this.#tellAll(messages));
	}

	async #tellAll(messages: readonly Sent[]): Promise<void> {
		const byShard = Map.groupBy(messages, ({ shard }) => shard);
		await Promise.all([...byShard].map(([shard, some]) => this.#tellShard(shard, some)));
	}

	/** A message that is not answered stays, and the alarm tells it again. */
	async #tellShard(shard: number, messages: readonly Sent[]): Promise<void> {
		const { env, identity, config } = this.#shard;
		const { tenant } = identity;
		const call: ShardCall = { tenant, shard, configVersion: config.version, traceparent: null };
		try {
			for (let from = 0; from < messages.length; from += OUTBOX_BATCH) {
				const batch = messages.slice(from, from + OUTBOX_BATCH);
				// The platform's type of a stub walks into JSON values, which are recursive, without end.
				const stub = shardOf(env, tenant, shard, config.region) as unknown as TenantShardRpc;
				const bodies = batch.map(({ body }) => parseMessage(body));
				const answers = await stub.receive(call, bodies);
				await this.#shard.group.submit((tx) => this.#settle(tx, batch, answers));
			}
		} catch (error) {
			this.#shard.log({ kind: "outbox_failed", to: shard, error: String(error) });
		}
	}

	#settle(
		tx: Transaction,
		messages: readonly Sent[],
		answers: readonly (ShardMessage | null)[],
	): void {
		const { store } = this.#shard;
		for (const [index, { id, body }] of messages.entries()) {
			// Answered twice, the id may be another message's by now.
			if (store.getMessage.first(id)?.body !== body) continue;
			store.deleteMessage.run(id);
			const answer = answers[index] ?? null;
			if (answer !== null) receive(this.#shard, tx, answer);
		}
	}
}

function parseMessage(text: string): ShardMessage {
	// Only `send` writes these texts.
	return JSON.parse(text) as ShardMessage;
}
