import { describe, expect, it, vi } from "vitest";
import { STATE } from "../../durable-objects/agent-mailbox/constants.ts";
import { START, standStill } from "../shard/clock.ts";
import { byHand, many, newMailbox, ofShard } from "./harness.ts";

standStill();

const isTold = ({ storage }: DurableObjectState) =>
	storage.sql.exec("SELECT 1 FROM message WHERE state <> ?", STATE.told).toArray().length === 0;

async function leased(count = 1) {
	const mailbox = newMailbox();
	await mailbox.put(...many(count, (n) => ofShard(n, n % 2)));
	const { messages } = await mailbox.pull({ batchSize: 100 });
	return { mailbox, leaseIds: messages.map((message) => message.leaseId) };
}

describe("acknowledgements", () => {
	it("[MAIL-40] are told to their shards before they are answered, in one call a shard", async () => {
		const { mailbox, leaseIds } = await leased(6);
		const { acks } = await mailbox.ack(...leaseIds);
		expect(acks.map(({ outcome }) => outcome)).toEqual(Array(6).fill("acknowledged"));
		const { reports } = mailbox.lab;
		expect(reports.map(({ shard }) => shard).sort()).toEqual([0, 1]);
		const [first] = reports.filter(({ shard }) => shard === 1);
		expect(first?.report).toMatchObject({
			mailbox: "build-agents",
			outcomes: [{ timer: 1 }, { timer: 3 }, { timer: 5 }],
		});
		expect(first?.report.outcomes[0]).toEqual({
			timer: 1,
			firing: 1,
			action: 0,
			attempt: 1,
			kind: "acknowledged",
			attempts: 1,
			leasedAt: START,
			at: START,
			result: '{"ok":true}',
			reason: null,
		});
	});

	it("[MAIL-41] a message put in by hand is gone, and no shard hears of it", async () => {
		const mailbox = newMailbox();
		await mailbox.put(byHand(1));
		const { messages } = await mailbox.pull();
		await mailbox.ack(messages[0]?.leaseId ?? "");
		expect(mailbox.lab.reports).toEqual([]);
		const rows = await mailbox.inside(({ storage }) =>
			storage.sql.exec("SELECT seq FROM message").toArray(),
		);
		expect(rows).toEqual([]);
	});

	it("[MAIL-42] one acknowledges, a second of the same lease is stale", async () => {
		const { mailbox, leaseIds } = await leased();
		const [leaseId = ""] = leaseIds;
		const { acks } = await mailbox.ack(leaseId, leaseId);
		expect(acks.map(({ outcome }) => outcome)).toEqual(["acknowledged", "stale"]);
		expect((await mailbox.retry(leaseId)).retries[0]?.outcome).toBe("stale");
		expect(mailbox.outcomes()).toHaveLength(1);
	});

	it("[MAIL-43] a lease that nobody gave out is stale and changes nothing", async () => {
		const { mailbox, leaseIds } = await leased();
		const [leaseId = ""] = leaseIds;
		const guesses = ["", "1", leaseId.slice(0, -1), `${leaseId.slice(0, -16)}${"0".repeat(16)}`];
		const { acks } = await mailbox.ack(...guesses, leaseId.replace("1-1-", "1-2-"));
		expect(new Set(acks.map(({ outcome }) => outcome))).toEqual(new Set(["stale"]));
		expect(await mailbox.stub().state()).toMatchObject({ leased: 1 });
	});
});

describe("a shard that does not answer", () => {
	it("[MAIL-44] holds an acknowledgement up for 2 s, after which it stands", async () => {
		const { mailbox, leaseIds } = await leased();
		let hasAnswered = false;
		mailbox.lab.onReport = async () => {
			await scheduler.wait(2_500);
			hasAnswered = true;
		};
		expect((await mailbox.ack(...leaseIds)).acks[0]?.outcome).toBe("acknowledged");
		expect(hasAnswered).toBe(false);
		// The late answer counts: the alarm has nothing to repeat.
		await vi.waitUntil(() => hasAnswered, { timeout: 3_000 });
		await vi.waitUntil(async () => await mailbox.inside(isTold));
		await mailbox.pass(START + 60_000);
		expect(mailbox.outcomes()).toHaveLength(1);
	});

	it("[MAIL-45] is told again by the alarm, with the same outcome, until it has taken it", async () => {
		const { mailbox, leaseIds } = await leased();
		mailbox.lab.onReport = () => {
			throw new Error("The shard is away, as the test asked.");
		};
		await mailbox.ack(...leaseIds);
		await mailbox.evict();
		await mailbox.pass(START + 60_000);
		mailbox.lab.onReport = () => {};
		await mailbox.pass(START + 6 * 60_000);
		const tries = mailbox.outcomes();
		expect(tries.length).toBeGreaterThan(4);
		expect(tries.length).toBeLessThan(10);
		expect(new Set(tries.map((outcome) => JSON.stringify(outcome))).size).toBe(1);
		await mailbox.pass(START + 30 * 60_000);
		expect(mailbox.outcomes()).toHaveLength(tries.length);
		expect(await mailbox.alarmAt()).toBeNull();
	});

	it("[MAIL-46] an acknowledgement it has not heard of outlives a new dispatch", async () => {
		const { mailbox, leaseIds } = await leased();
		mailbox.lab.onReport = () => {
			throw new Error("The shard is away, as the test asked.");
		};
		await mailbox.ack(...leaseIds);
		const origin = { shard: 1, timer: 1, firing: 1, action: 0, attempt: 2 };
		await mailbox.put({ ...ofShard(1), origin });
		expect((await mailbox.pull()).messages).toEqual([]);
		mailbox.lab.onReport = () => {};
		await mailbox.pass(START + 60_000);
		expect(mailbox.outcomes().at(-1)).toMatchObject({ kind: "acknowledged", attempt: 2 });
	});

	it("[MAIL-58] holds other messages up for a quarter of a second at most", async () => {
		const { mailbox, leaseIds } = await leased();
		mailbox.lab.onReport = () => {
			throw new Error("The shard is away, as the test asked.");
		};
		await mailbox.ack(...leaseIds);
		// Rings together with the repetition, which the shard now leaves unanswered.
		await mailbox.put(byHand(2, { visibleAt: START + 5_000 }));
		let hasAnswered = false;
		mailbox.lab.onReport = async () => {
			await scheduler.wait(1_000);
			hasAnswered = true;
		};
		const poll = mailbox.pull({ waitMs: 30_000 });
		await mailbox.pull();
		await mailbox.pass(START + 5_000);
		expect((await poll).messages).toMatchObject([{ id: "msg_2" }]);
		expect(hasAnswered).toBe(false);
		await vi.waitUntil(() => hasAnswered, { timeout: 3_000 });
	});
});
