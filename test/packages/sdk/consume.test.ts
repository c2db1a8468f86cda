/** The consumer of a mailbox, against a mailbox that the test drives and breaks. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
	type ConsumeOptions,
	type Handler,
	Minoots,
	RetryLater,
} from "../../../packages/sdk/src/index.ts";
import { MailboxServer, type Trouble } from "./mailbox-server.ts";
import { fc, test as property } from "./properties.ts";
import { problem, rejection, scriptedFetch } from "./scripted-fetch.ts";

/** How a lease may end that reached its consumer. */
const ENDS = ["acknowledged", "retried", "not started"];
const LEASE_MS = 900;
/** Longer than any pause between tries of a call, so that a lease outlives a lost answer or two. */
const LONG_LEASE_MS = 60_000;

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

function consume(server: MailboxServer, handler: Handler, options: ConsumeOptions) {
	const minoots = new Minoots({ url: "https://network.example", fetch: server.fetch });
	const stop = new AbortController();
	let isOver = false;
	const over = minoots.mailboxes
		.consume("work", handler, { signal: stop.signal, waitMs: 1_000, ...options })
		.finally(() => {
			isOver = true;
		});
	over.catch(() => {}); // told by the caller's await
	/** Lets time go by until it has stopped. */
	const stopped = async () => {
		stop.abort();
		while (!isOver) await vi.advanceTimersByTimeAsync(50);
		return over;
	};
	return { stop, stopped, over };
}

function sleep(ms: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, ms));
}

/** A handler's run: how long it takes, and how it ends. */
const runs = fc.record({
	tookMs: fc.integer({ min: 0, max: 4_000 }),
	ends: fc.constantFrom("returns", "throws", "later"),
});
const troubles = fc.constantFrom<Trouble>("none", "none", "none", "lost_request", "lost_answer");

describe("a consumer", () => {
	property(
		"[SDK-50] every lease is acknowledged or given back once, whatever is lost and whenever it stops",
		[
			fc.integer({ min: 0, max: 12 }),
			fc.array(runs, { minLength: 1, maxLength: 20 }),
			fc.array(troubles, { maxLength: 40 }),
			fc.record({
				concurrency: fc.integer({ min: 1, max: 5 }),
				batchSize: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
				drainMs: fc.option(fc.integer({ min: 0, max: 3_000 }), { nil: undefined }),
			}),
			fc.integer({ min: 0, max: 15_000 }),
		],
		async (count, script, lost, options, stopAfterMs) => {
			vi.useFakeTimers();
			const server = new MailboxServer();
			for (let index = 0; index < count; index++) server.put(`m${index}`);
			let calls = 0;
			server.trouble = () => lost[calls++] ?? "none";
			let handled = 0;
			let inHand = 0;
			const finished = new Map<string, string>();
			const handler: Handler = async ({ id, leaseId }, { signal }) => {
				const { tookMs, ends } = script[handled++ % script.length] ?? {
					tookMs: 0,
					ends: "returns",
				};
				inHand += 1;
				expect(inHand).toBeLessThanOrEqual(options.concurrency);
				await sleep(tookMs);
				inHand -= 1;
				if (!signal.aborted) finished.set(leaseId, ends);
				if (ends === "throws") throw new Error(`no ${id}`);
				if (ends === "later") throw new RetryLater(`later ${id}`, { delayMs: 10 });
				return { did: id };
			};
			const settings = { ...options, visibilityTimeoutMs: LONG_LEASE_MS, retryDelayMs: 20 };
			const { stopped } = consume(server, handler, settings);
			await vi.advanceTimersByTimeAsync(stopAfterMs);
			await stopped();
			// A pull whose answer was lost leased what nobody got: that comes again by itself.
			const lostLeases = new Set<string>();
			for (const { fates, attempts, id, isDone } of server.messages) {
				let leases = 0;
				for (const [index, fate] of fates.entries()) {
					if (fate === "leased") {
						leases += 1;
						const next = fates[index + 1];
						if (next === undefined || !ENDS.includes(next)) lostLeases.add(`${id}/${leases}`);
					}
				}
				expect(leases).toBe(attempts);
				expect(fates.filter((fate) => fate === "acknowledged")).toHaveLength(isDone ? 1 : 0);
			}
			for (const [leaseId, ends] of finished) {
				const [id = "", attempt] = leaseId.split("/");
				const fates = server.messages.find((one) => one.id === id)?.fates ?? [];
				const at = fates.flatMap((fate, index) => (fate === "leased" ? [index] : []));
				const fate = fates[(at[Number(attempt) - 1] ?? 0) + 1];
				expect(fate).toBe(ends === "returns" ? "acknowledged" : "retried");
				lostLeases.delete(leaseId);
			}
			if (!lost.includes("lost_answer")) expect([[...lostLeases], server.stale]).toEqual([[], 0]);
			// Handlers that were not waited for end now, and nothing is said of them.
			await vi.advanceTimersByTimeAsync(5_000);
			if (!lost.includes("lost_answer")) expect(server.stale).toBe(0);
			vi.clearAllTimers();
		},
		{ numRuns: 150 },
	);

	test("[SDK-51] leases last while handlers run, and no longer than a lease once they stop", async () => {
		const server = new MailboxServer();
		server.put("slow");
		const options = { visibilityTimeoutMs: LEASE_MS };
		const handler = () => sleep(20 * LEASE_MS).then(() => ({ ok: true }));
		const { stopped } = consume(server, handler, options);
		await vi.advanceTimersByTimeAsync(10 * LEASE_MS);
		const [message] = server.leased;
		expect(message?.fates).toEqual(["leased"]);
		expect((message?.lease?.until ?? 0) - Date.now()).toBeLessThanOrEqual(LEASE_MS + 100);
		await vi.advanceTimersByTimeAsync(11 * LEASE_MS);
		await stopped();
		expect(server.messages[0]?.fates).toEqual(["leased", "acknowledged"]);
		expect(server.results.get("slow")).toEqual({ ok: true });
	});

	test("[SDK-52] what a handler throws gives its message back, with the reason and a delay", async () => {
		const server = new MailboxServer();
		server.put("m");
		let calls = 0;
		const at: number[] = [];
		const handler: Handler = () => {
			at.push(Date.now());
			calls += 1;
			if (calls === 1) throw new RetryLater("busy", { delayMs: 5_000 });
			if (calls === 2) throw new TypeError("broken");
			const result: { self?: unknown } = {};
			if (calls === 3) result.self = result;
			return result;
		};
		const { stopped } = consume(server, handler, {});
		await vi.advanceTimersByTimeAsync(30_000);
		await stopped();
		expect(server.reasons.slice(0, 2)).toEqual(["busy", "broken"]);
		expect(server.reasons[2]).toContain("circular");
		const [first = 0, second = 0, third = 0] = at;
		expect(second - first).toBeGreaterThanOrEqual(5_000);
		// 1 s doubled at the second attempt, a random half of it at least.
		expect(third - second).toBeGreaterThanOrEqual(1_000);
		expect(server.messages[0]?.fates.at(-1)).toBe("acknowledged");

		const again = new MailboxServer();
		again.put("m");
		const retryDelayMs = vi.fn(() => 100_000);
		const failing = consume(again, () => Promise.reject(new Error("no")), { retryDelayMs });
		await vi.advanceTimersByTimeAsync(5_000);
		await failing.stopped();
		expect(retryDelayMs).toHaveBeenCalledOnce();
		expect(again.messages[0]?.readyAt).toBeGreaterThanOrEqual(95_000);
	});

	test("[SDK-53] a handler whose lease is lost is told so, and its result is not sent", async () => {
		const server = new MailboxServer();
		server.put("m");
		const told: unknown[] = [];
		const handler: Handler = async (_, { signal }) => {
			signal.addEventListener("abort", () => told.push(signal.reason));
			await sleep(LEASE_MS);
			return "late";
		};
		const { stopped } = consume(server, handler, { visibilityTimeoutMs: LEASE_MS });
		await vi.advanceTimersByTimeAsync(LEASE_MS / 6);
		const [message] = server.messages;
		// As if somebody else had it now.
		if (message !== undefined) message.lease = { id: "another", until: Date.now() + 60_000 };
		await vi.advanceTimersByTimeAsync(2 * LEASE_MS);
		await stopped();
		expect(told).toEqual([new Error("The lease has ended.")]);
		expect(server.results.size).toBe(0);
	});

	test("[SDK-54] a stop finishes what is in hand, and gives back what takes longer than `drainMs`", async () => {
		const server = new MailboxServer();
		for (const id of ["1", "2", "3"]) server.put(id);
		const times: Record<string, number> = { 1: 500, 2: 5_000, 3: 100 };
		const handler: Handler = async ({ id }) => {
			await sleep(times[id] ?? 0);
			return id;
		};
		const { stopped } = consume(server, handler, { concurrency: 2, drainMs: 1_000 });
		await vi.advanceTimersByTimeAsync(50);
		await stopped();
		const fates = server.messages.map((message) => message.fates);
		expect(fates).toEqual([["leased", "acknowledged"], ["leased", "retried"], []]);
		expect(server.reasons[0]).toContain("stopped");
		await vi.advanceTimersByTimeAsync(10_000);
		expect(server.messages[1]?.fates).toEqual(["leased", "retried"]);
	});

	test("[SDK-54] what a long poll brings after the stop is given back at once", async () => {
		const server = new MailboxServer();
		const handler = vi.fn();
		const { stop, stopped } = consume(server, handler, {});
		await vi.advanceTimersByTimeAsync(100);
		stop.abort();
		server.put("late");
		await stopped();
		expect(handler).not.toHaveBeenCalled();
		expect(server.messages[0]?.fates).toEqual(["leased", "not started"]);
		expect(server.messages[0]?.readyAt).toBeLessThanOrEqual(Date.now());
	});

	test("[SDK-55] a network that is away is asked less and less often; a refusal rejects", async () => {
		const server = new MailboxServer();
		server.trouble = () => "lost_request";
		const asked: number[] = [];
		const { stopped } = consume(
			{
				...server,
				fetch: ((...args) => {
					asked.push(Date.now());
					return server.fetch(...args);
				}) satisfies typeof fetch,
			} as MailboxServer,
			() => {},
			{},
		);
		await vi.advanceTimersByTimeAsync(300_000);
		expect(asked.length).toBeGreaterThan(8);
		expect(asked.length).toBeLessThan(30);
		server.trouble = () => "none";
		server.put("m");
		await vi.advanceTimersByTimeAsync(35_000);
		await stopped();
		expect(server.messages[0]?.fates).toEqual(["leased", "acknowledged"]);

		const { fetch, asked: calls } = scriptedFetch(problem(403, "forbidden"));
		const minoots = new Minoots({ url: "https://network.example", fetch });
		const refused = await rejection(minoots.mailboxes.consume("work", () => {}));
		expect(refused).toMatchObject({ code: "forbidden" });
		expect(calls).toHaveLength(1);
	});

	test("[SDK-55] what its own options throw, or cannot mean, rejects too", async () => {
		const server = new MailboxServer();
		server.put("m");
		const retryDelayMs = () => {
			throw new RangeError("mine");
		};
		const { over } = consume(server, () => Promise.reject(new Error("no")), { retryDelayMs });
		await vi.advanceTimersByTimeAsync(5_000);
		expect(await rejection(over)).toEqual(new RangeError("mine"));
		for (const options of [{ concurrency: 0 }, { batchSize: 1.5 }]) {
			const refused = await rejection(consume(server, () => {}, options).over);
			expect(String(refused)).toMatch(/^TypeError: \w+: expected a whole number from 1 on, got/);
		}
	});

	test("[SDK-56] an acknowledgement is repeated while the network is away and the lease may last", async () => {
		const server = new MailboxServer();
		server.put("m");
		let isAway = false;
		server.trouble = () => (isAway ? "lost_request" : "none");
		const handler: Handler = () => {
			isAway = true;
			return "done";
		};
		const { stopped } = consume(server, handler, { visibilityTimeoutMs: LONG_LEASE_MS });
		await vi.advanceTimersByTimeAsync(30_000);
		expect(server.messages[0]?.fates).toEqual(["leased"]);
		isAway = false;
		await stopped();
		expect(server.messages[0]?.fates).toEqual(["leased", "acknowledged"]);
		expect(server.results.get("m")).toBe("done");
	});
});
