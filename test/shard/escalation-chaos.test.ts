/** Escalations whose timer is delivered, fails, is paused, acknowledged and restarted at random. */
import fc from "fast-check";
import { it } from "vitest";
import type { EscalationDoc } from "../../src/core/timer-doc.ts";
import { MINUTE } from "../../src/core/units.ts";
import { START, setClock, standStill } from "./clock.ts";
import { accepted, answered, newShard, type ShardDriver, timerOf, webhooks } from "./harness.ts";

standStill();

const RUNS = 15;
const STEPS = 3;

const escalation = fc.record({
	after: fc.constantFrom({ attempts: 1 }, { attempts: 2 }, { unacknowledgedMs: 2 * MINUTE }),
	steps: fc.array(
		fc.record(
			{
				afterMs: fc.constantFrom(1, MINUTE, 5 * MINUTE),
				actions: fc.constant(webhooks(1).actions ?? []),
			},
			{ requiredKeys: [] },
		),
		{ minLength: STEPS, maxLength: STEPS },
	),
});
const happening = fc.oneof(
	{
		weight: 4,
		arbitrary: fc.record({
			kind: fc.constant("pass" as const),
			ms: fc.integer({ min: 1, max: 8 * MINUTE }),
			status: fc.constantFrom(200, 503, 503, 404),
		}),
	},
	{
		weight: 1,
		arbitrary: fc.record({
			kind: fc.constantFrom("evict", "reboot", "pause", "resume", "acknowledge"),
		}),
	},
);

type Told = { type: string; data: { firing: number; step: number } };

/** Steps are told one after the other, and none for what had fired before an acknowledgement. */
function check(events: readonly Told[]): void {
	const told = new Map<number, number>();
	const fired = new Set<number>();
	let acknowledged = new Set<number>();
	for (const { type, data } of events) {
		if (type === "timer.fired") fired.add(data.firing);
		if (type === "timer.acknowledged") acknowledged = new Set(fired);
		if (type !== "timer.escalated") continue;
		const { firing, step } = data;
		if (acknowledged.has(firing)) throw new Error(`firing ${firing} was acknowledged`);
		if (step !== (told.get(firing) ?? 0) + 1) throw new Error(`step ${step} of ${firing}`);
		told.set(firing, step);
	}
}

async function eventsOf(shard: ShardDriver): Promise<Told[]> {
	const { items } = accepted(await shard.stub().events(1, 0, 10_000));
	// The test reads only members that these events have.
	return items.toReversed() as unknown as Told[];
}

it("[ESC-15] tells each step once and in order, whatever happens", { timeout: 60_000 }, async ({
	expect,
}) => {
	let total = 0;
	const property = fc.asyncProperty(
		escalation,
		fc.boolean(),
		fc.array(happening, { minLength: 5, maxLength: 20 }),
		async (policy: EscalationDoc, recurs, happenings) => {
			setClock(START);
			const shard = newShard();
			const schedule = { everyMs: 7 * MINUTE, phaseMs: 0 };
			const doc = { ...webhooks(1), escalation: policy, retry: { delaysMs: [MINUTE] } };
			await shard.create(timerOf(START + MINUTE, recurs ? { ...doc, schedule } : doc));
			for (const one of happenings) {
				if (one.kind === "pass") await pass(shard, Date.now() + one.ms, one.status);
				else if (one.kind === "evict") await shard.evict();
				else if (one.kind === "reboot") await shard.reboot();
				else if (one.kind === "acknowledge")
					await shard.stub().acknowledge(shard.call, 1, null, null);
				else await shard.stub()[one.kind](shard.call, 1, null);
			}
			const events = await eventsOf(shard);
			check(events);
			const told = events.filter(({ type }) => type === "timer.escalated");
			total += told.length;
		},
	);
	await fc.assert(property, { numRuns: RUNS });
	expect(total).toBeGreaterThan(RUNS);
});

async function pass(shard: ShardDriver, to: number, status: number): Promise<void> {
	for (let at = Date.now(); at < to; ) {
		at = Math.min(to, Math.max(at + 1, (await shard.alarmAt()) ?? to));
		for (const envelope of await shard.advance(at)) {
			await shard.report(envelope, answered(envelope, status));
		}
	}
}
