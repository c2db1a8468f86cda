import { describe, expect, it } from "vitest";
import type { MessageReport } from "../../durable-objects/agent-mailbox/rpc.ts";
import type { DeliveryOutcome, Envelope } from "../../src/contract/envelope.ts";
import type { TimerDoc } from "../../src/core/timer-doc.ts";
import { MINUTE } from "../../src/core/units.ts";
import { idSpaceOf } from "../../src/derived-keys.ts";
import { START, setClock, standStill } from "./clock.ts";
import { letters, replay } from "./dead-letter-calls.ts";
import { DUE } from "./firing.ts";
import {
	accepted,
	answered,
	env,
	newShard,
	only,
	outcomeOf,
	refusal,
	type ShardDriver,
	timerOf,
	WEBHOOK,
} from "./harness.ts";
import { withdrawn } from "./worker.ts";

const AGENT = { type: "agent", mailbox: "build", ttlMs: 10 * MINUTE } as const;
const EXPIRES = DUE + AGENT.ttlMs;
/** When the shard gives up a message of which it has heard nothing. */
const GIVEN_UP = EXPIRES + 5 * MINUTE;

standStill();

/** A shard whose timer 1 has `actions` messages for agents, claimed in one envelope. */
async function dispatched(actions = 1, doc: TimerDoc = {}) {
	setClock(START);
	const shard = newShard();
	const agents = Array.from({ length: actions }, () => AGENT);
	await shard.create(timerOf(DUE, { actions: agents, ...doc }));
	return { shard, envelope: only(await shard.advance(DUE)) };
}

/** The same with the messages stored in their mailbox. */
async function held(actions = 1, doc: TimerDoc = {}) {
	const { shard, envelope } = await dispatched(actions, doc);
	await shard.report(envelope, stored(envelope));
	return { shard, envelope };
}

/** Every delivery of an envelope stored in its mailbox. */
function stored(envelope: Envelope, expiresAt = EXPIRES): DeliveryOutcome[] {
	return envelope.deliveries.map(({ timer, firing, action, attempt }) => ({
		timer,
		firing,
		action,
		attempt,
		kind: "accepted",
		expiresAt,
	}));
}

type Told = Partial<MessageReport["outcomes"][number]>;

/** The mailbox tells how the message of an action ended; acknowledged unless `told` says otherwise. */
function tell(shard: ShardDriver, told: Told = {}): Promise<void> {
	return shard.stub().settleMessages({ mailbox: "build", outcomes: [acknowledged(told)] });
}

function acknowledged(told: Told): MessageReport["outcomes"][number] {
	return {
		timer: 1,
		firing: 1,
		action: 0,
		attempt: 1,
		kind: "acknowledged",
		attempts: 1,
		leasedAt: DUE + 1_000,
		at: DUE + 3_000,
		result: null,
		reason: null,
		...told,
	};
}

/** Everything a reader sees of timer 1. */
async function seen(shard: ShardDriver) {
	return [await shard.timer(1), await shard.deliveries(1), await shard.events(1)];
}

function messageId(shard: ShardDriver, action = 0): string {
	return idSpaceOf(env, shard.tenant).delivery({ shard: 0, seq: 1, firing: 1, action });
}

describe("deliveries that a mailbox holds", () => {
	it("[AGENT-4] an accepted delivery ends its claim and is not sent again", async () => {
		const { shard } = await held();
		expect(await shard.claims()).toEqual([]);
		expect(await shard.statusOf(1)).toBe("firing");
		expect(await shard.deliveries(1)).toMatchObject([
			{ state: "accepted", nextAttemptAt: null, settledAt: null, history: [] },
		]);
		expect(await shard.advance(GIVEN_UP - 1)).toEqual([]);
		await shard.reboot();
		await shard.ring();
		expect(shard.take()).toEqual([]);
		expect(await shard.deliveries(1)).toMatchObject([{ state: "accepted" }]);
		expect(await shard.stub().usage()).toMatchObject({ active: 1 });
	});

	it("[AGENT-4] waits beside actions that are retried", async () => {
		const { shard, envelope } = await dispatched(1, {
			actions: [AGENT, ...(WEBHOOK.actions ?? [])],
			retry: { delaysMs: [30 * MINUTE] },
		});
		const [message, webhook] = envelope.deliveries;
		if (message === undefined || webhook === undefined) throw new Error("too few deliveries");
		const taken = stored(envelope).filter(({ action }) => action === 0);
		await shard.report(envelope, [...taken, outcomeOf(webhook, 503)]);
		expect(await shard.advance(GIVEN_UP)).toEqual([]);
		expect(await shard.deliveries(1)).toMatchObject([{ state: "dead" }, { state: "retrying" }]);
		const retry = only(await shard.advance(DUE + 30 * MINUTE));
		expect(retry.deliveries).toMatchObject([{ action: 1, attempt: 2 }]);
		await shard.report(retry);
		expect(await shard.statusOf(1)).toBe("failed");
	});

	it("[AGENT-5] a mailbox that cannot be reached is a failed attempt, tried again", async () => {
		const { shard, envelope } = await dispatched(1, { retry: { delaysMs: [1_000] } });
		await shard.report(envelope, answered(envelope, 503));
		const again = only(await shard.advance(DUE + 1_000));
		expect(again.deliveries).toMatchObject([{ attempt: 2 }]);
		await shard.report(again, stored(again));
		await tell(shard);
		expect(await shard.deliveries(1)).toMatchObject([{ state: "delivered", attempts: 2 }]);
	});

	it("[AGENT-6] a runtime that dies before the report dispatches again, and nothing else", async () => {
		const { shard, envelope } = await dispatched();
		await shard.reboot();
		await shard.ring();
		const again = only(shard.take());
		expect(again.deliveries).toEqual(envelope.deliveries);
		await shard.report(again, stored(again));
		expect(await shard.deliveries(1)).toMatchObject([{ state: "accepted", attempts: 1 }]);
		await shard.report(envelope, stored(envelope));
		await tell(shard);
		expect(await shard.statusOf(1)).toBe("settled");
	});
});

describe("what mailboxes tell", () => {
	it("[AGENT-7] an acknowledgement delivers, keeps its result, and settles the timer", async () => {
		const { shard } = await held();
		await tell(shard, { attempts: 3, result: '{"ok":true}' });
		expect(await shard.timer(1)).toMatchObject({ status: "settled", firing: { firedAt: DUE } });
		expect(await shard.deliveries(1)).toMatchObject([
			{
				state: "delivered",
				attempts: 3,
				result: '{"ok":true}',
				history: [{ attempt: 3, at: DUE + 1_000, durationMs: 2_000, outcome: "delivered" }],
			},
		]);
		expect(await shard.events(1)).toEqual([
			"timer.created",
			"timer.fired",
			"message.leased",
			"message.acknowledged",
			"delivery.delivered",
			"timer.settled",
		]);
		const { items } = accepted(await shard.stub().events(1, 0, 10));
		expect(items.find(({ type }) => type === "message.leased")?.data).toMatchObject({
			mailbox: "build",
			leasedAt: new Date(DUE + 1_000).toISOString(),
		});
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
		expect(await shard.advance(GIVEN_UP)).toEqual([]);
		expect(await shard.statusOf(1)).toBe("settled");
	});

	it("[AGENT-7] a `fast` timer records only outcomes", async () => {
		const { shard } = await held(1, { fidelity: "fast" });
		await tell(shard);
		expect(await shard.events(1)).toEqual(["timer.settled"]);
	});

	it("[AGENT-7] a timer settles when the last of its messages is acknowledged", async () => {
		const { shard } = await held(2);
		await tell(shard, { action: 1 });
		expect(await shard.statusOf(1)).toBe("firing");
		await tell(shard);
		expect(await shard.statusOf(1)).toBe("settled");
	});

	it("[AGENT-8] an acknowledgement told twice changes nothing the second time", async () => {
		const { shard } = await held();
		await tell(shard);
		const once = await seen(shard);
		await Promise.all([tell(shard), tell(shard, { kind: "expired" })]);
		expect(await seen(shard)).toEqual(once);
	});

	it("[AGENT-8] an acknowledgement may overtake the sender's report, also over a restart", async () => {
		for (const restarts of [false, true]) {
			const { shard, envelope } = await dispatched();
			await tell(shard);
			expect(await shard.timer(1)).toMatchObject({ status: "settled", firing: { firedAt: DUE } });
			const once = await seen(shard);
			if (restarts) await shard.reboot();
			else await shard.report(envelope, stored(envelope));
			await shard.advance(DUE + 20 * MINUTE);
			expect(shard.take()).toEqual([]);
			expect(await seen(shard)).toEqual(once);
			expect(await shard.claims()).toEqual([]);
		}
	});

	it("[AGENT-9] what expired, failed too often or lost its mailbox is a dead letter", async () => {
		const told = [
			["expired", 0, null, "Not acknowledged before it expired."],
			["exhausted", 6, "out of disk", "All attempts failed: out of disk"],
			["removed", 0, null, "Its mailbox was removed."],
		] as const;
		for (const [kind, attempts, reason, why] of told) {
			const { shard } = await held();
			await tell(shard, { kind, attempts, reason, leasedAt: attempts === 0 ? null : DUE });
			expect(await shard.statusOf(1)).toBe("failed");
			const { items } = await letters(shard);
			expect(items).toMatchObject([{ reason: why, attempts: Math.max(1, attempts) }]);
			expect(only(items).history.map(({ outcome, error }) => [outcome, error])).toEqual(
				attempts === 0 ? [] : [["not_acknowledged", reason]],
			);
			const expired = kind === "expired" ? ["message.expired"] : [];
			expect((await shard.events(1)).slice(-2 - expired.length)).toEqual([
				...expired,
				"delivery.dead",
				"timer.failed",
			]);
			expect((await letters(shard, { host: "example.com" })).items).toEqual([]);
		}
	});

	it("[AGENT-10] a message of which nothing is heard is dead five minutes after it expired", async () => {
		const { shard } = await held(2);
		await tell(shard, { action: 1 });
		expect(await shard.advance(GIVEN_UP - 1)).toEqual([]);
		expect(await shard.statusOf(1)).toBe("firing");
		expect(await shard.advance(GIVEN_UP)).toEqual([]);
		expect(await shard.timer(1)).toMatchObject({ status: "failed" });
		expect((await letters(shard)).items).toMatchObject([
			{ action: 0, reason: "Not acknowledged before it expired.", deadAt: GIVEN_UP },
		]);
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
		await tell(shard);
		expect(await shard.statusOf(1)).toBe("settled");
	});

	it("[AGENT-11] a replay dispatches anew, and reports of before it change nothing", async () => {
		const { shard } = await held();
		const before = { kind: "exhausted", attempts: 2, reason: "no" } as const;
		await tell(shard, before);
		accepted(await replay(shard));
		const again = only(await shard.advance(Date.now() + 5));
		expect(again.deliveries).toMatchObject([{ attempt: 3, base: 2 }]);
		await tell(shard, before);
		await shard.report(again, stored(again, Date.now() + MINUTE));
		await tell(shard, before);
		expect(await shard.deliveries(1)).toMatchObject([{ state: "accepted" }]);
		await tell(shard, { attempt: 3, attempts: 2 });
		expect(await shard.deliveries(1)).toMatchObject([{ state: "delivered", attempts: 4 }]);
		expect(await shard.statusOf(1)).toBe("settled");
	});
});

it("[AGENT-14] 100 messages due together cost a shard few rows each, from creation to settlement", async () => {
	setClock(START);
	const shard = newShard();
	await shard.create(timerOf(DUE * 2));
	const before = { ...shard.lab };
	await shard.createMany(100, timerOf(DUE, { actions: [AGENT] }));
	for (const envelope of await shard.advance(DUE)) {
		await shard.report(envelope, stored(envelope));
		const told = stored(envelope).map(({ timer }) => acknowledged({ timer }));
		await shard.stub().settleMessages({ mailbox: "build", outcomes: told });
	}
	expect(await shard.stub().usage()).toMatchObject({ active: 1 });
	const written = (shard.lab.rowsWritten - before.rowsWritten) / 100;
	const read = (shard.lab.rowsRead - before.rowsRead) / 100;
	expect(written).toBeLessThanOrEqual(7.2);
	expect(read).toBeLessThanOrEqual(8.5);
});

describe("taking messages back", () => {
	it("[AGENT-12] a cancel counts what a mailbox holds as not claimed, and withdraws it", async () => {
		const { shard } = await held(2);
		await tell(shard, { action: 1 });
		const cancelled = accepted(await shard.stub().cancel(shard.call, 1, null));
		expect(cancelled.outcome).toBe("cancelled");
		expect(await shard.statusOf(1)).toBe("cancelled");
		expect(await shard.deliveries(1)).toMatchObject([
			{ state: "cancelled" },
			{ state: "delivered" },
		]);
		await shard.idle();
		expect(withdrawn.get(`${shard.tenant}:build`)).toEqual([messageId(shard)]);
		expect(await shard.advance(GIVEN_UP)).toEqual([]);
	});

	it("[AGENT-12] a cancel while it is handed over withdraws it once the mailbox has it", async () => {
		const { shard, envelope } = await dispatched();
		expect(accepted(await shard.stub().cancel(shard.call, 1, "late")).outcome).toBe("in_flight");
		await shard.report(envelope, stored(envelope));
		expect(await shard.timer(1)).toMatchObject({ status: "cancelled", cancelReason: "late" });
		expect(await shard.deliveries(1)).toMatchObject([{ state: "cancelled" }]);
		expect(withdrawn.get(`${shard.tenant}:build`)).toEqual([messageId(shard)]);
	});

	it("[AGENT-12] deleting a timer withdraws its messages", async () => {
		const { shard } = await held();
		accepted(await shard.stub().delete(shard.call, 1, null));
		await shard.idle();
		expect(withdrawn.get(`${shard.tenant}:build`)).toEqual([messageId(shard)]);
		await tell(shard);
		expect(refusal(await shard.stub().get(1))).toBe("not_found");
	});

	it("[AGENT-13] a timer is not changed while a mailbox holds something of it", async () => {
		const { shard } = await held();
		const change = {
			dueAt: DUE + MINUTE,
			extendMs: null,
			docPatch: null,
			ifMatch: null,
			horizonAt: Number.MAX_SAFE_INTEGER,
		};
		expect(refusal(await shard.stub().patch(shard.call, 1, change))).toBe("in_flight");
	});
});
