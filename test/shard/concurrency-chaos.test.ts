/** Concurrency keys while timers are made, cancelled, paused and deleted, and the process dies. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Envelope } from "../../src/contract/envelope.ts";
import { parseTimerDoc } from "../../src/core/timer-doc.ts";
import { isEnded, timerStateOf } from "../../src/core/timer-state.ts";
import { parseTrail } from "../../src/core/trail.ts";
import { START, setClock, standStill } from "./clock.ts";
import { answered, newShard, notStarted, timerOf, WEBHOOK } from "./harness.ts";
import { listener, publish } from "./topics.ts";

standStill();

const RUNS = 50;
/** Milliseconds after which no further run begins: a busy machine sees fewer of them. */
const RUNS_LIMIT_MS = 15_000;
const KEYS = ["a", "b"];
/** More rounds than any queue needs to come to an end. */
const ROUNDS_MAX = 200;

const nth = fc.nat({ max: 5 });
const step = fc.oneof(
	{ weight: 4, arbitrary: fc.record({ kind: fc.constant("create"), n: nth, ms: fc.nat(3_000) }) },
	{ weight: 2, arbitrary: fc.record({ kind: fc.constant("listen"), n: nth, ms: fc.constant(0) }) },
	{ weight: 2, arbitrary: fc.record({ kind: fc.constant("publish"), n: nth, ms: fc.constant(0) }) },
	{ weight: 6, arbitrary: fc.record({ kind: fc.constant("advance"), n: nth, ms: fc.nat(4_000) }) },
	{
		weight: 6,
		arbitrary: fc.record({
			kind: fc.constantFrom("deliver", "retry", "fail", "give back"),
			n: nth,
			ms: fc.constant(0),
		}),
	},
	{
		weight: 6,
		arbitrary: fc.record({
			kind: fc.constantFrom("cancel", "pause", "resume", "delete"),
			n: nth,
			ms: fc.constant(0),
		}),
	},
	{
		weight: 1,
		arbitrary: fc.record({
			kind: fc.constantFrom("evict", "reboot"),
			n: nth,
			ms: fc.constant(0),
		}),
	},
);
type Step = { readonly kind: string; readonly n: number; readonly ms: number };

class Run {
	readonly shard = newShard();

	async take({ kind, n, ms }: Step): Promise<void> {
		const { shard } = this;
		const { call } = shard;
		const stub = shard.stub();
		const doc = { ...WEBHOOK, concurrencyKey: KEYS[n % KEYS.length] ?? "a" };
		const retry = { delaysMs: [2_000, 2_000] };
		// Callers know no ids of firings.
		const seq = async () =>
			(await this.timers()).filter(({ parent }) => parent === null)[n]?.id ?? 1;
		switch (kind) {
			case "create":
				await shard.create(timerOf(Date.now() + 1 + ms, { ...doc, retry }));
				break;
			case "listen":
				await shard.create(listener({ event: "go" }, { ...doc, retry }));
				break;
			case "publish":
				await publish(shard, "go", n);
				break;
			case "advance":
				await shard.pass(Date.now() + 1 + ms);
				break;
			case "cancel":
				await stub.cancel(call, await seq(), null);
				break;
			case "pause":
				await stub.pause(call, await seq(), null);
				break;
			case "resume":
				await stub.resume(call, await seq(), null);
				break;
			case "delete":
				await stub.delete(call, await seq(), null);
				break;
			case "evict":
				await shard.evict();
				break;
			case "reboot":
				await shard.reboot();
				break;
			default:
				await this.report(kind, n);
		}
	}

	/** Says of the nth open envelope what became of it. */
	async report(kind: string, n: number): Promise<void> {
		const { shard } = this;
		const claims = await shard.claims();
		const envelope = this.#envelopeOf(claims[n % Math.max(1, claims.length)]?.id);
		if (envelope === undefined) return;
		const status = kind === "deliver" ? 200 : kind === "retry" ? 503 : 404;
		const back = envelope.deliveries.map(notStarted);
		await shard.report(envelope, kind === "give back" ? back : answered(envelope, status));
	}

	#envelopeOf(claim: number | undefined): Envelope | undefined {
		return this.shard.envelopes().findLast((one) => one.claim === claim);
	}

	timers() {
		return this.shard.store((store) => store.timersFrom.all(1, 1_000));
	}

	/** The keys of the firings that have begun and not ended, each once for each of them. */
	async open(): Promise<string[]> {
		const claims = await this.shard.claims();
		const claimed = new Set<string>();
		for (const { deliveries } of claims) {
			const numbers: number[] = JSON.parse(deliveries);
			for (let at = 0; at < numbers.length; at += 5) {
				claimed.add(`${numbers[at]}:${numbers[at + 1]}`);
			}
		}
		return (await this.timers()).flatMap((row) => {
			const state = timerStateOf(row.state);
			const { concurrencyKey, schedule } = parseTimerDoc(row.doc);
			if (isEnded(state) || concurrencyKey === undefined || schedule !== undefined) return [];
			const hasBegun = parseTrail(row.trail).some(
				(entry) => entry[0] === "f" && entry[1] === row.firing,
			);
			const isOpen = hasBegun || claimed.has(`${row.parent ?? row.id}:${row.firing}`);
			return isOpen ? [concurrencyKey] : [];
		});
	}

	async verify(): Promise<void> {
		const open = await this.open();
		expect(open).toEqual([...new Set(open)]);
	}

	/** Everything is delivered until nothing is left; nobody is held up for ever. */
	async finish(): Promise<void> {
		const { shard } = this;
		for (const { id, parent } of await this.timers()) {
			if (parent === null) await shard.stub().resume(shard.call, id, null);
		}
		for (let round = 0; round < ROUNDS_MAX; round++) {
			const rows = await this.timers();
			const isOver = rows.every((row) => {
				const isListening = parseTimerDoc(row.doc).schedule !== undefined;
				return isEnded(timerStateOf(row.state)) || (isListening && row.parent === null);
			});
			if (isOver) break;
			await shard.pass(((await shard.alarmAt()) ?? Date.now()) + 1);
			for (const _ of await shard.claims()) await this.report("deliver", 0);
			await this.verify();
		}
		const left = await shard.inside(({ sql }) =>
			["concurrency_place", "concurrency_turn"].map((table) =>
				sql.exec(`SELECT * FROM ${table}`).toArray(),
			),
		);
		expect(left).toEqual([[], []]);
		expect(await this.open()).toEqual([]);
	}
}

async function run(steps: readonly Step[]): Promise<void> {
	setClock(START);
	const one = new Run();
	await one.take({ kind: "create", n: 0, ms: 0 });
	for (const each of steps) {
		await one.take(each);
		await one.verify();
	}
	await one.finish();
}

describe("chaos", () => {
	it("[CONCUR-12] no key is ever held twice, and none for ever", { timeout: 60_000 }, async () => {
		const property = fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), run);
		await fc.assert(property, { numRuns: RUNS, interruptAfterTimeLimit: RUNS_LIMIT_MS });
	});
});
