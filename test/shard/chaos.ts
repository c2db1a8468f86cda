/** A shard to which steps happen, and the model that watches it. Used by chaos.test.ts. */
import { abortAllDurableObjects } from "cloudflare:test";
import type { DeliveryOutcome, Envelope } from "../../src/contract/envelope.ts";
import type { TimerDoc } from "../../src/core/timer-doc.ts";
import { isEnded, timerStateOf } from "../../src/core/timer-state.ts";
import { dependent } from "./chain/dependents.ts";
import { Model } from "./chaos-model.ts";
import type { Call, Depend, Hold, Step } from "./chaos-steps.ts";
import { setClock } from "./clock.ts";
import { newShard, notStarted, outcomeOf, timerOf, webhooks } from "./harness.ts";

/** More rounds than any shard needs to come to an end once nothing disturbs it. */
const ROUNDS_MAX = 200;

export class Chaos {
	readonly shard = newShard();
	readonly model = new Model(this.shard);
	#created = 0;
	/** How far the tenant's time was moved ahead. */
	#aheadMs = 0;

	/** @param isMovable whether the tenant's time can be moved */
	constructor(isMovable = false) {
		this.shard.lab.devClock = isMovable ? "on" : "off";
	}

	async take(step: Step): Promise<void> {
		const { shard } = this;
		switch (step.kind) {
			case "call":
				await this.#call(step.call);
				break;
			case "pause":
			case "resume":
			case "depend":
				await this.#call(step);
				break;
			case "together":
				await Promise.all(step.calls.map((one) => this.#call(one)));
				break;
			case "advance":
				await this.#advance(step.ms);
				break;
			case "move":
				this.#aheadMs += step.ms;
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

	/** Reports everything as delivered until the shard has nothing left to do. */
	async finish(): Promise<void> {
		const { shard, model } = this;
		const { timers: held } = await model.verify();
		for (const { id, state } of held) {
			if (timerStateOf(state) === "paused") await shard.stub().resume(shard.call, id, null);
		}
		for (let round = 0; round < ROUNDS_MAX; round++) {
			const { claims, timers, alarmAt } = await model.verify();
			if (claims.length === 0 && timers.every((row) => isEnded(timerStateOf(row.state)))) return;
			for (const { id } of claims) {
				const envelope = model.envelopes.findLast((one) => one.claim === id);
				// One that was never handed over is found when its lease ends.
				if (envelope === undefined) continue;
				await this.#report(
					envelope,
					envelope.deliveries.map((one) => outcomeOf(one, 200)),
					true,
				);
			}
			if (alarmAt !== null) await shard.pass(Math.max(Date.now(), alarmAt));
			model.noteSent();
		}
		throw new Error("The shard does not come to an end.");
	}

	#tenantNow(): number {
		return Date.now() + this.#aheadMs;
	}

	async #call(call: Call | Hold | Depend): Promise<void> {
		const { shard, model } = this;
		if (call.kind === "create") {
			await this.#create(call);
			return;
		}
		if (call.kind === "depend") {
			await this.#depend(call);
			return;
		}
		if (call.kind === "report") {
			const envelope = model.envelopes.at(-1 - (call.pick % Math.max(1, model.envelopes.length)));
			if (envelope === undefined) return;
			await this.#report(envelope, outcomesOf(envelope, call.verdicts), call.last);
			return;
		}
		const seq = 1 + (call.pick % Math.max(1, this.#created));
		switch (call.kind) {
			case "cancel":
				await shard.stub().cancel(shard.call, seq, "chaos");
				break;
			case "delete": {
				const deleted = await shard.stub().delete(shard.call, seq, null);
				if (deleted.ok) model.noteDeleted(seq);
				break;
			}
			case "patch":
				model.noteMoved(seq);
				await shard.stub().patch(shard.call, seq, {
					dueAt: this.#tenantNow() + call.inMs,
					extendMs: null,
					docPatch: null,
					ifMatch: null,
					horizonAt: Number.MAX_SAFE_INTEGER,
				});
				break;
			case "pause":
				await shard.stub().pause(shard.call, seq, null);
				break;
			case "resume":
				await shard.stub().resume(shard.call, seq, null);
				break;
			case "replay":
				await shard.stub().replayDeadLetter(shard.call, seq, 1, call.pick % 3, null);
				break;
		}
	}

	async #create(call: Extract<Call, { kind: "create" }>): Promise<void> {
		const { actions, inMs, delays, fast, priority, copies } = call;
		const doc: TimerDoc = {
			...(actions === 0 ? { message: "m" } : webhooks(actions)),
			retry: { delaysMs: [...delays] },
			priority,
			fidelity: fast ? "fast" : "full",
		};
		await this.shard.createMany(copies, timerOf(this.#tenantNow() + inMs, doc));
		this.#created += copies;
	}

	/** Refused where one of them is gone. */
	async #depend({ on, delayMs, actions }: Depend): Promise<void> {
		const { shard } = this;
		const edges = new Map(on.map((one) => [1 + (one.pick % Math.max(1, this.#created)), one.on]));
		const asked = [...edges].map(([seq, how]) => ({ shard: 0, seq, on: how }));
		const doc = actions === 0 ? { message: "m" } : webhooks(actions);
		const timer = dependent(shard, asked, { delayMs, doc: { ...doc, retry: { maxAttempts: 1 } } });
		const created = await shard.stub().create(shard.call, timer, null);
		if (created.ok) this.#created = Math.max(this.#created, created.value.seq);
	}

	async #report(
		envelope: Envelope,
		outcomes: readonly DeliveryOutcome[],
		last: boolean,
	): Promise<void> {
		await this.shard.stub().report({ claim: envelope.claim, outcomes, last });
		this.model.noteReported(outcomes);
		await this.shard.idle();
		this.model.noteSent();
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

/** Outcomes of an envelope; what stays silent is left out of the report. */
function outcomesOf(envelope: Envelope, verdicts: readonly (number | string)[]): DeliveryOutcome[] {
	return envelope.deliveries.flatMap((delivery, index) => {
		const verdict = verdicts[index % verdicts.length];
		if (typeof verdict === "number") return [outcomeOf(delivery, verdict)];
		return verdict === "not_started" ? [notStarted(delivery)] : [];
	});
}
