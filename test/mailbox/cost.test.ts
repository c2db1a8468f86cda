import { describe, expect, it } from "vitest";
import { standStill } from "../shard/clock.ts";
import { byHand, many, newMailbox, ofShard } from "./harness.ts";

standStill();

type Rows = { readonly read: number; readonly written: number };
type Costs = Record<"pull" | "ack" | "retry" | "state" | "put", Rows>;

async function costsWith(depth: number): Promise<Costs> {
	const mailbox = newMailbox();
	const all = many(depth, ofShard);
	for (let from = 0; from < depth; from += 5_000) {
		await mailbox.put(...all.slice(from, from + 5_000));
	}
	const { cost } = mailbox.lab;
	async function rowsOf<T>(work: () => Promise<T>): Promise<[T, Rows]> {
		const { rowsRead, rowsWritten } = cost;
		const answer = await work();
		await mailbox.idle();
		return [answer, { read: cost.rowsRead - rowsRead, written: cost.rowsWritten - rowsWritten }];
	}
	const [{ messages }, pull] = await rowsOf(() => mailbox.pull({ batchSize: 10 }));
	const leaseIds = messages.map((message) => message.leaseId);
	const [, ack] = await rowsOf(() => mailbox.ack(...leaseIds.slice(1)));
	const [, retry] = await rowsOf(() => mailbox.retry(leaseIds[0] ?? ""));
	const [, state] = await rowsOf(() => mailbox.stub().state());
	const [, put] = await rowsOf(() => mailbox.put(byHand(1)));
	return { pull, ack, retry, state, put };
}

describe("rows", () => {
	it("[MAIL-30] pull, ack, retry, put and depth cost the same with 100,000 messages as with 100", {
		timeout: 120_000,
	}, async () => {
		const few = await costsWith(100);
		expect(await costsWith(100_000)).toEqual(few);
		// A row and its index entry, once to lease, twice to settle and tell; and the counters' row.
		expect(few.pull.written).toBeLessThanOrEqual(10 * 2 + 1);
		expect(few.ack.written).toBeLessThanOrEqual(9 * 4 + 1);
		expect(few.state.read).toBeLessThanOrEqual(9);
	});

	it("[MAIL-31] a busy mailbox sets its alarm once for many leases", async () => {
		const mailbox = newMailbox();
		await mailbox.put(...many(100));
		await mailbox.pull({ batchSize: 1 });
		const { alarms } = mailbox.lab.cost;
		for (let i = 0; i < 50; i++) {
			const { messages } = await mailbox.pull({ batchSize: 1 });
			await mailbox.ack(messages[0]?.leaseId ?? "");
		}
		expect(mailbox.lab.cost.alarms).toBe(alarms);
	});
});
