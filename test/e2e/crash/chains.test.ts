/**
 * Kills a real network between the steps of chains and starts it again: every step of every chain
 * is taken, in order, and none of them twice.
 */
import { describe, expect, it } from "vitest";
import type { ApiClient } from "../../helpers/api-client.ts";
import { begin, type Run, restart } from "../../helpers/killable-run.ts";

const CHAINS = 20;
const STEPS = 5;
const STEP_MS = 300;

async function killAndRestart(run: Run): Promise<void> {
	await run.network.kill("SIGKILL", "both");
	await restart(run);
}

async function create(client: ApiClient, body: object): Promise<string> {
	const created = await client.call<{ id: string }>("POST", "/v1/timers", body);
	expect(created.status).toBe(201);
	return created.body.id;
}

describe("kill -9 within chains", () => {
	it("[CHAIN-70] takes every step of every chain, in order, and each firing once", {
		timeout: 120_000,
	}, async () => {
		const run = await begin();
		const chains: string[][] = [];
		for (let chain = 0; chain < CHAINS; chain++) {
			const ids: string[] = [];
			for (let step = 0; step < STEPS; step++) {
				const dependsOn = ids.slice(-1);
				const actions = [
					{ type: "webhook", url: `${run.receiver.url}/hook`, body: { chain, step } },
				];
				const when = step === 0 ? 3_000 + chain * 10 : STEP_MS;
				ids.push(await create(run.client, { in: when, actions, dependsOn }));
			}
			chains.push(ids);
		}
		for (let step = 1; step < STEPS; step++) {
			// Some of this step are out, and most are not.
			await run.receiver.waitFor((step - 1) * CHAINS + 5, 30_000);
			await killAndRestart(run);
		}
		for (const ids of chains) {
			for (const id of ids) {
				const { status, body } = await run.client.call<{ status: string }>(
					"GET",
					`/v1/timers/${id}/wait?timeout=30s`,
				);
				expect([status, body.status]).toEqual([200, "settled"]);
				const events = await run.client.call<{ items: { type: string }[] }>(
					"GET",
					`/v1/timers/${id}/events?limit=1000`,
				);
				const types = events.body.items.map((event) => event.type);
				expect(types.filter((type) => type === "timer.fired")).toHaveLength(1);
				expect(types.filter((type) => type === "timer.settled")).toHaveLength(1);
			}
		}
		for (let chain = 0; chain < CHAINS; chain++) {
			const steps = run.receiver.received
				.map(({ body }) => JSON.parse(body))
				.filter((sent) => sent.chain === chain)
				.map((sent) => sent.step);
			// What was in flight when the network died may come again, but never after its successor.
			expect(steps).toEqual(steps.toSorted());
			expect(new Set(steps).size).toBe(STEPS);
		}
		const sent = new Map(
			run.receiver.received.map(({ headers, body }) => [headers["webhook-id"], body]),
		);
		expect(sent.size).toBe(CHAINS * STEPS);
	});
});
