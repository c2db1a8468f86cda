import { describe, expect, it } from "vitest";
import type { EscalationDoc, TimerDoc } from "../../src/core/timer-doc.ts";
import { HOUR, MINUTE } from "../../src/core/units.ts";
import { START, setClock, standStill } from "./clock.ts";
import { DUE, RETRY_MS } from "./firing.ts";
import {
	accepted,
	answered,
	newShard,
	only,
	refusal,
	type ShardDriver,
	timerOf,
	webhooks,
} from "./harness.ts";

standStill();

const page = (name: string) => ({ type: "webhook", url: `https://example.com/${name}` }) as const;
const FIRST = { actions: [page("first")] };
const SECOND = { afterMs: 10 * MINUTE, actions: [page("second")] };
const AFTER_TWO: EscalationDoc = { after: { attempts: 2 }, steps: [FIRST, SECOND] };
const UNANSWERED: EscalationDoc = {
	after: { unacknowledgedMs: 5 * MINUTE },
	steps: [FIRST, SECOND],
};
const RETRY = { delaysMs: [RETRY_MS, RETRY_MS, RETRY_MS] };

async function scheduled(doc: TimerDoc, actions = 1): Promise<ShardDriver> {
	setClock(START);
	const shard = newShard();
	await shard.create(timerOf(DUE, { ...webhooks(actions), retry: RETRY, ...doc }));
	return shard;
}

/** The last parts of the urls that are called up to `to`, each answered with `status`. */
async function pass(shard: ShardDriver, to: number, status = 200): Promise<string[]> {
	const urls: string[] = [];
	for (let at = 0; at < to; ) {
		// Step by step, so that nothing waits for its answer until its lease is over.
		at = Math.min(to, Math.max(Date.now(), (await shard.alarmAt()) ?? to));
		for (const envelope of await shard.advance(at)) {
			for (const { doc, action } of envelope.deliveries) {
				const stored = (JSON.parse(doc) as TimerDoc).actions?.[action];
				if (stored?.type === "webhook") urls.push(stored.url.split("/").at(-1) ?? "");
			}
			await shard.report(envelope, answered(envelope, status));
		}
	}
	return urls;
}

async function escalated(shard: ShardDriver) {
	const { items } = accepted(await shard.stub().events(1, 0, 1_000));
	return items.flatMap(({ type, data }) => (type === "timer.escalated" ? [data] : [])).reverse();
}

async function acknowledge(shard: ShardDriver, firing: number | null = null) {
	return accepted(await shard.stub().acknowledge(shard.call, 1, firing, "on it"));
}

describe("an escalation after failed attempts", () => {
	it("[ESC-5] does its steps one after the other, and tells each with its reason", async () => {
		const shard = await scheduled({ escalation: AFTER_TWO });
		expect(await pass(shard, DUE, 503)).toEqual(["nightly"]);
		expect(await pass(shard, DUE + RETRY_MS, 503)).toEqual(["nightly"]);
		expect(await pass(shard, DUE + RETRY_MS + 1)).toEqual(["first"]);
		expect(await escalated(shard)).toEqual([{ firing: 1, step: 1, reason: "attempts", by: 2 }]);
		expect(await pass(shard, DUE + 2 * RETRY_MS, 503)).toEqual(["nightly"]);
		expect(await pass(shard, DUE + RETRY_MS + 10 * MINUTE, 503)).toEqual(["nightly"]);
		expect(await pass(shard, DUE + HOUR)).toEqual(["second"]);
		expect(await escalated(shard)).toMatchObject([{ step: 1 }, { step: 2 }]);
		expect(await shard.timer(1)).toMatchObject({ status: "failed" });
	});

	it("[ESC-5] of one action is of that action alone, and says which", async () => {
		const [a, b] = webhooks(2).actions ?? [];
		if (a === undefined || b === undefined) throw new Error("too few");
		const actions = [a, { ...b, escalation: { after: { attempts: 1 }, steps: [FIRST] } }];
		const shard = await scheduled({ actions });
		const envelope = only(await shard.advance(DUE));
		const [first, second] = envelope.deliveries.map((one) => ({ ...envelope, deliveries: [one] }));
		if (first === undefined || second === undefined) throw new Error("too few");
		await shard.report(envelope, answered(first, 503), false);
		expect(await pass(shard, DUE + 1)).toEqual([]);
		await shard.report(envelope, answered(second, 503));
		expect(await pass(shard, DUE + 2)).toEqual(["first"]);
		expect(await escalated(shard)).toEqual([
			{ firing: 1, action: 1, step: 1, reason: "attempts", by: 2 },
		]);
	});

	it("[ESC-5] of the timer is set off once, whichever of its actions fails", async () => {
		const shard = await scheduled({ escalation: { after: { attempts: 1 }, steps: [FIRST] } }, 3);
		await pass(shard, DUE, 503);
		expect(await pass(shard, DUE + 1)).toEqual(["first"]);
		await pass(shard, DUE + HOUR, 503);
		expect(await escalated(shard)).toHaveLength(1);
	});

	it("[ESC-6] is set off sooner where a delivery is given up before", async () => {
		const shard = await scheduled({ escalation: AFTER_TWO });
		await pass(shard, DUE, 404);
		expect(await shard.statusOf(1)).toBe("failed");
		expect(await pass(shard, DUE + 1)).toEqual(["first"]);
		expect(await escalated(shard)).toMatchObject([{ reason: "dead" }]);
		expect(await pass(shard, DUE + 10 * MINUTE)).toEqual([]);
		expect(await pass(shard, DUE + 10 * MINUTE + 1)).toEqual(["second"]);
	});

	it("[ESC-7] goes no further once the delivery has succeeded", async () => {
		const shard = await scheduled({ escalation: AFTER_TWO });
		await pass(shard, DUE, 503);
		await pass(shard, DUE + RETRY_MS, 503);
		expect(await pass(shard, DUE + RETRY_MS + 1)).toEqual(["first"]);
		expect(await pass(shard, DUE + 2 * RETRY_MS)).toEqual(["nightly"]);
		expect(await shard.statusOf(1)).toBe("settled");
		expect(await pass(shard, DUE + HOUR)).toEqual([]);
	});

	it("[ESC-8] may follow the failures of a step instead of the clock", async () => {
		const steps = [FIRST, { attempts: 2, afterMs: MINUTE, actions: [page("second")] }];
		const shard = await scheduled({ escalation: { after: { attempts: 1 }, steps } });
		await pass(shard, DUE, 404);
		expect(await pass(shard, DUE + 1, 503)).toEqual(["first"]);
		expect(await pass(shard, DUE + 1 + RETRY_MS, 503)).toEqual(["first"]);
		expect(await pass(shard, DUE + 1 + 2 * RETRY_MS)).toEqual(["first"]);
		expect(await pass(shard, DUE + RETRY_MS + MINUTE)).toEqual([]);
		expect(await pass(shard, DUE + 1 + RETRY_MS + MINUTE)).toEqual(["second"]);
	});
});

describe("an escalation of a recurring timer", () => {
	const hourly = { schedule: { everyMs: HOUR, phaseMs: 0 } } as const;
	const steps = [FIRST, { afterMs: 90 * MINUTE, actions: [page("second")] }];

	async function recurring(after: EscalationDoc["after"]): Promise<ShardDriver> {
		setClock(START);
		const shard = newShard();
		const doc = { ...webhooks(1), retry: { maxAttempts: 1 }, escalation: { after, steps } };
		await shard.create(timerOf(START + HOUR, { ...doc, ...hourly }));
		return shard;
	}

	it("[ESC-22] is one at a time, however often the timer fails meanwhile", async () => {
		const shard = await recurring({ attempts: 1 });
		expect(await pass(shard, START + HOUR, 404)).toEqual(["nightly"]);
		expect(await pass(shard, START + HOUR + 1)).toEqual(["first"]);
		expect(await pass(shard, START + 2 * HOUR, 404)).toEqual(["nightly"]);
		expect(await pass(shard, START + 3 * HOUR - 1)).toEqual(["second"]);
		expect(await pass(shard, START + 3 * HOUR, 404)).toEqual(["nightly"]);
		expect(await pass(shard, START + 3 * HOUR + 1)).toEqual(["first"]);
		expect(await escalated(shard)).toMatchObject([
			{ firing: 1, step: 1 },
			{ firing: 1, step: 2 },
			{ step: 1 },
		]);
	});

	it("[ESC-22] goes no further once a later firing is delivered", async () => {
		const shard = await recurring({ attempts: 1 });
		await pass(shard, START + HOUR, 404);
		expect(await pass(shard, START + HOUR + 1)).toEqual(["first"]);
		expect(await pass(shard, START + 2 * HOUR)).toEqual(["nightly"]);
		expect(await pass(shard, START + 3 * HOUR - 1)).toEqual([]);
	});

	it("[ESC-22] waits for one acknowledgement of all its firings so far", async () => {
		const shard = await recurring({ unacknowledgedMs: 30 * MINUTE });
		expect(await pass(shard, START + 3 * HOUR - 1)).toEqual(["nightly", "first", "nightly"]);
		await acknowledge(shard);
		expect(await pass(shard, START + 3 * HOUR + 29 * MINUTE)).toEqual(["nightly"]);
		expect(await pass(shard, START + 3 * HOUR + 30 * MINUTE)).toEqual(["first"]);
		expect(await escalated(shard)).toHaveLength(2);
	});

	it("[ESC-7] goes no further once a dead letter of it is delivered", async () => {
		const shard = await recurring({ attempts: 1 });
		await pass(shard, START + HOUR, 404);
		expect(await pass(shard, START + HOUR + 1)).toEqual(["first"]);
		accepted(await shard.stub().replayDeadLetter(shard.call, 1, 1, 0, null));
		expect(await pass(shard, START + HOUR + 2)).toEqual(["nightly"]);
		expect(await pass(shard, START + 2 * HOUR - 1)).toEqual([]);
		await acknowledge(shard);
		expect(await escalated(shard)).toHaveLength(1);
	});
});

describe("an escalation for want of an acknowledgement", () => {
	it("[ESC-9] begins when a firing has gone unacknowledged for so long", async () => {
		const shard = await scheduled({ escalation: UNANSWERED });
		expect(await pass(shard, DUE)).toEqual(["nightly"]);
		expect(await shard.statusOf(1)).toBe("settled");
		expect(await pass(shard, DUE + 5 * MINUTE - 1)).toEqual([]);
		expect(await pass(shard, DUE + 5 * MINUTE)).toEqual(["first"]);
		expect(await pass(shard, DUE + 15 * MINUTE - 1)).toEqual([]);
		expect(await pass(shard, DUE + 15 * MINUTE)).toEqual(["second"]);
		expect(await escalated(shard)).toMatchObject([
			{ firing: 1, step: 1, reason: "unacknowledged" },
			{ firing: 1, step: 2, reason: "unacknowledged" },
		]);
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
	});

	it("[ESC-10] does not begin, or goes no further, once it is acknowledged", async () => {
		const shard = await scheduled({ escalation: UNANSWERED });
		await pass(shard, DUE);
		expect(await acknowledge(shard)).toMatchObject({ status: "settled" });
		expect(await pass(shard, DUE + HOUR)).toEqual([]);
		const other = await scheduled({ escalation: UNANSWERED });
		await pass(other, DUE + 6 * MINUTE);
		await acknowledge(other);
		expect(await pass(other, DUE + HOUR)).toEqual([]);
		expect(await escalated(other)).toHaveLength(1);
	});

	it("[ESC-10] ends by an agent's acknowledgement where it belongs to a message", async () => {
		const message = { type: "agent", mailbox: "build", escalation: UNANSWERED } as const;
		const shard = await scheduled({ actions: [message] });
		const envelope = only(await shard.advance(DUE));
		const { timer, firing, action, attempt } = only(envelope.deliveries);
		const key = { timer, firing, action, attempt };
		const expiresAt = DUE + 24 * HOUR;
		await shard.report(envelope, [{ ...key, kind: "accepted", expiresAt }]);
		const times = { attempts: 1, leasedAt: DUE + 1, at: DUE + 2 };
		const told = { ...key, ...times, kind: "acknowledged", result: null, reason: null } as const;
		await shard.stub().settleMessages({ mailbox: "build", outcomes: [told] });
		expect(await pass(shard, DUE + HOUR)).toEqual([]);
	});
});

describe("an acknowledgement", () => {
	it("[ESC-11] is an event, is shown, and once more changes nothing", async () => {
		const shard = await scheduled({ escalation: UNANSWERED });
		await pass(shard, DUE);
		const first = await acknowledge(shard);
		expect(JSON.parse(first.doc)).toMatchObject({
			acknowledged: { at: DUE, until: DUE, note: "on it" },
		});
		setClock(DUE + 5);
		expect(await acknowledge(shard)).toEqual(first);
		const { items } = accepted(await shard.stub().events(1, 0, 1));
		expect(items).toMatchObject([
			{ type: "timer.acknowledged", data: { note: "on it", stopped: 1 } },
		]);
	});

	it("[ESC-11] is refused before anything has fired, and for a firing that is yet to come", async () => {
		const shard = await scheduled({ escalation: UNANSWERED });
		expect(refusal(await shard.stub().acknowledge(shard.call, 1, null, null))).toBe("not_fired");
		await pass(shard, DUE);
		expect(refusal(await shard.stub().acknowledge(shard.call, 1, 9, null))).toBe("firing_unknown");
	});

	it("[ESC-11] before the failures keeps them from escalating", async () => {
		const shard = await scheduled({ escalation: AFTER_TWO });
		await pass(shard, DUE, 503);
		await acknowledge(shard);
		await pass(shard, DUE + HOUR, 503);
		expect(await escalated(shard)).toEqual([]);
	});

	it("[ESC-12] lets what a step is sending finish, and drops its retries", async () => {
		const shard = await scheduled({ escalation: UNANSWERED });
		await pass(shard, DUE);
		const envelope = only(await shard.advance(DUE + 5 * MINUTE));
		await acknowledge(shard);
		await shard.report(envelope, answered(envelope, 503));
		expect(await pass(shard, DUE + HOUR)).toEqual([]);
		expect(await shard.deliveries(1)).toMatchObject([
			{ firing: 2, state: "cancelled", attempts: 1 },
			{ firing: 1, state: "delivered" },
		]);
	});
});

describe("the steps of an escalation", () => {
	it("[ESC-13] stop with a cancel, also one that comes after the end", async () => {
		for (const status of [503, 200]) {
			const shard = await scheduled({ escalation: UNANSWERED });
			await pass(shard, DUE, status);
			await shard.stub().cancel(shard.call, 1, null);
			expect(await pass(shard, DUE + HOUR)).toEqual([]);
			expect(await escalated(shard)).toEqual([]);
		}
	});

	it("[ESC-13] are not begun by what was in flight when the timer was cancelled", async () => {
		const shard = await scheduled({ escalation: { after: { attempts: 1 }, steps: [FIRST] } });
		const envelope = only(await shard.advance(DUE));
		await shard.stub().cancel(shard.call, 1, null);
		await shard.report(envelope, answered(envelope, 404));
		expect(await pass(shard, DUE + HOUR)).toEqual([]);
	});

	it("[ESC-14] wait while their timer is paused", async () => {
		const shard = await scheduled({ escalation: UNANSWERED });
		await pass(shard, DUE, 503);
		accepted(await shard.stub().pause(shard.call, 1, null));
		expect(await pass(shard, DUE + 6 * MINUTE)).toEqual([]);
		accepted(await shard.stub().resume(shard.call, 1, null));
		expect((await pass(shard, Date.now() + 1)).sort()).toEqual(["first", "nightly"]);
	});

	it("[ESC-15] outlive a restart before each of them, and none is done twice", async () => {
		const shard = await scheduled({ escalation: UNANSWERED });
		await shard.evict();
		await pass(shard, DUE);
		await shard.reboot();
		const envelope = only(await shard.advance(DUE + 5 * MINUTE));
		await shard.reboot();
		const again = only(await shard.advance(DUE + 5 * MINUTE + 5));
		expect(again).toMatchObject({ claim: envelope.claim, deliveries: [{ firing: 2, attempt: 1 }] });
		await shard.report(again);
		await shard.evict();
		expect(await pass(shard, DUE + 15 * MINUTE)).toEqual(["second"]);
		expect(await escalated(shard)).toHaveLength(2);
	});

	it("[ESC-16] are told once though there was no room for their envelope at first", async () => {
		const shard = await scheduled({ escalation: UNANSWERED });
		await pass(shard, DUE);
		await shard.createMany(64 * 100, timerOf(DUE + 5 * MINUTE - 1, webhooks(1)));
		const full = await shard.advance(DUE + 5 * MINUTE);
		expect(full.length).toBeGreaterThan(0);
		for (const envelope of full) await shard.report(envelope);
		while ((await pass(shard, Date.now() + 1)).length > 0);
		expect(await pass(shard, DUE + 16 * MINUTE)).toEqual(["second"]);
		expect(await escalated(shard)).toHaveLength(2);
	});

	it("[ESC-17] have deliveries and dead letters of their own, which can be replayed", async () => {
		const actions = [page("first"), { type: "agent", mailbox: "on-call" } as const];
		const shard = await scheduled({
			actions: [],
			escalation: { after: { unacknowledgedMs: MINUTE }, steps: [{ actions }] },
		});
		await pass(shard, DUE + MINUTE, 404);
		expect(await shard.deliveries(1)).toMatchObject([
			{ firing: 2, action: 0, state: "dead", request: page("first") },
			{ firing: 2, action: 1, state: "dead", request: { mailbox: "on-call" } },
		]);
		accepted(await shard.stub().replayDeadLetter(shard.call, 1, 2, 0, null));
		expect(await pass(shard, Date.now() + 1)).toEqual(["first"]);
		expect(await escalated(shard)).toHaveLength(1);
	});

	it("[ESC-18] without actions are an event and nothing else", async () => {
		const escalation = { after: { unacknowledgedMs: MINUTE }, steps: [{}, { afterMs: MINUTE }] };
		const shard = await scheduled({ escalation });
		await pass(shard, DUE);
		expect(await pass(shard, DUE + 3 * MINUTE)).toEqual([]);
		expect(await escalated(shard)).toMatchObject([{ step: 1 }, { step: 2 }]);
	});
});
