/** Dispatches over real HTTP, from a real network to a stand-in for GitHub's API. */
import { afterEach, expect, it } from "vitest";
import { createApiClient } from "../../helpers/api-client.ts";
import { type FakeGithub, startFakeGithub } from "../../helpers/fake-github.ts";
import { type NetworkProcess, startNetwork } from "../../helpers/network-process.ts";

const TOKEN = "ghp_0123456789abcdefghijklmnopqrstuvwxyzAB";
const SECOND = 1_000;
/** A schedule of seconds stands for one of minutes: what is late by a second is seen in either. */
const FIRINGS = 3;

let network: NetworkProcess | undefined;
let github: FakeGithub | undefined;

afterEach(async () => {
	await network?.stop();
	await github?.close();
});

async function begin() {
	github = await startFakeGithub();
	network = await startNetwork();
	const action = {
		type: "workflow_dispatch",
		repository: "acme/site",
		workflow: "deploy.yml",
		ref: "main",
		apiUrl: github.url,
		token: TOKEN,
	};
	return { github, network, action, client: createApiClient(network.url, network.dev.apiKey) };
}

type Delivery = {
	id: string;
	status: string;
	attempts: number;
	lastAttempt: { excerpt: string | null; error: string | null } | null;
};
type Items<T> = { items: T[] };

it("[GH-20] a schedule dispatches on each instant that it names", async () => {
	const { github, client } = await begin();
	const action = {
		type: "repository_dispatch",
		repository: "acme/site",
		eventType: "tick",
		clientPayload: { dueAt: "${firing.dueAt}", seq: "${firing.seq}" },
		apiUrl: github.url,
		token: TOKEN,
	};
	const schedule = { cron: "*/2 * * * * *", limit: FIRINGS };
	const made = await client.call<{ id: string }>("POST", "/v1/timers", {
		schedule,
		actions: [action],
	});
	expect(made.status).toBe(201);
	await github.waitFor(FIRINGS, 20 * SECOND);
	const firings = github.requests.map(({ arrivedAt, body }) => {
		const { dueAt, seq } = body["client_payload"] as { dueAt: string; seq: number };
		return { seq, lateMs: arrivedAt - Date.parse(dueAt), due: Date.parse(dueAt) };
	});
	expect(firings.map(({ seq }) => seq)).toEqual([1, 2, 3]);
	for (const { due, lateMs } of firings) {
		expect(due % (2 * SECOND)).toBe(0);
		expect(lateMs).toBeGreaterThanOrEqual(0);
		expect(lateMs).toBeLessThan(SECOND);
	}
});

it("[GH-6] a dead letter says what GitHub said, and a new token sends it", async () => {
	const { github, client, action } = await begin();
	const refused = { ...action, token: "ghp_expired" };
	const { body } = await client.call<{ id: string }>("POST", "/v1/timers", {
		in: 1,
		actions: [refused, { ...action, workflow: "other.yml" }, { ...action, ref: "gone" }],
	});
	await client.call("GET", `/v1/timers/${body.id}/wait?timeout=20s`);
	const path = `/v1/timers/${body.id}/deliveries`;
	const before = await client.call<Items<Delivery>>("GET", path);
	expect(before.body.items.map(({ status, lastAttempt }) => [status, lastAttempt?.error])).toEqual([
		["dead", expect.stringContaining("(401: Bad credentials)")],
		["dead", expect.stringContaining("in it the workflow other.yml")],
		["dead", "GitHub does not take the call (422: No ref found for: gone)"],
	]);
	const id = before.body.items[0]?.id;
	await client.call("POST", `/v1/dead-letters/${id}/replay`, { patch: { token: TOKEN } });
	await github.waitFor(4);
	await client.call("GET", `/v1/timers/${body.id}/wait?timeout=20s`);
	const after = await client.call<Items<Delivery>>("GET", path);
	expect(after.body.items[0]).toMatchObject({
		status: "delivered",
		lastAttempt: { excerpt: expect.stringMatching(/acme\/site\/actions\/runs\/\d+$/) },
	});
});

it("[GH-7] a limit is waited out, and the dispatch arrives", async () => {
	const { github, client, action } = await begin();
	const reset = Math.ceil(Date.now() / SECOND) + 2;
	github.answerNext({
		status: 403,
		headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(reset) },
		body: { message: "API rate limit exceeded for user ID 1." },
	});
	const retry = { maxAttempts: 2, backoff: "fixed", baseMs: 1, jitter: "none" };
	await client.call("POST", "/v1/timers", { in: 1, retry, actions: [action] });
	const [limited, taken] = await github.waitFor(2);
	expect(limited?.arrivedAt).toBeLessThan(reset * SECOND);
	expect(taken?.arrivedAt).toBeGreaterThanOrEqual(reset * SECOND);
});

it("[GH-21] after kill -9 in the midst of a dispatch it is dispatched again, and recorded once", {
	timeout: 90_000,
}, async () => {
	const { github, client, action, network: first } = await begin();
	github.answerNext("hang");
	const { body } = await client.call<{ id: string }>("POST", "/v1/timers", {
		in: 1,
		actions: [action],
	});
	await github.waitFor(1);
	await first.kill("SIGKILL", "both");
	network = await first.restart();
	await github.waitFor(2, 60 * SECOND);
	const again = createApiClient(network.url, network.dev.apiKey);
	await again.call("GET", `/v1/timers/${body.id}/wait?timeout=20s`);
	const { items } = (await again.call<Items<Delivery>>("GET", `/v1/timers/${body.id}/deliveries`))
		.body;
	expect(items).toMatchObject([{ status: "delivered", attempts: 1 }]);
	const events = await again.call<Items<{ type: string }>>(
		"GET",
		`/v1/timers/${body.id}/events?limit=1000`,
	);
	const types = events.body.items.map(({ type }) => type);
	for (const once of ["timer.fired", "delivery.delivered", "timer.settled"]) {
		expect(types.filter((type) => type === once)).toHaveLength(1);
	}
});
