/** A shard of recurring timers to which steps happen. Used by chaos.test.ts beside this file. */
import { abortAllDurableObjects } from "cloudflare:test";
import type { DeliveryOutcome, Envelope } from "../../../src/contract/envelope.ts";
import { isEnded, timerStateOf } from "../../../src/core/timer-state.ts";
import { setClock } from "../clock.ts";
import { newShard, outcomeOf, timerOf } from "../harness.ts";
import { changeOf, docOf, firstOf, outcomesOf } from "./chaos-calls.ts";
import { Model } from "./chaos-model.ts";
import { readAll } from "./chaos-readers.ts";
import type { Call, CallOf, Step } from "./chaos-steps.ts";

/** More rounds than any shard needs once nothing disturbs it: a paced backlog takes hundreds. */
const ROUNDS_MAX = 4_000;
/** As long as leases, retries and messages take to come to an end. */
const CALM_MS = 90_000;

type Accepted = { readonly timer: number; readonly firing: number; readonly action: number };

export class Chaos {
	readonly shard = newShard();
	readonly model = new Model(this.shard);
	readonly #timers: number[] = [];
	/** What mailboxes have said to hold. */
	readonly #held: (Accepted & { readonly attempt: number })[] = [];
	/** How far the tenant's time was moved ahead. */
	#aheadMs = 0;

	/** @param isMovable whether the tenant's time can be moved */
	constructor(isMovable: boolean) {
		this.shard.lab.devClock = isMovable ? "on" : "off";
	}

	async take(step: Step): Promise<void> {
		const { shard } = this;
		switch (step.kind) {
			case "call":
				await this.#call(step.call);
				break;
			case "together":
				await Promise.all(step.calls.map((one) => this.#call(one)));
				break;
			case "advance":
				await this.#advance(step.ms);
				break;
			case "flow":
				await this.#flow(Date.now() + step.ms);
				break;
			case "outage":
				setClock(Date.now() + step.ms);
				break;
			case "move":
				this.#aheadMs += step.ms;
				this.model.aheadMs = this.#aheadMs;
				await shard.stub().wake({ ...shard.call, aheadMs: this.#aheadMs });
				break;
			case "back":
				setClock(Date.now() - step.ms);
				break;
			case "evict":
				await shard.evict();
				break;
			case "abort":
				await shard.idle();
				await abortAllDurableObjects();
				break;
			case "reboot":
				await shard.reboot();
				break;
			case "wake":
				await shard.stub().wake(shard.call);
				break;
			case "trouble":
				await this.#inTrouble(step);
				break;
		}
	}

	/** Calm comes back, everything is answered, and nothing is overdue; then all is cancelled. */
	async finish(): Promise<void> {
		const { shard, model } = this;
		for (const timer of this.#timers) await shard.stub().resume(shard.call, timer, null);
		await model.verify();
		await this.#flow(Date.now() + CALM_MS);
		model.verifyCalm(await model.verify());
		await readAll(shard, this.#timers);
		for (const timer of this.#timers) await shard.stub().cancel(shard.call, timer, null);
		await model.verify();
		for (let round = 0; round < ROUNDS_MAX; round++) {
			const stored = await model.verify();
			const isLeft = stored.rows.some((row) => !isEnded(timerStateOf(row.state)));
			if (!isLeft && stored.claims.length === 0) {
				model.verifyEnd(stored);
				return;
			}
			await this.#answerAll();
			await shard.pass(Math.max(Date.now(), stored.alarmAt ?? 0));
		}
		throw new Error("The shard does not come to an end.");
	}

	/** Rings and answers, as senders and receivers do that are well, until `end`. */
	async #flow(end: number): Promise<void> {
		const { shard } = this;
		for (let round = 0; round < ROUNDS_MAX; round++) {
			await this.#answerAll();
			const alarmAt = await shard.alarmAt();
			if (alarmAt === null || alarmAt > end) break;
			await shard.pass(Math.max(Date.now(), alarmAt));
			this.model.noteSent();
		}
		await shard.pass(Math.max(Date.now(), end));
		await this.#answerAll();
	}

	async #answerAll(): Promise<void> {
		for (const { id } of await this.shard.claims()) {
			const envelope = this.shard.envelopes().findLast((one) => one.claim === id);
			// One that was never handed over is found when its lease ends.
			if (envelope === undefined) continue;
			this.model.noteSent();
			await this.#report(
				envelope,
				envelope.deliveries.map((one) => outcomeOf(one, 200)),
				true,
			);
		}
	}

	#tenantNow(): number {
		return Date.now() + this.#aheadMs;
	}

	async #call(call: Call): Promise<void> {
		const { shard, model } = this;
		if (call.kind === "create") return await this.#create(call);
		if (call.kind === "report") return await this.#reportSome(call);
		if (call.kind === "message") return await this.#tellMessage(call);
		const timer = this.#timers[call.pick % Math.max(1, this.#timers.length)];
		if (timer === undefined) return;
		const stub = shard.stub();
		if (call.kind !== "dropDead" && call.kind !== "replayDead") model.noteLed(timer);
		switch (call.kind) {
			case "pause":
			case "resume":
			case "run":
			case "cancel":
				await stub[call.kind](shard.call, timer, null);
				break;
			case "delete": {
				const deleted = await stub.delete(shard.call, timer, null);
				if (deleted.ok) model.noteDeleted(timer);
				break;
			}
			case "change":
				await stub.patch(shard.call, timer, changeOf(call, this.#tenantNow()));
				break;
			case "replay":
				await stub.replay(shard.call, timer, call.firing, null);
				break;
			case "backfill": {
				const { isSequential, backMs } = call;
				const to = this.#tenantNow();
				const interval = { from: to - backMs, to, isSequential };
				await stub.backfill(shard.call, timer, interval);
				break;
			}
			case "replayDead":
			case "dropDead":
				await this.#takeUpDead(call.kind, call.pick);
				break;
		}
	}

	async #takeUpDead(kind: "replayDead" | "dropDead", pick: number): Promise<void> {
		const { shard, model } = this;
		const filter = { name: null, labels: [], deadBefore: null, deadAfter: null, host: null };
		const { items } = await shard.stub().deadLetters(filter, null, 100);
		const letter = items[pick % Math.max(1, items.length)];
		if (letter === undefined) return;
		const { timer, firing, action } = letter;
		if (kind === "dropDead") {
			await shard.stub().deleteDeadLetter(shard.call, timer, firing, action);
			return;
		}
		model.noteReplayed(timer);
		await shard.stub().replayDeadLetter(shard.call, timer, firing, action, null);
	}

	async #create(call: CallOf<"create">): Promise<void> {
		const doc = docOf(call, this.#tenantNow());
		const first = firstOf(doc.schedule, this.#tenantNow());
		for (let copy = 0; copy < call.copies; copy++) {
			this.#timers.push((await this.shard.create(timerOf(first, doc))).seq);
		}
	}

	async #reportSome(call: CallOf<"report">): Promise<void> {
		const { envelopes } = this.model;
		const envelope = envelopes.at(-1 - (call.pick % Math.max(1, envelopes.length)));
		if (envelope === undefined) return;
		const outcomes = outcomesOf(envelope, call.verdicts);
		for (const outcome of outcomes) if (outcome.kind === "accepted") this.#held.push(outcome);
		await this.#report(envelope, outcomes, call.last);
	}

	async #report(
		envelope: Envelope,
		outcomes: readonly DeliveryOutcome[],
		last: boolean,
	): Promise<void> {
		await this.shard.stub().report({ claim: envelope.claim, outcomes, last });
		for (const outcome of outcomes) {
			const isDelivered = outcome.kind === "attempted" && outcome.class === "delivered";
			if (isDelivered) this.model.noteDelivered(outcome);
		}
		await this.shard.idle();
		this.model.noteSent();
	}

	async #tellMessage({ pick, end }: CallOf<"message">): Promise<void> {
		const held = this.#held[pick % Math.max(1, this.#held.length)];
		if (held === undefined) return;
		const at = Date.now();
		const told = { kind: end, attempts: 1, leasedAt: at, at, result: null, reason: null } as const;
		await this.shard.stub().settleMessages({ mailbox: "m", outcomes: [{ ...held, ...told }] });
		if (end === "acknowledged") this.model.noteDelivered(held);
		await this.shard.idle();
	}

	async #advance(ms: number): Promise<void> {
		await this.shard.pass(Date.now() + ms);
		this.model.noteSent();
	}

	async #inTrouble(step: Extract<Step, { kind: "trouble" }>): Promise<void> {
		const { lab } = this.shard;
		let left = step.statement ?? Number.POSITIVE_INFINITY;
		lab.fault = () => {
			left -= 1;
			if (left < 0) throw new Error("A fault, as the test asked.");
		};
		lab.refuses = () => step.refuses;
		this.model.mayLose = true;
		// What fails has not happened; nothing else may follow from it.
		await this.#call(step.call).catch(() => {});
		await this.#advance(step.ms).catch(() => {});
		lab.fault = () => {};
		lab.refuses = () => false;
	}
}
