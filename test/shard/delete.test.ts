import { describe, expect, it } from "vitest";
import type { TimerChange } from "../../durable-objects/tenant-shard/rpc.ts";
import { START, setClock, standStill } from "./clock.ts";
import { DUE, scheduled } from "./firing.ts";
import { accepted, answered, only, refusal, type ShardDriver, timerOf } from "./harness.ts";
import { heldEvents } from "./reading.ts";

standStill();

const NO_CHANGE: TimerChange = {
	dueAt: null,
	extendMs: null,
	docPatch: null,
	ifMatch: null,
	horizonAt: Number.MAX_SAFE_INTEGER,
};

function patch(shard: ShardDriver, change: Partial<TimerChange>, seq = 1) {
	return shard.stub().patch(shard.call, seq, { ...NO_CHANGE, ...change });
}

describe("deleting a timer", () => {
	const remove = (shard: ShardDriver, seq = 1) => shard.stub().delete(shard.call, seq, null);

	/** The timers that events name. */
	const held = async (shard: ShardDriver) => (await heldEvents(shard)).map(({ timer }) => timer);

	it("[SHARD-20] removes it with its deliveries and events, and leaves others alone", async () => {
		const shard = await scheduled(2, { retry: { delaysMs: [] } });
		await shard.create(timerOf(DUE));
		const envelope = only(await shard.advance(DUE));
		await shard.report(envelope, answered(envelope, 503));
		const others = await shard.events(2);
		expect(accepted(await remove(shard))).toEqual({ deliveries: 2, events: 7 });
		expect(refusal(await shard.stub().get(1))).toBe("not_found");
		expect(refusal(await remove(shard))).toBe("not_found");
		expect(await shard.events(2)).toEqual(others);
		// Only the event that it was deleted names it.
		expect((await held(shard)).filter((timer) => timer === 1)).toHaveLength(1);
		expect(await shard.store((store) => store.listDeliveries.all(1))).toEqual([]);
	});

	it("[SHARD-20] removes the events of a firing that came to nothing", async () => {
		const shard = await scheduled();
		const envelope = only(await shard.advance(DUE));
		await shard.report(envelope, []);
		expect(accepted(await remove(shard))).toEqual({ deliveries: 1, events: 2 });
		expect(await held(shard)).toEqual([1]);
		expect(await shard.advance(DUE + 1_000)).toEqual([]);
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
	});

	it("[SHARD-20] removes the events that its own group has just made", async () => {
		const shard = await scheduled();
		const [, removed] = await Promise.all([patch(shard, { dueAt: DUE + 5 }), remove(shard)]);
		expect(accepted(removed)).toEqual({ deliveries: 0, events: 2 });
		expect(await held(shard)).toEqual([1]);
	});

	it("[SHARD-21] is refused while a claim is open", async () => {
		const shard = await scheduled(2);
		const envelope = only(await shard.advance(DUE));
		expect(refusal(await remove(shard))).toBe("in_flight");
		await shard.report(envelope, answered(envelope, 200).slice(0, 1), false);
		expect(refusal(await remove(shard))).toBe("in_flight");
		await shard.report(envelope);
		accepted(await remove(shard));
	});

	it("[SHARD-21] is not refused for a timer that has settled in an envelope still open", async () => {
		for (const evict of [false, true]) {
			setClock(START);
			const shard = await scheduled();
			await shard.create(timerOf(DUE));
			const envelope = only(await shard.advance(DUE));
			await shard.report(envelope, answered(envelope, 200).slice(0, 1), false);
			if (evict) await shard.evict();
			accepted(await remove(shard));
			expect(await shard.stub().usage()).toMatchObject({ active: 1 });
		}
	});

	it("[SHARD-22] a late outcome of a deleted timer changes nothing", async () => {
		const shard = await scheduled();
		const envelope = only(await shard.advance(DUE));
		await shard.report(envelope, answered(envelope, 503));
		accepted(await remove(shard));
		await shard.report(envelope);
		expect(refusal(await shard.stub().get(1))).toBe("not_found");
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
	});
});
