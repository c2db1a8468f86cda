import { describe, expect, it } from "vitest";
import { START, setClock, standStill } from "../shard/clock.ts";
import { byHand, DAY_MS, many, newMailbox, ofShard } from "./harness.ts";

standStill();

const ids = (answer: { readonly messages: readonly { readonly id: string }[] }) =>
	answer.messages.map((message) => message.id);

describe("taking messages in", () => {
	it("[MAIL-1] an id that is held is left alone, leased, acknowledged or not", async () => {
		const mailbox = newMailbox();
		await mailbox.put(ofShard(1), ofShard(1));
		await mailbox.put(ofShard(1));
		const { messages } = await mailbox.pull();
		expect(messages).toHaveLength(1);
		await mailbox.put(ofShard(1));
		expect((await mailbox.pull()).messages).toEqual([]);
		await mailbox.ack(messages[0]?.leaseId ?? "");
		await mailbox.put(ofShard(1));
		expect((await mailbox.pull()).messages).toEqual([]);
		expect(mailbox.outcomes()).toHaveLength(1);
	});

	it("[MAIL-2] a later attempt of its shard takes its place, and older leases are stale", async () => {
		const mailbox = newMailbox();
		const again = ofShard(1);
		await mailbox.put(again);
		const [old] = (await mailbox.pull()).messages;
		const origin = { shard: 0, timer: 1, firing: 1, action: 0, attempt: 2 };
		await mailbox.put({ ...again, origin });
		const [message] = (await mailbox.pull()).messages;
		expect(message).toMatchObject({ id: "dlv_1", attempts: 1 });
		expect((await mailbox.ack(old?.leaseId ?? "")).acks[0]?.outcome).toBe("stale");
		expect((await mailbox.ack(message?.leaseId ?? "")).acks[0]?.outcome).toBe("acknowledged");
		expect(mailbox.outcomes()).toMatchObject([{ attempt: 2, kind: "acknowledged" }]);
	});
});

describe("pulling", () => {
	it("[MAIL-3] gives the most urgent first, the oldest of them first", async () => {
		const mailbox = newMailbox();
		const priorities = [5, 9, 1, 5, 1];
		await mailbox.put(...many(5, (n) => byHand(n, { priority: priorities[n - 1] ?? 5 })));
		expect(ids(await mailbox.pull({ batchSize: 3 }))).toEqual(["msg_3", "msg_5", "msg_1"]);
		const rest = await mailbox.pull();
		expect(ids(rest)).toEqual(["msg_4", "msg_2"]);
		expect(rest.backlog).toBe(0);
	});

	it("[MAIL-4] leases a message to one agent, for the message's time or the pull's", async () => {
		const mailbox = newMailbox();
		await mailbox.put(...many(3));
		const first = await mailbox.pull({ batchSize: 1 });
		expect(first).toMatchObject({ backlog: 2, messages: [{ leaseExpiresAt: START + 60_000 }] });
		const second = await mailbox.pull({ batchSize: 1, visibilityTimeoutMs: 5_000 });
		expect(second).toMatchObject({ messages: [{ id: "msg_2", leaseExpiresAt: START + 5_000 }] });
	});

	it("[MAIL-5] keeps an answer under 8 MB however much is asked for", async () => {
		const mailbox = newMailbox();
		const body = JSON.stringify("x".repeat(255_000));
		for (let n = 0; n < 40; n += 20) {
			await mailbox.put(...many(20, (i) => byHand(n + i, { body })));
		}
		const { messages } = await mailbox.pull({ batchSize: 100 });
		expect(messages.length).toBeGreaterThan(10);
		expect(messages.length * body.length * 2).toBeLessThanOrEqual(8 * 1_024 * 1_024);
		expect(ids(await mailbox.pull({ batchSize: 100 }))).toContain(`msg_${messages.length + 1}`);
	});

	it("[MAIL-6] a pull, a reading or a withdrawal makes no tables", async () => {
		const mailbox = newMailbox();
		expect(await mailbox.pull()).toEqual({ messages: [], backlog: 0 });
		expect((await mailbox.ack("1-1-0123456789abcdef")).acks[0]?.outcome).toBe("stale");
		await mailbox.stub().withdraw(["dlv_1"]);
		expect(await mailbox.stub().state()).toBeNull();
		const tables = await mailbox.inside(({ storage }) =>
			storage.sql.exec("SELECT name FROM sqlite_master WHERE name NOT LIKE '_cf%'").toArray(),
		);
		expect(tables).toEqual([]);
	});
});

describe("the end of a lease", () => {
	it("[MAIL-7] returns the message to its old place, and an older lease is stale", async () => {
		const mailbox = newMailbox();
		await mailbox.put(...many(2));
		const [old] = (await mailbox.pull({ batchSize: 1 })).messages;
		await mailbox.pass(START + 60_000);
		expect((await mailbox.ack(old?.leaseId ?? "")).acks[0]?.outcome).toBe("stale");
		const [again] = (await mailbox.pull({ batchSize: 1 })).messages;
		expect(again).toMatchObject({ id: "msg_1", attempts: 2 });
		expect((await mailbox.ack(old?.leaseId ?? "")).acks[0]?.outcome).toBe("stale");
		expect((await mailbox.ack(again?.leaseId ?? "")).acks[0]?.outcome).toBe("acknowledged");
	});

	it("[MAIL-8] comes at its instant, however late the alarm is", async () => {
		const mailbox = newMailbox();
		await mailbox.put(byHand(1));
		const [old] = (await mailbox.pull()).messages;
		setClock(START + 60_000);
		expect((await mailbox.ack(old?.leaseId ?? "")).acks[0]?.outcome).toBe("stale");
		expect(ids(await mailbox.pull())).toEqual(["msg_1"]);
	});

	it("[MAIL-9] is moved by extending it, at most to 12 hours from now", async () => {
		const mailbox = newMailbox();
		await mailbox.put(byHand(1));
		const leaseId = (await mailbox.pull()).messages[0]?.leaseId ?? "";
		const extend = (byMs: number) => mailbox.stub().extend(mailbox.call, [{ leaseId, byMs }]);
		expect(await extend(30_000)).toMatchObject([
			{ outcome: "extended", leaseExpiresAt: START + 90_000 },
		]);
		await mailbox.pass(START + 89_999);
		expect(await mailbox.pull()).toEqual({ messages: [], backlog: 0 });
		expect(await extend(12 * 3_600_000)).toMatchObject([
			{ leaseExpiresAt: START + 89_999 + 12 * 3_600_000 },
		]);
		expect((await mailbox.ack(leaseId)).acks[0]?.outcome).toBe("acknowledged");
		expect(await extend(1_000)).toMatchObject([{ outcome: "stale" }]);
	});

	it("[MAIL-10] after the last attempt ends the message: told to its shard, or dead", async () => {
		const mailbox = newMailbox();
		await mailbox.put(ofShard(1, 3, { maxAttempts: 2 }), byHand(2, { maxAttempts: 2 }));
		await mailbox.pull();
		await mailbox.pass(START + 60_000);
		await mailbox.pull();
		await mailbox.pass(START + 120_000);
		expect(await mailbox.pull()).toEqual({ messages: [], backlog: 0 });
		expect(mailbox.lab.reports).toMatchObject([{ shard: 3 }]);
		expect(mailbox.outcomes()).toMatchObject([
			{ timer: 1, kind: "exhausted", attempts: 2, leasedAt: START + 60_000, at: START + 120_000 },
		]);
		const dead = await mailbox.stub().deadMessages(null, 10);
		expect(dead).toMatchObject({ more: false, items: [{ id: "msg_2", reason: "exhausted" }] });
	});
});

describe("retries", () => {
	it("[MAIL-11] a retry returns the message at once or after its delay, and burns an attempt", async () => {
		const mailbox = newMailbox();
		await mailbox.put(byHand(1));
		const lease = async () => (await mailbox.pull()).messages[0];
		const first = await lease();
		expect((await mailbox.retry(first?.leaseId ?? "")).retries[0]?.outcome).toBe("retried");
		const second = await lease();
		expect(second?.attempts).toBe(2);
		await mailbox.retry(second?.leaseId ?? "", 10_000);
		expect(await mailbox.stub().state()).toMatchObject({ depth: 0, delayed: 1 });
		await mailbox.pass(START + 9_999);
		expect(await lease()).toBeUndefined();
		await mailbox.pass(START + 10_000);
		expect((await lease())?.attempts).toBe(3);
	});

	it("[MAIL-16] what comes back as not started has used up no attempt, and its old lease is stale", async () => {
		const mailbox = newMailbox();
		await mailbox.put(ofShard(1, 0, { maxAttempts: 1 }));
		const lease = async () => (await mailbox.pull()).messages[0];
		const first = await lease();
		const answer = await mailbox.retry(first?.leaseId ?? "", 0, true);
		expect(answer.retries[0]?.outcome).toBe("retried");
		const second = await lease();
		expect(second?.attempts).toBe(1);
		expect((await mailbox.retry(first?.leaseId ?? "")).retries[0]?.outcome).toBe("stale");
		await mailbox.retry(second?.leaseId ?? "", 10_000, true);
		await mailbox.pass(START + 10_000);
		const third = await lease();
		expect((await mailbox.retry(third?.leaseId ?? "")).retries[0]?.outcome).toBe("dead");
		expect(mailbox.outcomes()).toMatchObject([{ kind: "exhausted" }]);
	});

	it("[MAIL-12] a retry of the last attempt is the end, and says `dead`", async () => {
		const mailbox = newMailbox();
		await mailbox.put(ofShard(1, 0, { maxAttempts: 1 }));
		const [message] = (await mailbox.pull()).messages;
		expect((await mailbox.retry(message?.leaseId ?? "")).retries[0]?.outcome).toBe("dead");
		expect(mailbox.outcomes()).toMatchObject([{ kind: "exhausted", reason: "not now" }]);
	});
});

describe("expiry", () => {
	it("[MAIL-13] a message that waits burns no attempt, and waits for two weeks", async () => {
		const mailbox = newMailbox();
		await mailbox.put(byHand(1));
		await mailbox.pass(START + 14 * DAY_MS - 1);
		await mailbox.evict();
		expect(await mailbox.stub().state()).toMatchObject({ depth: 1, oldestAt: START });
		expect((await mailbox.pull()).messages).toMatchObject([{ attempts: 1 }]);
	});

	it("[MAIL-14] is then expired: told to its shard, or dead", async () => {
		const mailbox = newMailbox();
		const soon = { expiresAt: START + 1_000 };
		await mailbox.put(ofShard(1, 0, soon), byHand(2, soon), ofShard(3, 0, soon), byHand(4));
		setClock(START + 1_000);
		expect(ids(await mailbox.pull())).toEqual(["msg_4"]);
		await mailbox.idle();
		expect(mailbox.outcomes()).toMatchObject([
			{ timer: 1, kind: "expired", leasedAt: null, attempts: 0 },
			{ timer: 3, kind: "expired" },
		]);
		expect(await mailbox.stub().state()).toMatchObject({ depth: 0, dead: 1, leased: 1 });
	});

	it("[MAIL-15] a message under a lease expires when the lease ends, not before", async () => {
		const mailbox = newMailbox();
		await mailbox.put(
			ofShard(1, 0, { expiresAt: START + 1_000 }),
			ofShard(2, 0, { expiresAt: START + 1_000 }),
		);
		const { messages } = await mailbox.pull();
		await mailbox.pass(START + 59_999);
		await mailbox.ack(messages[0]?.leaseId ?? "");
		await mailbox.pass(START + 60_000);
		expect(mailbox.outcomes()).toMatchObject([{ kind: "acknowledged" }, { kind: "expired" }]);
	});
});

describe("a clock that is set back", () => {
	it("[DRIFT-22] keeps no message from other agents for longer than its lease", async () => {
		const mailbox = newMailbox();
		await mailbox.put(...many(2));
		const [held] = (await mailbox.pull({ batchSize: 1 })).messages;
		setClock(START - DAY_MS);
		await mailbox.stub().wake(true);
		expect(await mailbox.alarmAt()).toBe(START - DAY_MS + 1);
		await mailbox.pass(START - DAY_MS + 59_999);
		expect(ids(await mailbox.pull())).toEqual(["msg_2"]);
		await mailbox.pass(START - DAY_MS + 60_000);
		const again = await mailbox.pull();
		expect(again.messages).toMatchObject([{ id: "msg_1", attempts: 2 }]);
		expect((await mailbox.ack(held?.leaseId ?? "")).acks[0]?.outcome).toBe("stale");
	});
});
