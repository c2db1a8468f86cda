import { describe, expect, it } from "vitest";
import { START, setClock, standStill } from "../shard/clock.ts";
import { byHand, DAY_MS, many, newMailbox, ofShard } from "./harness.ts";

standStill();

describe("dead messages", () => {
	async function withDead(count: number) {
		const mailbox = newMailbox();
		await mailbox.put(...many(count, (n) => byHand(n, { expiresAt: START + n * 1_000 })));
		await mailbox.pass(START + count * 1_000);
		return mailbox;
	}

	it("[MAIL-50] are listed oldest first, page by page", async () => {
		const mailbox = await withDead(5);
		const first = await mailbox.stub().deadMessages(null, 3);
		expect(first.more).toBe(true);
		expect(first.items.map(({ id }) => id)).toEqual(["msg_1", "msg_2", "msg_3"]);
		const rest = await mailbox.stub().deadMessages("msg_3", 3);
		expect(rest.more).toBe(false);
		expect(rest.items).toEqual([
			{
				id: "msg_4",
				body: '{"n":4}',
				priority: 5,
				attempts: 0,
				enqueuedAt: START,
				deadAt: START + 4_000,
				reason: "expired",
			},
			expect.objectContaining({ id: "msg_5" }),
		]);
	});

	it("[MAIL-51] one is put back with all its attempts and time, or deleted", async () => {
		const mailbox = await withDead(2);
		expect(await mailbox.stub().replayDead("msg_1")).toBe(true);
		expect(await mailbox.stub().replayDead("msg_1")).toBe(false);
		expect(await mailbox.stub().deleteDead("msg_2")).toBe(true);
		expect(await mailbox.stub().deleteDead("msg_2")).toBe(false);
		expect(await mailbox.stub().state()).toMatchObject({ depth: 1, dead: 0 });
		setClock(START + 2_999);
		expect((await mailbox.pull()).messages).toMatchObject([{ id: "msg_1", attempts: 1 }]);
	});
});

describe("withdrawing", () => {
	it("[MAIL-52] takes deliveries out, leased or not, and says nothing of them", async () => {
		const mailbox = newMailbox();
		await mailbox.put(...many(3, ofShard));
		const [held] = (await mailbox.pull({ batchSize: 1 })).messages;
		await mailbox.stub().withdraw(["dlv_1", "dlv_2", "dlv_9"]);
		expect((await mailbox.ack(held?.leaseId ?? "")).acks[0]?.outcome).toBe("stale");
		// A dispatch that was on its way finds that it has been withdrawn.
		await mailbox.put(ofShard(2));
		expect((await mailbox.pull()).messages).toMatchObject([{ id: "dlv_3" }]);
		expect(await mailbox.stub().state()).toMatchObject({ depth: 0, leased: 1 });
		expect(mailbox.lab.reports).toEqual([]);
	});
});

describe("removing a mailbox", () => {
	it("[MAIL-53] gives up what is in it, tells the shards, and leaves nothing behind", async () => {
		const mailbox = newMailbox();
		await mailbox.put(...many(300, ofShard), ...many(5));
		const { messages } = await mailbox.pull({ batchSize: 1 });
		expect(await mailbox.stub().remove(mailbox.call)).toEqual({ messages: 305 });
		expect(mailbox.outcomes()).toHaveLength(300);
		expect(new Set(mailbox.outcomes().map(({ kind }) => kind))).toEqual(new Set(["removed"]));
		expect(await mailbox.stub().state()).toBeNull();
		expect(await mailbox.pull()).toEqual({ messages: [], backlog: 0 });
		expect((await mailbox.ack(messages[0]?.leaseId ?? "")).acks[0]?.outcome).toBe("stale");
		await mailbox.pass(START + DAY_MS);
		const tables = await mailbox.inside(({ storage }) =>
			storage.sql.exec("SELECT name FROM sqlite_master WHERE name NOT LIKE '_cf%'").toArray(),
		);
		expect(tables).toEqual([]);
	});

	it("[MAIL-54] begins anew with the next message", async () => {
		const mailbox = newMailbox();
		await mailbox.put(ofShard(1));
		await mailbox.stub().remove(mailbox.call);
		setClock(START + 5_000);
		await mailbox.put(byHand(1));
		expect(await mailbox.stub().state()).toMatchObject({ depth: 1, createdAt: START + 5_000 });
		await mailbox.pass(START + DAY_MS);
		expect((await mailbox.pull()).messages).toMatchObject([{ id: "msg_1" }]);
	});
});

describe("an agent that stays away", () => {
	it("[MAIL-60] finds all its work after a day, what it had leased as a second attempt", async () => {
		const mailbox = newMailbox();
		await mailbox.put(...many(20, ofShard));
		const [held] = (await mailbox.pull({ batchSize: 1 })).messages;
		await mailbox.pass(START + DAY_MS);
		await mailbox.evict();
		const { messages, backlog } = await mailbox.pull({ batchSize: 100 });
		expect([messages.length, backlog]).toEqual([20, 0]);
		for (const { id, attempts } of messages) expect(attempts).toBe(id === held?.id ? 2 : 1);
		expect(mailbox.outcomes()).toEqual([]);
	});
});

describe("restarts", () => {
	it("[MAIL-55] leases, delays and counts outlive the object", async () => {
		const mailbox = newMailbox();
		await mailbox.put(...many(3), byHand(4, { visibleAt: START + 1_000 }));
		const [held] = (await mailbox.pull({ batchSize: 1 })).messages;
		await mailbox.evict();
		expect(await mailbox.stub().state()).toEqual({
			depth: 2,
			leased: 1,
			delayed: 1,
			dead: 0,
			oldestAt: START,
			createdAt: START,
		});
		expect((await mailbox.ack(held?.leaseId ?? "")).acks[0]?.outcome).toBe("acknowledged");
		await mailbox.evict();
		expect(await mailbox.alarmAt()).toBeLessThanOrEqual(START + 1_000);
		await mailbox.pass(START + 1_000);
		expect(await mailbox.stub().state()).toMatchObject({ depth: 3, delayed: 0 });
	});

	it("[MAIL-56] an alarm that was lost is set again by waking the mailbox", async () => {
		const mailbox = newMailbox();
		await mailbox.put(byHand(1, { visibleAt: START + 1_000 }));
		await mailbox.inside(({ storage }) => storage.deleteAlarm());
		await mailbox.stub().wake(false);
		expect(await mailbox.alarmAt()).toBe(START + 1_000);
	});

	it("[MAIL-57] much that is due at once is worked off in slices, all of it", async () => {
		const mailbox = newMailbox();
		await mailbox.put(...many(1_000, (n) => byHand(n, { visibleAt: START + 1_000 })));
		const { transactions } = mailbox.lab.cost;
		await mailbox.pass(START + 1_000);
		expect(await mailbox.stub().state()).toMatchObject({ depth: 1_000, delayed: 0 });
		expect(mailbox.lab.cost.transactions - transactions).toBeGreaterThanOrEqual(5);
	});
});
