/** Ends real networks under open streams: every reader goes on without a gap or a repeat. */
import { expect, it } from "vitest";
import { type ApiClient, createApiClient } from "../../helpers/api-client.ts";
import { type EventReader, startEventReader } from "../../helpers/event-reader.ts";
import { type NetworkProcess, startNetwork } from "../../helpers/network-process.ts";

const READERS = 5;
const KILLS = 3;
const TIMERS_A_ROUND = 400;
/** The runtime stops in about 2 s, on a busy machine in 4; what hangs is killed after 10. */
const STOP_WITHIN_MS = 8_000;

type EventItem = { readonly id: string };

/** The ids of all events of these timers, as their histories have them. */
async function historyOf(client: ApiClient, timers: readonly string[]): Promise<string[]> {
	const ids: string[] = [];
	for (const timer of timers) {
		const { body } = await client.call<{ items: readonly EventItem[] }>(
			"GET",
			`/v1/timers/${timer}/events`,
		);
		ids.push(...body.items.map(({ id }) => id));
	}
	return ids;
}

function createOneByOne(client: ApiClient, count: number): Promise<(string | undefined)[]> {
	return Promise.all(
		Array.from({ length: count }, async () => {
			try {
				const answer = await client.call<{ id: string }>("POST", "/v1/timers", { in: "300ms" });
				return answer.status === 201 ? answer.body.id : undefined;
			} catch {
				// Killed before it answered: nothing was promised.
				return undefined;
			}
		}),
	);
}

it("[STREAM-40] after kill -9 every reader resumes without a gap or a repeat", async () => {
	let network: NetworkProcess = await startNetwork();
	const url = `${network.url}/v1/events/stream`;
	const readers: EventReader[] = [];
	try {
		for (let i = 0; i < READERS; i++) readers.push(startEventReader(url, network.dev.apiKey));
		await Promise.all(readers.map((reader) => reader.connected));
		const timers: string[] = [];
		for (let kill = 0; kill <= KILLS; kill++) {
			const client = createApiClient(network.url, network.dev.apiKey);
			const creating = createOneByOne(client, TIMERS_A_ROUND);
			if (kill < KILLS) {
				// In the middle of what the round makes, as the first reader sees it.
				const seen = readers[0]?.events.length ?? 0;
				await readers[0]?.waitUntil((events) => events.length > seen + TIMERS_A_ROUND / 4, 20_000);
				await network.kill("SIGKILL", "both");
			}
			timers.push(...(await creating).filter((id) => id !== undefined));
			if (kill < KILLS) network = await network.restart();
		}
		const client = createApiClient(network.url, network.dev.apiKey);
		for (const timer of timers) await client.call("GET", `/v1/timers/${timer}/wait`);
		const expected = await historyOf(client, timers);
		expect(timers.length).toBeGreaterThan(TIMERS_A_ROUND);
		expect(expected.length).toBeGreaterThanOrEqual(3 * timers.length);
		for (const reader of readers) {
			await reader.waitUntil((events) => {
				const seen = new Set(events.map(({ id }) => id));
				return expected.every((id) => seen.has(id));
			}, 20_000);
			const ids = reader.events.map(({ id }) => id);
			expect(new Set(ids).size).toBe(ids.length);
			// Also what nobody was told of: all readers have seen the same, in the same order.
			expect(ids.slice(0, expected.length)).toEqual(
				readers[0]?.events.slice(0, expected.length).map(({ id }) => id),
			);
			expect(reader.connections()).toBe(KILLS + 1);
		}
	} finally {
		for (const reader of readers) await reader[Symbol.asyncDispose]();
		await network.stop();
	}
});

it("[STREAM-41] a stop does not wait for open streams", async () => {
	const network = await startNetwork();
	await using reader = startEventReader(`${network.url}/v1/events/stream`, network.dev.apiKey);
	await reader.connected;
	const startedAt = performance.now();
	expect((await network.stop()).code).toBe(0);
	expect(performance.now() - startedAt).toBeLessThan(STOP_WITHIN_MS);
});
