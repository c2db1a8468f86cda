/** Networks that do not answer, or refuse; the way there; and secrets, which nothing may print. */
import { createServer } from "node:http";
import { createProxy } from "proxy";
import { expect, test } from "vitest";
import { close, listenAt } from "../../helpers/loopback.ts";
import { startReceiver } from "../../helpers/receiver.ts";
import { findFreePort } from "../../helpers/spawned-network.ts";
import { type FakeAnswer, problem, startFakeNetwork, TIMER } from "./fake-network.ts";
import { errorsOf, runStep, type Step, warningsOf } from "./runner.ts";

const KEY = "mnt_acme_0123456789abcdef";
const TOKEN = "github_pat_0123456789abcdef";
/** Tries of one call, as the client makes them. */
const TRIES = 4;

function schedule(url: string, inputs: Readonly<Record<string, string>> = {}): Promise<Step> {
	return runStep({
		with: { "api-base-url": url, "api-key": KEY, duration: "1h", ...inputs },
	});
}

async function against(answer: FakeAnswer, inputs: Readonly<Record<string, string>> = {}) {
	await using network = await startFakeNetwork(() => answer);
	const step = await schedule(network.url, inputs);
	return { step, asked: network.asked };
}

function everythingOf({ log, summary, outputs }: Step): string {
	return [log, summary, ...Object.values(outputs)].join("\n");
}

test("[ACT-14] a network that is not there fails the step after some tries", async () => {
	const step = await schedule(`http://127.0.0.1:${await findFreePort()}`);
	expect(step.exitCode).toBe(1);
	expect(step.log.match(/Trying again/g)).toHaveLength(TRIES - 1);
	expect(errorsOf(step).join()).toContain("`continue-on-unavailable: true`");
});

test("[ACT-14] with `continue-on-unavailable` it warns, and the outputs are empty", async () => {
	const url = `http://127.0.0.1:${await findFreePort()}`;
	const step = await schedule(url, { "continue-on-unavailable": "true" });
	expect([step.exitCode, errorsOf(step)]).toEqual([0, []]);
	expect(warningsOf(step).join()).toContain("could not be reached");
	expect(step.summary).toContain("could not be reached");
	expect(step.outputs).toMatchObject({ "timer-id": "", "fire-at": "", "response-json": "" });
});

test("[ACT-14] one that says nothing, or only that it is broken, cannot be reached either", async () => {
	const receiver = await startReceiver();
	try {
		const inputs = { "continue-on-unavailable": "true", "timeout-seconds": "0.1" };
		const silent = await schedule(`${receiver.url}/hang`, inputs);
		expect([silent.exitCode, receiver.received.length]).toEqual([0, TRIES]);
	} finally {
		await receiver.close();
	}
	const broken = problem(503, "unavailable", "down");
	const { step, asked } = await against(broken, { "continue-on-unavailable": "true" });
	expect([step.exitCode, asked.length]).toEqual([0, TRIES]);
	expect(new Set(asked.map(({ headers }) => headers["idempotency-key"])).size).toBe(1);
});

test.each([
	[401, "unauthorized", "`api-key`"],
	[403, "tenant_mismatch", "`tenant-id`"],
	[409, "in_flight", "`dedupe-key`"],
	[422, "idempotency_key_reused", ""],
])("[ACT-15] a refusal with %i %s fails, whatever may continue", async (status, code, input) => {
	const refusal = problem(status, code, "told so");
	const { step, asked } = await against(refusal, { "continue-on-unavailable": "true" });
	expect([step.exitCode, asked.length]).toEqual([1, 1]);
	const [message] = errorsOf(step);
	expect(message).toContain("told so");
	expect(message).toContain(input);
});

test.each([
	["another JSON", { status: 200, body: { hello: "world" } }],
	["null", { status: 200, body: null }],
	["not found", problem(404, "not_found", "There is no POST route on this path.")],
	["no problem document", { status: 403, body: "forbidden" }],
])("[ACT-15] whoever is no network is told by the URL: %s", async (_, answer) => {
	const { step } = await against(answer, { "continue-on-unavailable": "true" });
	expect(step.exitCode).toBe(1);
	expect(errorsOf(step).join()).toContain("`api-base-url`");
});

test.each([
	["api-key", `${KEY}\n${KEY}`],
	["api-key", "mnt_schlüssel"],
	["region", "eu\nwest"],
	["api-base-url", "https://user:passw0rd@network.example"],
])("[ACT-10] what no request could carry is told by its input, %s", async (input, value) => {
	const step = await schedule("http://127.0.0.1:9", { [input]: value });
	expect(step.exitCode).toBe(1);
	expect(errorsOf(step)).toEqual([expect.stringMatching(`^Input \`${input}\` `)]);
	for (const secret of [KEY, "passw0rd"]) expect(everythingOf(step)).not.toContain(secret);
});

test("[ACT-10] dots are the id of no timer", async () => {
	const inputs = { "api-base-url": "http://127.0.0.1:9", "api-key": KEY, "timer-id": ".." };
	for (const command of ["wait", "cancel"]) {
		const step = await runStep({ with: { ...inputs, command } });
		expect(errorsOf(step)).toEqual([expect.stringMatching(/^Input `timer-id` .* got "\.\."$/)]);
	}
});

test("[ACT-15] so does a quota that is used up, after some tries", async () => {
	const refusal = problem(429, "quota_exceeded", "told so");
	const { step, asked } = await against(refusal, { "continue-on-unavailable": "true" });
	expect([step.exitCode, asked.length]).toEqual([1, TRIES]);
});

test("[ACT-16] keys and tokens are masked, and stand in nothing that is printed", async () => {
	const inputs = { dispatch: "nightly", "github-token": TOKEN };
	const echo = problem(422, "validation_failed", `not with ${KEY} and ${TOKEN}`);
	const made = { status: 201, body: { ...TIMER, name: `${KEY} ${TOKEN}` } };
	for (const answer of [echo, made]) {
		const { step, asked } = await against(answer, inputs);
		expect(asked[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
		expect(asked[0]?.body).toContain(TOKEN);
		expect(step.masks.toSorted()).toEqual([TOKEN, KEY]);
		expect(everythingOf(step)).not.toContain(KEY);
		expect(everythingOf(step)).not.toContain(TOKEN);
	}
});

test("[ACT-17] the region goes along as a header", async () => {
	const { asked } = await against({ status: 201, body: TIMER }, { region: "eu-west" });
	expect(asked[0]?.headers["x-minoots-region"]).toBe("eu-west");
});

test("[ACT-18] a self-hosted runner's proxy is gone through", async () => {
	const through: string[] = [];
	const proxy = createProxy(createServer());
	proxy.on("request", ({ url = "" }) => through.push(url));
	const url = await listenAt(proxy);
	try {
		await using network = await startFakeNetwork(() => ({ status: 201, body: TIMER }));
		const step = await runStep({
			env: { http_proxy: url },
			with: { "api-base-url": network.url, "api-key": KEY, duration: "1h" },
		});
		expect(step.exitCode, step.log).toBe(0);
		expect(through).toEqual([`${network.url}/v1/timers`]);
	} finally {
		await close(proxy);
	}
});
