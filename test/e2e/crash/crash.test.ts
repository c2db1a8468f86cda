/**
 * Kills parts of a real network at bad moments and starts it again: every acknowledged timer is
 * delivered, repeats carry the same `webhook-id`, and no firing is recorded twice.
 */
import { describe, expect, it } from "vitest";
import type { ApiClient } from "../../helpers/api-client.ts";
import { begin, restart } from "../../helpers/killable-run.ts";
import type { Who } from "../../helpers/network-process.ts";
import type { Receiver } from "../../helpers/receiver.ts";

const TIMERS = 10_000;
/** Long enough for the batch to be acknowledged before the storm begins. */
const LEAD_MS = 3_000;
/** What may be in flight: open envelopes report at least once a second. */
const REPEATS_MAX = 1_000;
/** From the ready line: the first overdue one, and all n of them. */
const FIRST_WITHIN_MS = 200;
const allWithinMs = (n: number) => 1_000 + n / 4;
/** The bounds are for a quiet machine; a test fails only where a user would notice. */
const SLACK = 4;

function webhookIds(receiver: Receiver): string[] {
	return receiver.received.map((request) => request.headers["webhook-id"] ?? "");
}

async function waitForAll(receiver: Receiver, ids: number, timeoutMs: number): Promise<void> {
	const distinct = () => new Set(webhookIds(receiver)).size;
	for (let count = ids; distinct() < ids; ) {
		count = receiver.received.length + ids - distinct();
		await receiver.waitFor(count, timeoutMs);
	}
}

/** A sample of timers, each with exactly one `timer.fired` and one end among its events. */
async function expectRecordedOnce(client: ApiClient, ids: readonly string[]): Promise<void> {
	const step = Math.ceil(ids.length / 100);
	for (let at = 0; at < ids.length; at += step) {
		const id = ids[at] ?? "";
		await client.call("GET", `/v1/timers/${id}/wait?timeout=20s`);
		const events = await client.call<{ items: { type: string }[] }>(
			"GET",
			`/v1/timers/${id}/events?limit=1000`,
		);
		const types = events.body.items.map((event) => event.type);
		expect(types.filter((type) => type === "timer.fired")).toHaveLength(1);
		expect(types.filter((type) => type === "timer.settled")).toHaveLength(1);
	}
}

describe("kill -9 and start again", () => {
	it.each<{ who: Who; after: number; path: string }>([
		{ who: "both", after: 300, path: "/hook" },
		{ who: "launcher", after: 600, path: "/hook" },
		{ who: "workerd", after: 900, path: "/hook" },
		{ who: "both", after: 500, path: "/delay/30" },
	])(
		"[CRASH-1] loses none of 10,000 when $who dies while they are sent to $path",
		{
			timeout: 120_000,
		},
		async ({ who, after, path }) => {
			const run = await begin();
			const at = Date.now() + LEAD_MS;
			const timers = Array.from({ length: TIMERS }, (_, index) => ({
				at: new Date(at).toISOString(),
				actions: [{ type: "webhook", url: run.receiver.url + path, body: { index } }],
			}));
			const ids = await run.client.createAll(timers);
			// Some are out, and most are not.
			await run.receiver.waitFor(after, 20_000);
			await run.network.kill("SIGKILL", who);
			const before = run.receiver.received.length;
			const overdue = TIMERS - new Set(webhookIds(run.receiver)).size;
			expect(overdue).toBeGreaterThan(0);

			await restart(run);
			const readyAt = run.network.ready.at;
			await waitForAll(run.receiver, TIMERS, 60_000);
			const all = webhookIds(run.receiver);
			expect(new Set(all).size).toBe(TIMERS);
			expect(all.length - TIMERS).toBeLessThanOrEqual(REPEATS_MAX);
			const arrivals = run.receiver.received.slice(before).map((request) => request.arrivedAt);
			expect(Math.min(...arrivals) - readyAt).toBeLessThan(FIRST_WITHIN_MS * SLACK);
			if (path === "/hook") {
				expect(Math.max(...arrivals) - readyAt).toBeLessThan(allWithinMs(overdue) * SLACK);
			}
			await expectRecordedOnce(run.client, ids);
		},
	);

	it("[CRASH-2] loses no timer that was acknowledged while they were being created", {
		timeout: 120_000,
	}, async () => {
		const run = await begin();
		const at = new Date(Date.now() + 6_000).toISOString();
		const acknowledged: string[] = [];
		let isKilled = false;
		const createUntilKilled = async () => {
			while (!isKilled) {
				const actions = [{ type: "webhook", url: `${run.receiver.url}/hook` }];
				const created = await run.client
					.call<{ id: string }>("POST", "/v1/timers", { at, actions })
					.catch(() => undefined);
				if (created?.status === 201) acknowledged.push(created.body.id);
				if (acknowledged.length >= 1_000 && !isKilled) {
					isKilled = true;
					await run.network.kill("SIGKILL", "both");
				}
			}
		};
		await Promise.all(Array.from({ length: 16 }, createUntilKilled));
		expect(acknowledged.length).toBeGreaterThanOrEqual(1_000);
		await restart(run);
		for (const id of acknowledged) {
			const { status } = await run.client.call("GET", `/v1/timers/${id}`);
			expect(status).toBe(200);
		}
		// More arrive than were acknowledged: some were stored and their answers lost.
		const timerIds = () =>
			run.receiver.received.map((request) => JSON.parse(request.body).timer.id);
		const missing = () => {
			const delivered = new Set(timerIds());
			return acknowledged.filter((id) => !delivered.has(id));
		};
		while (missing().length > 0) {
			await run.receiver.waitFor(run.receiver.received.length + 1, 30_000);
		}
		expect(missing()).toEqual([]);
	});

	it("[CRASH-3] repeats what was in flight under the same webhook-id, and settles it once", {
		timeout: 60_000,
	}, async () => {
		const run = await begin();
		const created = await run.client.call<{ id: string }>("POST", "/v1/timers", {
			in: 200,
			actions: [{ type: "webhook", url: `${run.receiver.url}/delay/1500` }],
		});
		await run.receiver.waitFor(1);
		await run.network.kill("SIGKILL", "both");
		await restart(run);
		await run.receiver.waitFor(2);
		const [first, second] = webhookIds(run.receiver);
		expect(second).toBe(first);
		await expectRecordedOnce(run.client, [created.body.id]);
	});
});
