/** The ends of recurring timers and of their firings, in the cases that chaos has found. */
import { describe, expect, it } from "vitest";
import { START, setClock, standStill } from "../clock.ts";
import { DUE, firing } from "../firing.ts";
import { accepted, answered, only, outcomeOf, refusal, WEBHOOK, webhooks } from "../harness.ts";
import { at, recurring } from "./every-minute.ts";

standStill();

const NO_RETRY = { ...WEBHOOK, retry: { maxAttempts: 1 } };

describe("a recurring timer", () => {
	it("[FIRE-31] is not cancelled by the cancel of one of its firings", async () => {
		const shard = await recurring({ ...WEBHOOK, overlap: "cancel_other" });
		const first = only(await shard.advance(at(1)));
		const second = only(await shard.advance(at(2)));
		await shard.report(first, answered(first, 404));
		await shard.report(second);
		expect(accepted(await shard.stub().pause(shard.call, 1, null)).status).toBe("paused");
		const row = await shard.store((store) => store.getTimer.first(1));
		expect(row?.trail).not.toContain('["x"');
	});

	it("[FIRE-31] stays cancelled when a firing ends that was once replayed", async () => {
		const shard = await recurring({ ...NO_RETRY, overlap: "allow" });
		const first = only(await shard.advance(at(1)));
		await shard.report(first, answered(first, 404));
		accepted(await shard.stub().replayDeadLetter(shard.call, 1, 1, 0, null));
		const again = only(await shard.advance(Date.now() + 1));
		accepted(await shard.stub().cancel(shard.call, 1, "enough"));
		await shard.report(again);
		expect(await shard.timer(1)).toMatchObject({ status: "cancelled", cancelReason: "enough" });
		expect(await shard.advance(at(5))).toEqual([]);
	});

	it("[FIRE-32] counts the firing in the middle of which it was cancelled", async () => {
		const shard = await recurring();
		const first = only(await shard.advance(at(1)));
		accepted(await shard.stub().cancel(shard.call, 1, null));
		expect((await shard.timer(1)).firedCount).toBe(1);
		await shard.report(first);
		expect(await shard.timer(1)).toMatchObject({ status: "cancelled", firedCount: 1 });
	});

	it("[CTRL-7] keeps an earlier firing that is replayed while it is paused until it is resumed", async () => {
		const shard = await recurring(NO_RETRY);
		const first = only(await shard.advance(at(1)));
		await shard.report(first, answered(first, 404));
		accepted(await shard.stub().pause(shard.call, 1, null));
		accepted(await shard.stub().replayDeadLetter(shard.call, 1, 1, 0, null));
		expect(await shard.advance(at(1) + 10_000)).toEqual([]);
		accepted(await shard.stub().resume(shard.call, 1, null));
		const again = only(await shard.advance(at(1) + 10_001));
		expect(again.deliveries).toMatchObject([{ firing: 1, attempt: 2, dueAt: at(1) }]);
		await shard.report(again);
		expect(await shard.timer(1)).toMatchObject({ status: "scheduled", firedCount: 1 });
	});
});

describe("a timer that waits for its last firings alone", () => {
	async function waiting() {
		const shard = await recurring({ ...WEBHOOK, overlap: "allow" }, 1);
		const last = only(await shard.advance(at(1)));
		expect(await shard.timer(1)).toMatchObject({ status: "firing", remaining: 0 });
		return { shard, last };
	}

	it("[FIRE-33] ends when it is resumed after the last of them, and fires no more", async () => {
		const { shard, last } = await waiting();
		accepted(await shard.stub().pause(shard.call, 1, null));
		await shard.report(last);
		expect(await shard.statusOf(1)).toBe("paused");
		setClock(at(3) + 1);
		expect(accepted(await shard.stub().resume(shard.call, 1, null)).status).toBe("settled");
		expect(await shard.advance(at(9))).toEqual([]);
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
	});

	it("[FIRE-33] is as it was when it is resumed before", async () => {
		const { shard, last } = await waiting();
		accepted(await shard.stub().pause(shard.call, 1, null));
		setClock(at(3) + 1);
		expect(accepted(await shard.stub().resume(shard.call, 1, null)).status).toBe("firing");
		expect(await shard.advance(at(3) + 2)).toEqual([]);
		await shard.report(last);
		expect(await shard.timer(1)).toMatchObject({ status: "settled", firedCount: 1 });
	});

	it("[FIRE-33] refuses changes, since it has no next firing", async () => {
		const { shard, last } = await waiting();
		const change = {
			dueAt: null,
			extendMs: 5_000,
			docPatch: null,
			ifMatch: null,
			horizonAt: Number.MAX_SAFE_INTEGER,
		};
		expect(refusal(await shard.stub().patch(shard.call, 1, change))).toBe("in_flight");
		expect(await shard.advance(at(1) + 10_000)).toEqual([]);
		await shard.report(last);
		expect(await shard.timer(1)).toMatchObject({ status: "settled", firedCount: 1 });
	});

	it("[FIRE-33] ends with the last firing of a backfill, and not between two of them", async () => {
		const shard = await recurring(WEBHOOK, 1);
		const interval = { from: at(-2), to: at(-1), isSequential: true };
		expect(accepted(await shard.stub().backfill(shard.call, 1, interval)).firings).toBe(2);
		const first = only(await shard.advance(START + 1));
		await shard.report(only(await shard.advance(at(1))));
		expect(await shard.statusOf(1)).toBe("firing");
		await shard.report(first);
		expect(await shard.statusOf(1)).toBe("firing");
		await shard.report(only(await shard.advance(at(1) + 1)));
		expect(await shard.timer(1)).toMatchObject({ status: "settled", firedCount: 3 });
		expect((await shard.events(1)).at(-1)).toBe("timer.settled");
	});

	it("[FIRE-33] stays paused when its own last firing ends meanwhile", async () => {
		const shard = await recurring({ ...WEBHOOK, retry: { delaysMs: [5_000] } }, 1);
		accepted(await shard.stub().run(shard.call, 1, null));
		const extra = only(await shard.advance(at(1) - 1));
		const own = only(await shard.advance(at(1)));
		await shard.report(extra, answered(extra, 503));
		accepted(await shard.stub().pause(shard.call, 1, null));
		await shard.report(own);
		expect(await shard.statusOf(1)).toBe("paused");
		expect(await shard.advance(at(2))).toEqual([]);
		accepted(await shard.stub().resume(shard.call, 1, null));
		const again = only(await shard.advance(at(2) + 1));
		expect(again.deliveries).toMatchObject([{ firing: 2, attempt: 2 }]);
		await shard.report(again);
		expect(await shard.timer(1)).toMatchObject({ status: "settled", firedCount: 2 });
	});
});

describe("a timer that ends while it is paused", () => {
	it("[FIRE-36] holds its other firings until it is resumed", async () => {
		const retry = { delaysMs: [5_000] };
		const { shard, envelope: own } = await firing(1, { retry });
		accepted(await shard.stub().run(shard.call, 1, null));
		const extra = only(await shard.advance(DUE + 1));
		await shard.report(extra, answered(extra, 503));
		accepted(await shard.stub().pause(shard.call, 1, null));
		await shard.report(own);
		expect(await shard.statusOf(1)).toBe("settled");
		expect(await shard.advance(DUE + 60_000)).toEqual([]);
		expect(accepted(await shard.stub().resume(shard.call, 1, null)).status).toBe("settled");
		await shard.report(only(await shard.advance(DUE + 60_001)));
		expect(await shard.store((store) => store.listFirings.all(1))).toEqual([]);
		expect(refusal(await shard.stub().resume(shard.call, 1, null))).toBe("already_settled");
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
	});
});

describe("a firing that is cancelled by the next", () => {
	it.each([0, 1])("[FIRE-34] is not claimed with it (%d actions)", async (actions) => {
		const doc = {
			...(actions === 0 ? { message: "m" } : WEBHOOK),
			overlap: "cancel_other",
		} as const;
		const shard = await recurring(doc);
		// The process dies after a firing has its row and before that is claimed.
		let inserts = 0;
		shard.lab.fault = (query) => {
			if (query.includes("INSERT INTO timer")) inserts += 1;
			if (inserts > 0 && /INSERT INTO claim|DELETE FROM timer/.test(query)) throw new Error("died");
		};
		await shard.advance(at(1));
		shard.lab.fault = () => {};
		expect(await shard.store((store) => store.listFirings.all(1))).toHaveLength(1);
		setClock(at(2));
		await shard.evict();
		await shard.ring();
		for (const envelope of shard.take()) await shard.report(envelope);
		const { items } = accepted(await shard.stub().events(1, 0, 100));
		const ends = items.filter(({ type }) => type.startsWith("firing.")).map(({ type }) => type);
		expect(ends).toEqual(["firing.settled", "firing.cancelled"]);
		const fired = items.filter(({ type }) => type === "timer.fired");
		expect(fired.map(({ data }) => data["firing"])).toEqual([2]);
		expect(await shard.stub().usage()).toMatchObject({ active: 1 });
	});

	it("[FIRE-34] sends no retry of it either, while another of its actions is claimed", async () => {
		const retry = { delaysMs: [60_000 - 1] };
		const shard = await recurring(webhooks(2, { retry, overlap: "cancel_other" }));
		const first = only(await shard.advance(at(1)));
		const [, failed] = first.deliveries;
		if (failed === undefined) throw new Error("It has two actions.");
		await shard.report(first, [outcomeOf(failed, 503)], false);
		setClock(at(2));
		await shard.ring();
		const sent = shard.take().flatMap(({ deliveries }) => deliveries);
		expect(sent.map(({ firing }) => firing)).toEqual([2, 2]);
	});
});

describe("the row of a firing", () => {
	it("[FIRE-35] is no timer that a call can name", async () => {
		const shard = await recurring();
		accepted(await shard.stub().run(shard.call, 1, null));
		const [row] = await shard.store((store) => store.listFirings.all(1));
		if (row === undefined) throw new Error("The firing has a row.");
		const stub = shard.stub();
		expect(refusal(await stub.get(row.id))).toBe("not_found");
		expect(refusal(await stub.cancel(shard.call, row.id, null))).toBe("not_found");
		expect(refusal(await stub.run(shard.call, row.id, null))).toBe("not_found");
		expect(refusal(await stub.delete(shard.call, row.id, null))).toBe("not_found");
		expect(refusal(await stub.wait(row.id, 1))).toBe("not_found");
		expect(await stub.existing([1, row.id])).toEqual([true, false]);
		expect(await stub.usage()).toMatchObject({ active: 1 });
	});
});
