import { describe, expect, it } from "vitest";
import { MAILBOX_MESSAGES, OLDEST_MESSAGE, seriesOf } from "../../src/core/metrics-catalog.ts";
import { START, setClock, standStill } from "../shard/clock.ts";
import { dropPushes } from "../shard/held-pushes.ts";
import { byHand, newMailbox } from "./harness.ts";

standStill();

describe("a mailbox's figures", () => {
	it("[METRIC-22] are how many messages wait and since when, pushed together after many changes", async () => {
		dropPushes();
		const mailbox = newMailbox();
		for (let n = 0; n < 20; n++) await mailbox.put(byHand(n));
		setClock(START + 1_000);
		await mailbox.put(byHand(20));
		expect(mailbox.lab.pushes).toEqual([]);

		const [pushed, ...others] = await mailbox.push();
		expect(others).toEqual([]);
		expect(pushed?.gauges).toEqual({
			[seriesOf(MAILBOX_MESSAGES)]: 21,
			[seriesOf(OLDEST_MESSAGE)]: START,
		});

		const { messages } = await mailbox.pull({ batchSize: 100 });
		await mailbox.ack(...messages.map(({ leaseId }) => leaseId));
		expect((await mailbox.push()).at(-1)?.gauges).toEqual({});
	});
});
