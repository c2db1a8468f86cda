/**
 * The Durable Object of one mailbox: it owns the messages it has taken in until an agent has dealt
 * with them, and tells their shards (decision 20). It has no tables before the first message. Called
 * by the edge for agents, by the senders for deliveries, and by the shards.
 */
import { DurableObject } from "cloudflare:workers";
import type { Env } from "../../src/env.ts";
import { acceptMessages } from "./accept.ts";
import { extendLeases, settleLeases } from "./ack.ts";
import { noteClockWasSet } from "./clock-was-set.ts";
import { TELL_TIMEOUT_MS } from "./constants.ts";
import { deleteDead, listDead, replayDead } from "./dead-messages.ts";
import { Mailbox } from "./mailbox.ts";
import { backlogOf, leaseReady } from "./pull.ts";
import { finishRemoval, forgetRemoved, removeMailbox, withdrawMessages } from "./remove.ts";
import type * as rpc from "./rpc.ts";
import { serveWaiting } from "./serve.ts";
import { stateOf } from "./state.ts";
import { tellShards, tellSlices } from "./tell-shards.ts";
import { workOffDue } from "./work-off-due.ts";

type Rpc = rpc.AgentMailboxRpc;

export class AgentMailbox extends DurableObject<Env> implements Rpc {
	readonly #mailbox: Mailbox;

	constructor(ctx: DurableObjectState, env: Env) {
		super(ctx, env);
		this.#mailbox = new Mailbox(ctx, env);
		if (this.#mailbox.row !== null) void ctx.blockConcurrencyWhile(() => this.#armAgain());
	}

	override async alarm(): Promise<void> {
		this.#mailbox.alarm.rang();
		const tell = tellSlices(this.#mailbox);
		for (let more = true; more; ) {
			more = workOffDue(this.#mailbox, Date.now());
			await tell();
			if (more) await scheduler.wait(0);
		}
		await finishRemoval(this.#mailbox);
		await forgetRemoved(this.#mailbox);
		this.#mailbox.arm();
	}

	async accept(call: rpc.MailboxCall, messages: readonly rpc.NewMessage[]): Promise<void> {
		await finishRemoval(this.#mailbox);
		acceptMessages(this.#mailbox, call, messages, Date.now());
		this.#tellSoon();
	}

	async pull(_call: rpc.MailboxCall, pull: rpc.PullCall): Promise<rpc.PullAnswer> {
		this.#catchUp();
		const answer = leaseReady(this.#mailbox, pull, Date.now());
		this.#tellSoon();
		if (answer.messages.length > 0 || pull.waitMs === 0) return answer;
		return this.#mailbox.waiting.join(pull, () => backlogOf(this.#mailbox));
	}

	async ack(
		_call: rpc.MailboxCall,
		acks: readonly rpc.Ack[],
		retries: readonly rpc.Retry[],
	): Promise<rpc.AckAnswer> {
		this.#catchUp();
		const answer = settleLeases(this.#mailbox, acks, retries, Date.now());
		serveWaiting(this.#mailbox, Date.now());
		await tellShards(this.#mailbox, TELL_TIMEOUT_MS);
		return answer;
	}

	async extend(
		_call: rpc.MailboxCall,
		leases: Parameters<Rpc["extend"]>[1],
	): Promise<readonly rpc.LeaseOutcome[]> {
		return extendLeases(this.#mailbox, leases, Date.now());
	}

	async withdraw(ids: readonly string[]): Promise<void> {
		withdrawMessages(this.#mailbox, ids, Date.now());
	}

	async state(): Promise<rpc.MailboxState | null> {
		return stateOf(this.#mailbox);
	}

	async deadMessages(after: string | null, limit: number): ReturnType<Rpc["deadMessages"]> {
		return listDead(this.#mailbox, after, limit);
	}

	async replayDead(id: string): Promise<boolean> {
		return replayDead(this.#mailbox, id, Date.now());
	}

	async deleteDead(id: string): Promise<boolean> {
		return deleteDead(this.#mailbox, id, Date.now());
	}

	async remove(_call: rpc.MailboxCall): Promise<{ readonly messages: number }> {
		return { messages: await removeMailbox(this.#mailbox) };
	}

	async wake(clockWasSet: boolean): Promise<void> {
		if (this.#mailbox.row === null) return;
		if (clockWasSet) noteClockWasSet(this.#mailbox, Date.now());
		await this.#armAgain();
		this.#mailbox.tellMetrics();
	}

	async #armAgain(): Promise<void> {
		await this.#mailbox.alarm.refresh();
		this.#mailbox.arm();
	}

	/** What the alarm would have done by now: whoever asks gets no answer of yesterday. */
	#catchUp(): void {
		workOffDue(this.#mailbox, Date.now());
		this.#tellSoon();
	}

	#tellSoon(): void {
		if (this.#mailbox.untold.length === 0) return;
		this.ctx.waitUntil(tellShards(this.#mailbox, TELL_TIMEOUT_MS));
	}
}
