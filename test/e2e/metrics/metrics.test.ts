/** A running network is scraped as Prometheus scrapes it. */
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { createApiClient } from "../../helpers/api-client.ts";
import { type NetworkProcess, startNetwork } from "../../helpers/network-process.ts";
import { type Receiver, startReceiver } from "../../helpers/receiver.ts";
import { readScrape, type Scrape } from "../../helpers/scrape.ts";

const TIMERS = 200;
const DELIVERED = 'minoots_deliveries_total{outcome="delivered",class="medium"}';
const ATTEMPTED = 'minoots_attempts_total{outcome="delivered",class="medium"}';
/** Figures are at most ten seconds old. */
const FRESH_WITHIN_MS = 15_000;

let network: NetworkProcess;
let receiver: Receiver;

beforeAll(async () => {
	[network, receiver] = await Promise.all([startNetwork(), startReceiver()]);
});

afterAll(async () => {
	await network.stop();
	await receiver.close();
});

async function scrape(): Promise<Scrape> {
	const answer = await fetch(`${network.url}/metrics`, {
		headers: { authorization: `Bearer ${network.dev.adminKey}` },
	});
	expect(answer.status).toBe(200);
	return readScrape(await answer.text());
}

/** Scrapes until a counter has got to `count`. */
async function scrapeOnce(series: readonly string[], count: number): Promise<Scrape> {
	return vi.waitUntil(
		async () => {
			const seen = await scrape();
			const isThere = series.every((name) => (seen.values.get(name) ?? 0) >= count);
			return isThere ? seen : undefined;
		},
		{ timeout: FRESH_WITHIN_MS, interval: 250 },
	);
}

async function fireAll(): Promise<void> {
	const { createAll } = createApiClient(network.url, network.dev.apiKey);
	const actions = [{ type: "webhook", url: `${receiver.url}/hook` }];
	await createAll(Array.from({ length: TIMERS }, () => ({ in: 200, actions })));
}

it("[METRIC-21] tells how many deliveries there were, how late they came, and goes on after a kill", {
	timeout: 90_000,
}, async () => {
	expect((await scrape()).values.get(DELIVERED)).toBe(0);
	await fireAll();
	const seen = await scrapeOnce([DELIVERED, ATTEMPTED], TIMERS);
	expect(seen.values.get(DELIVERED)).toBe(TIMERS);
	expect(seen.values.get(ATTEMPTED)).toBe(TIMERS);
	expect(seen.values.get('minoots_timers_ended_total{state="settled"}')).toBe(TIMERS);
	for (const step of ["due_to_claimed", "claimed_to_sent", "sent_to_answered", "due_to_answered"]) {
		const histogram = seen.histograms.get(`minoots_${step}_seconds{class="medium"}`);
		expect(histogram?.count, step).toBe(TIMERS);
		expect(histogram?.buckets.get(10), step).toBe(TIMERS);
	}

	await network.kill("SIGKILL", "both");
	network = await network.restart();
	expect((await scrape()).values.get(DELIVERED)).toBe(TIMERS);
	await fireAll();
	const later = await scrapeOnce([DELIVERED, ATTEMPTED], 2 * TIMERS);
	expect(later.values.get(DELIVERED)).toBe(2 * TIMERS);
});
