/**
 * The way in through Slack over real HTTP: a network as a process, a Slack that plays its part, and
 * kills in between.
 */
import { afterEach, beforeEach, expect, it } from "vitest";
import { type ApiClient, createApiClient } from "../../helpers/api-client.ts";
import {
	CLIENT_ID,
	CLIENT_SECRET,
	type FakeSlack,
	SIGNING_SECRET,
} from "../../helpers/fake-slack.ts";
import { startFakeSlack } from "../../helpers/fake-slack-server.ts";
import { type NetworkProcess, startNetwork } from "../../helpers/network-process.ts";
import {
	CHANNEL,
	pressedButton,
	type SignedRequest,
	signCommand,
	signEvent,
	signPress,
	slashCommand,
	TEAM,
	USER,
} from "../../helpers/slack-requests.ts";

type List = { readonly items: readonly { readonly id: string; readonly status: string }[] };
type Message = { readonly text: string; readonly response_type: string };

let slack: FakeSlack & AsyncDisposable;
let network: NetworkProcess;
let api: ApiClient;

beforeEach(async () => {
	slack = await startFakeSlack();
	network = await startNetwork({
		env: {
			SLACK_CLIENT_ID: CLIENT_ID,
			SLACK_CLIENT_SECRET: CLIENT_SECRET,
			SLACK_SIGNING_SECRET: SIGNING_SECRET,
			SLACK_API_URL: slack.apiUrl,
		},
	});
	api = createApiClient(network.url, network.dev.apiKey);
});

afterEach(async () => {
	await network.stop();
	await slack[Symbol.asyncDispose]();
});

async function install(): Promise<void> {
	const begun = await api.call<{ authorizeUrl: string }>("POST", "/v1/slack/installations");
	const state = new URL(begun.body.authorizeUrl).searchParams.get("state") ?? "";
	const page = await fetch(
		`${network.url}/slack/oauth?${new URLSearchParams({ code: "c", state })}`,
	);
	expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("is connected")]);
}

function send(path: string, { body, headers }: SignedRequest): Promise<Response> {
	return fetch(network.url + path, { method: "POST", headers, body });
}

async function say(text: string): Promise<Message> {
	const command = slashCommand(text, { response_url: slack.responseUrl });
	const answer = await send("/slack/commands", await signCommand(command));
	expect(answer.status).toBe(200);
	// The test asserts on what it reads of it.
	return (await answer.json()) as Message;
}

async function restart(): Promise<void> {
	await network.kill("SIGKILL", "both");
	network = await network.restart();
	api = createApiClient(network.url, network.dev.apiKey);
}

it("[SLACK-30] from the installation to a pressed button, with the network killed before it fires", async () => {
	await install();
	const told = await say("2s stand-up");
	expect(told).toMatchObject({
		response_type: "ephemeral",
		text: expect.stringContaining("Scheduled timer"),
	});
	await restart();
	const [posted] = await slack.waitFor("chat.postMessage");
	expect(posted).toMatchObject({
		authorization: "Bearer xoxb-c",
		body: { channel: CHANNEL, text: expect.stringContaining("stand-up") },
	});
	const [snooze] = posted?.body.blocks.at(-1).elements ?? [];
	const press = { actionId: snooze.action_id, value: snooze.value };
	const pressed = await signPress(pressedButton(press, slack.responseUrl));
	for (const _ of [1, 2]) expect((await send("/slack/interactivity", pressed)).status).toBe(200);
	const answers = await slack.waitFor("response", 2);
	for (const { body } of answers) {
		expect(body.replace_original).toBe(true);
		expect(JSON.stringify(body)).toContain(`<@${USER}>`);
	}
	expect(slack.requests.filter(({ method }) => method === "chat.postMessage")).toHaveLength(1);
	const { body } = await api.call<List>("GET", "/v1/timers?status=scheduled");
	expect(body.items).toHaveLength(1);
	expect(told.text).not.toContain(body.items[0]?.id);
});

it("[SLACK-31] holds a message in quiet hours, over a kill too", async () => {
	await install();
	const now = new Date();
	const hour = (offset: number) => `${(now.getUTCHours() + 24 + offset) % 24}`.padStart(2, "0");
	await say("tz UTC");
	await say(`quiet ${hour(-1)}:00-${hour(2)}:00`);
	const told = await say("500ms --name held hush");
	expect(JSON.stringify(told)).toContain("held until");
	const { body } = await api.call<List>("GET", "/v1/timers");
	const id = body.items[0]?.id;
	type Deliveries = { readonly items: readonly { status: string; postponed: object | null }[] };
	const deliveries = () => api.call<Deliveries>("GET", `/v1/timers/${id}/deliveries`);
	let [held] = (await deliveries()).body.items;
	while (held?.postponed == null) [held] = (await deliveries()).body.items;
	expect(held.postponed).toMatchObject({ reason: "quiet_hours" });
	await restart();
	expect((await deliveries()).body.items[0]).toMatchObject({
		status: "retrying",
		postponed: held.postponed,
	});
	expect(slack.requests.filter(({ method }) => method === "chat.postMessage")).toEqual([]);
});

it("[SLACK-32] answers within 3 s while Slack itself does not answer", async () => {
	await install();
	const { promise, resolve } = Promise.withResolvers<void>();
	slack.answer("users.info", async () => {
		await promise;
		return { body: { ok: false, error: "internal_error" } };
	});
	const startedAt = performance.now();
	const told = await say("1h tea");
	expect(performance.now() - startedAt).toBeLessThan(3_000);
	resolve();
	expect(told.text).toContain("Scheduled timer");
	expect(JSON.stringify(told)).toContain("UTC");
	const { body } = await api.call<List>("GET", "/v1/timers");
	expect(body.items).toHaveLength(1);
});

it("[SLACK-33] cancels everything of a workspace that removes the app, and then knows it no more", async () => {
	await install();
	await say("1h tea");
	expect((await send("/slack/events", await signEvent({ type: "app_uninstalled" }))).status).toBe(
		200,
	);
	const { body } = await api.call<List>("GET", "/v1/timers");
	expect(body.items.map(({ status }) => status)).toEqual(["cancelled"]);
	const { body: installed } = await api.call<List>("GET", "/v1/slack/installations");
	expect(installed.items).toEqual([]);
	expect((await say("1h tea")).text).toContain("not connected");
	expect(network.stderr.join("\n")).not.toMatch(/xoxb|s3cr3t/);
});

it("[SLACK-34] posts a program's message to a connected workspace", async () => {
	await install();
	const action = {
		type: "slack_message",
		team: TEAM,
		channel: CHANNEL,
		text: "v${params.v} is out",
	};
	const created = await api.call("POST", "/v1/timers", {
		in: "100ms",
		params: { v: 7 },
		actions: [action],
	});
	expect(created.status).toBe(201);
	const [posted] = await slack.waitFor("chat.postMessage");
	expect(posted?.body.text).toContain("v7 is out");
});
