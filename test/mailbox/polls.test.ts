import { describe, expect, it, vi } from "vitest";
import { START, standStill } from "../shard/clock.ts";
import { byHand, type MailboxDriver, many, newMailbox } from "./harness.ts";

standStill();

const WAIT_MS = 30_000;

/** `count` long polls, and the object that has got them all. */
async function polls(mailbox: MailboxDriver, count: number, batchSize = 1) {
	const waiting = Array.from({ length: count }, () => mailbox.pull({ batchSize, waitMs: WAIT_MS }));
	// Calls of one caller arrive in order: when this one is answered, the polls have come in.
	await mailbox.pull({ batchSize });
	return waiting;
}

describe("long polls", () => {
	it("[MAIL-20] a poll is answered when a message comes in", async () => {
		const mailbox = newMailbox();
		const [poll] = await polls(mailbox, 1);
		await mailbox.put(byHand(1));
		expect(await poll).toMatchObject({ messages: [{ id: "msg_1", attempts: 1 }], backlog: 0 });
	});

	it("[MAIL-20] or when a delay or a lease ends, or a retry returns one", async () => {
		const mailbox = newMailbox();
		await mailbox.put(byHand(1, { visibleAt: START + 1_000 }));
		const [delayed] = await polls(mailbox, 1);
		await mailbox.pass(START + 1_000);
		expect(await delayed).toMatchObject({ messages: [{ attempts: 1 }] });
		const [returned] = await polls(mailbox, 1);
		await mailbox.pass(START + 61_000);
		const [message] = (await returned)?.messages ?? [];
		expect(message?.attempts).toBe(2);
		const [retried] = await polls(mailbox, 1);
		await mailbox.retry(message?.leaseId ?? "");
		expect(await retried).toMatchObject({ messages: [{ attempts: 3 }] });
	});

	it("[MAIL-21] a poll that has waited long enough is answered with nothing", async () => {
		const mailbox = newMailbox();
		expect(await mailbox.pull({ waitMs: 10 })).toEqual({ messages: [], backlog: 0 });
		// It has left: what comes in stays for the next.
		await mailbox.put(byHand(1));
		expect((await mailbox.pull()).messages).toMatchObject([{ attempts: 1 }]);
	});

	it("[MAIL-22] polls are served in the order in which they came", async () => {
		const mailbox = newMailbox();
		const waiting = await polls(mailbox, 3, 2);
		const served: number[] = [];
		for (const [index, poll] of waiting.entries()) void poll.then(() => served.push(index));
		await mailbox.put(...many(3));
		await vi.waitUntil(() => served.length === 2);
		expect((await waiting[0])?.messages).toMatchObject([{ id: "msg_1" }, { id: "msg_2" }]);
		expect((await waiting[1])?.messages).toMatchObject([{ id: "msg_3" }]);
		await mailbox.put(byHand(4));
		expect((await waiting[2])?.messages).toMatchObject([{ id: "msg_4" }]);
	});

	it("[MAIL-23] fifty agents share the work, and no message is leased twice", async () => {
		const mailbox = newMailbox();
		const taken = new Map<number, string[]>();
		const work = async (agent: number) => {
			const mine: string[] = [];
			taken.set(agent, mine);
			for (;;) {
				const { messages } = await mailbox.pull({ batchSize: 2, waitMs: 500 });
				if (messages.length === 0) return;
				mine.push(...messages.map((message) => message.id));
				const { acks } = await mailbox.ack(...messages.map((message) => message.leaseId));
				expect(acks.every(({ outcome }) => outcome === "acknowledged")).toBe(true);
			}
		};
		const agents = Array.from({ length: 50 }, (_, agent) => work(agent));
		const messages = many(1_000);
		for (let from = 0; from < 1_000; from += 100) {
			await mailbox.put(...messages.slice(from, from + 100));
		}
		await Promise.all(agents);
		const all = [...taken.values()].flat();
		expect(all).toHaveLength(1_000);
		expect(new Set(all).size).toBe(1_000);
		expect([...taken.values()].every((mine) => mine.length > 0)).toBe(true);
	});

	it("[MAIL-24] a thousand idle polls cost no storage operation", async () => {
		const mailbox = newMailbox();
		await mailbox.put(byHand(1));
		await mailbox.pull();
		const { cost } = mailbox.lab;
		const before = { ...cost };
		const started = Date.now();
		const waiting = Array.from({ length: 1_000 }, () => mailbox.pull({ waitMs: 200 }));
		const answers = await Promise.all(waiting);
		expect(Date.now()).toBe(started);
		expect(answers.every(({ messages }) => messages.length === 0)).toBe(true);
		const { rowsRead, rowsWritten, alarms, transactions } = cost;
		expect({ rowsRead, rowsWritten, alarms, transactions }).toEqual({
			rowsRead: before.rowsRead,
			rowsWritten: before.rowsWritten,
			alarms: before.alarms,
			transactions: before.transactions,
		});
	});
});
