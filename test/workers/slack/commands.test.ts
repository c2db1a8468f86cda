/** Slash commands: what they make, what they show, and that nothing is done twice or too late. */
import { expect, it } from "vitest";
import { slackWorkspaceOf } from "../../../durable-objects/shared/object-names.ts";
import type { TenantShardRpc } from "../../../durable-objects/tenant-shard/rpc.ts";
import { HOUR } from "../../../src/core/units.ts";
import type { Env } from "../../../src/env.ts";
import { signCommand, slashCommand, USER } from "../../helpers/slack-requests.ts";
import { type Answer, env, newTenant } from "../timers/api.ts";
import { install, newTeam, type Stage, stage } from "./stage.ts";

type Scene = {
	readonly at: Stage;
	readonly key: string;
	readonly team: string;
	readonly say: (text: string, changed?: object) => Promise<Answer>;
};

async function newScene(plan = "enterprise", changed: Partial<Env> = {}): Promise<Scene> {
	const at = stage(changed);
	const { key } = await newTenant(plan);
	const team = newTeam();
	await install(at, key, team);
	return {
		at,
		key,
		team,
		say: async (text, changed = {}) =>
			at.send(
				"/slack/commands",
				await signCommand(slashCommand(text, { team_id: team, ...changed })),
			),
	};
}

async function timersOf({ at, key }: Scene) {
	return (await at.call(key, "GET", "/v1/timers")).body.items;
}

it("[SLACK-11] makes a timer that says where it comes from and writes back there", async () => {
	const scene = await newScene();
	const answer = await scene.say("15m stand-up");
	expect(answer.status).toBe(200);
	expect(answer.body).toMatchObject({
		response_type: "ephemeral",
		text: expect.stringMatching(/Scheduled timer \*tmr_\w+\* \(fires at .*/),
	});
	const [timer] = await timersOf(scene);
	expect(timer).toMatchObject({
		status: "scheduled",
		labels: { "slack.team": scene.team, "slack.channel": "C0GENERAL", "slack.user": USER },
		actions: [
			{
				type: "slack_message",
				team: scene.team,
				channel: "C0GENERAL",
				user: USER,
				text: "stand-up",
				buttons: true,
			},
		],
	});
	expect(answer.body.text).toContain(timer.id);
});

it("[SLACK-9] keeps a template that somebody types as text", async () => {
	const scene = await newScene();
	await scene.say("15m pay ${amount} and ${");
	const [timer] = await timersOf(scene);
	expect(timer.actions[0].text).toBe("pay ${'${'}amount} and ${'${'}");
});

it("[SLACK-19] shows a confirmation to everybody only where that was asked for", async () => {
	const { say } = await newScene();
	expect((await say("15m --in-channel tea")).body.response_type).toBe("in_channel");
	for (const text of ["15m tea", "list", "help", "quiet", "15m --in-channel --labels nonsense x"]) {
		expect((await say(text)).body.response_type, text).toBe("ephemeral");
	}
});

it("[SLACK-11] lets no flag say that a timer is another person's", async () => {
	const scene = await newScene();
	await scene.say(`15m --labels '{"slack.user":"U0OTHER","team":"ops"}' hello`);
	const [timer] = await timersOf(scene);
	expect(timer.labels).toMatchObject({ "slack.user": USER, team: "ops" });
});

it("[SLACK-11] writes back beside the actions that the founding flags name", async () => {
	const scene = await newScene();
	const bundle = {
		actions: [{ id: "a", kind: "webhook", parameters: { url: "https://example.com/hook" } }],
		retryPolicy: { maxAttempts: 2 },
	};
	await scene.say(`15m --action-bundle '${JSON.stringify(bundle)}' one`);
	await scene.say(`15m --agent-binding '{"target":"builds"}' two`);
	const types = (await timersOf(scene)).map(({ actions }: { actions: { type: string }[] }) =>
		actions.map(({ type }) => type).toSorted(),
	);
	expect(types).toEqual([
		["slack_message", "webhook"],
		["agent", "slack_message"],
	]);
});

it("[SLACK-11] holds to the tenant's quotas", async () => {
	const scene = await newScene("free");
	const { body } = await scene.at.call(scene.key, "GET", "/v1/pricing");
	const { activeTimers } = body.plans.find(({ id }: { id: string }) => id === "free");
	const timers = Array.from({ length: activeTimers }, () => ({ in: "1h" }));
	await scene.at.call(scene.key, "POST", "/v1/timers/batch", { timers });
	const answer = await scene.say("15m one more");
	expect(answer.body.text).toMatch(/Failed to schedule timer: The plan allows/);
});

it("[SLACK-13] makes no second timer when Slack sends the command again", async () => {
	const scene = await newScene();
	const command = await signCommand(slashCommand("15m once", { team_id: scene.team }));
	const answers = [];
	for (const attempt of [0, 1, 2]) {
		const headers = { ...command.headers, "x-slack-retry-num": String(attempt) };
		answers.push(await scene.at.send("/slack/commands", { ...command, headers }));
	}
	expect(await timersOf(scene)).toHaveLength(1);
	expect(new Set(answers.map(({ body }) => body.text)).size).toBe(1);
	await scene.say("15m once");
	expect(await timersOf(scene)).toHaveLength(2);
});

it("[SLACK-13] snoozes once when Slack sends the command again", async () => {
	const scene = await newScene();
	await scene.say("1h --name tea tea");
	const [before] = await timersOf(scene);
	const command = await signCommand(slashCommand("snooze tea 20m", { team_id: scene.team }));
	await scene.at.send("/slack/commands", command);
	await scene.at.send("/slack/commands", command);
	const [after] = await timersOf(scene);
	expect(Date.parse(after.at) - Date.parse(before.at)).toBe(20 * 60_000);
});

it("[SLACK-13] cancels and is done once, whatever else has the same name or words", async () => {
	const scene = await newScene();
	await scene.say("1h --name tea first");
	await scene.say("2h tea");
	const cancel = await signCommand(slashCommand("cancel tea", { team_id: scene.team }));
	const answers = [];
	for (const _ of [1, 2, 3]) answers.push(await scene.at.send("/slack/commands", cancel));
	expect(new Set(answers.map(({ body }) => body.text)).size).toBe(1);
	expect(answers[0]?.body.text).toContain("Cancelled");
	const timers = await timersOf(scene);
	expect(timers.map(({ status }: { status: string }) => status)).toEqual([
		"cancelled",
		"scheduled",
	]);
});

it("[SLACK-13] changes one timer when the repeats come at the same time", async () => {
	const scene = await newScene();
	await scene.say("1h --name tea first");
	await scene.say("2h tea");
	const cancel = await signCommand(slashCommand("cancel tea", { team_id: scene.team }));
	const send = () => scene.at.send("/slack/commands", cancel);
	const answers = await Promise.all([send(), send(), send()]);
	for (const { body } of answers) expect(body.text).toMatch(/Cancelled|Working on it/);
	expect(answers.some(({ body }) => body.text.includes("Cancelled"))).toBe(true);
	const timers = await timersOf(scene);
	expect(timers.map(({ status }: { status: string }) => status)).toEqual([
		"cancelled",
		"scheduled",
	]);
});

it("[SLACK-13] makes one timer of repeats that come at the same time", async () => {
	const scene = await newScene();
	const create = await signCommand(slashCommand("15m once", { team_id: scene.team }));
	const send = () => scene.at.send("/slack/commands", create);
	const answers = await Promise.all([send(), send(), send()]);
	expect(new Set(answers.map(({ body }) => body.text)).size).toBe(1);
	expect(await timersOf(scene)).toHaveLength(1);
	const other = slashCommand("20m other", { team_id: scene.team });
	const [, trigger_id] = /trigger_id=([^&]*)/.exec(create.body) ?? [];
	const reused = await signCommand({ ...other, trigger_id: trigger_id ?? "" });
	expect((await scene.at.send("/slack/commands", reused)).body.text).toContain("Failed");
	expect(await timersOf(scene)).toHaveLength(1);
});

/** Shards that make nothing before `ready`. */
function slowShards(ready: Promise<void>): Env["TENANT_SHARD"] {
	const shards = env.TENANT_SHARD;
	const slow = {
		idFromName: (name: string) => shards.idFromName(name),
		get: (id: DurableObjectId) => ({
			async create(...call: Parameters<TenantShardRpc["create"]>) {
				await ready;
				return shards.get(id).create(...call);
			},
		}),
	};
	return slow as unknown as Env["TENANT_SHARD"]; // Only what a create calls.
}

it("[SLACK-12] answers in time while a shard does not, and posts what comes late", async () => {
	const { promise, resolve } = Promise.withResolvers<void>();
	const scene = await newScene("enterprise", { TENANT_SHARD: slowShards(promise) });
	const { responseUrl, requests } = scene.at.slack;
	const place = { team_id: scene.team, response_url: responseUrl };
	const command = await signCommand(slashCommand("15m slow", place));
	const startedAt = Date.now();
	let answeredAfter = 0;
	const answer = await scene.at.send("/slack/commands", command, async () => {
		answeredAfter = Date.now() - startedAt;
		expect(requests.map(({ method }) => method)).not.toContain("response");
		resolve();
	});
	expect(answeredAfter).toBeLessThan(3_000);
	expect(answer.body).toMatchObject({ response_type: "ephemeral" });
	expect(answer.body.text).not.toContain("Scheduled");
	expect(requests.at(-1)).toMatchObject({
		method: "response",
		body: { response_type: "ephemeral", text: expect.stringContaining("Scheduled timer") },
	});
});

it("[SLACK-12] posts what comes late once more where Slack fails", async () => {
	const { promise, resolve } = Promise.withResolvers<void>();
	const scene = await newScene("enterprise", { TENANT_SHARD: slowShards(promise) });
	const { slack } = scene.at;
	let posts = 0;
	slack.answer("response", () => ({ status: ++posts === 1 ? 500 : 200, body: "" }));
	const place = { team_id: scene.team, response_url: slack.responseUrl };
	const command = await signCommand(slashCommand("15m slow", place));
	await scene.at.send("/slack/commands", command, async () => resolve());
	const told = slack.requests.filter(({ method }) => method === "response");
	expect(told).toHaveLength(2);
	expect(told[1]?.body.text).toContain("Scheduled timer");
});

it("[SLACK-14] asks Slack for the zone once an hour, and remembers it", async () => {
	const scene = await newScene();
	await scene.say("tomorrow at 9 tea");
	await scene.say("tomorrow at 9 tea");
	const asked = scene.at.slack.requests.filter(({ method }) => method === "users.info");
	expect(asked).toMatchObject([
		{ authorization: `Bearer xoxb-${scene.team}`, body: { user: USER } },
	]);
	const timers = await timersOf(scene);
	const hours = timers.map(({ at }: { at: string }) => new Date(at).getUTCHours());
	// 9 o'clock in Berlin, in winter or in summer.
	for (const hour of hours) expect([7, 8]).toContain(hour);
});

it("[SLACK-14] says so when Slack does not name a zone, and keeps one that was set", async () => {
	const scene = await newScene();
	scene.at.slack.answer("users.info", () => ({ body: { ok: false, error: "missing_scope" } }));
	const answer = await scene.say("tomorrow at 9 tea");
	expect(JSON.stringify(answer.body)).toContain("UTC");
	await scene.say("tz America/New_York");
	const calls = scene.at.slack.requests.length;
	await scene.say("tomorrow at 9 tea");
	expect(scene.at.slack.requests).toHaveLength(calls);
	const timers = await timersOf(scene);
	const hours = timers.map(({ at }: { at: string }) => new Date(at).getUTCHours());
	expect(hours[0]).toBe(9);
	expect([13, 14]).toContain(hours[1]);
});

it("[SLACK-14] keeps the zone that Slack named last when it names none", async () => {
	const scene = await newScene();
	await scene.say("tomorrow at 9 tea");
	const hourAgo = { zoneAt: Date.now() - HOUR - 1 };
	await slackWorkspaceOf(env, scene.team).putPerson(USER, hourAgo);
	scene.at.slack.answer("users.info", () => ({ status: 500, body: {} }));
	const answer = await scene.say("tomorrow at 9 tea");
	expect(JSON.stringify(answer.body)).toContain("Europe/Berlin");
	const [first, second] = await timersOf(scene);
	expect(second.at).toBe(first.at);
});

it("[SLACK-15] lists and changes a person's own timers, and no others", async () => {
	const scene = await newScene();
	const { at, key, say } = scene;
	await say("1h --name mine tea");
	await say("1h --name theirs tea", { user_id: "U0BOB", channel_id: "C0ELSEWHERE" });
	await say("1h --name ours tea", { user_id: "U0BOB" });
	const api = await at.call(key, "POST", "/v1/timers", { in: "1h", name: "api" });
	const timers = await timersOf(scene);
	const idOf = (wanted: string) =>
		timers.find(({ name }: { name: string }) => name === wanted)?.id as string;
	const statusOf = async (id: string) =>
		(await at.call(key, "GET", `/v1/timers/${id}`)).body.status;
	const list = JSON.stringify((await say("list")).body);
	const listed = timers.filter(({ id }: { id: string }) => list.includes(id));
	expect(listed.map(({ name }: { name: string }) => name)).toEqual(["mine"]);
	for (const target of ["theirs", idOf("theirs"), "api", api.body.id])
		await say(`cancel ${target}`);
	expect(await statusOf(idOf("theirs"))).toBe("scheduled");
	expect(await statusOf(api.body.id)).toBe("scheduled");
	await say("cancel ours");
	await say(`cancel ${idOf("mine")}`);
	expect(await statusOf(idOf("ours"))).toBe("cancelled");
	expect(await statusOf(idOf("mine"))).toBe("cancelled");
});

it("[SLACK-15] finds a timer by what it says, and is done with what has fired", async () => {
	const scene = await newScene();
	await scene.say("1h Stand-up");
	expect((await scene.say("cancel stand-up")).body.text).toContain("Cancelled");
	expect((await timersOf(scene))[0].status).toBe("cancelled");
	await scene.at.call(scene.key, "POST", "/v1/timers", {
		in: "1ms",
		name: "water",
		labels: { "slack.team": scene.team, "slack.user": USER },
	});
	const [, made] = await timersOf(scene);
	await scene.at.call(scene.key, "GET", `/v1/timers/${made.id}/wait?timeout=20s`);
	const done = await scene.say("done water");
	expect(JSON.stringify(done.body)).toContain(`<@${USER}>`);
	const after = await scene.at.call(scene.key, "GET", `/v1/timers/${made.id}`);
	expect(after.body.acknowledgedAt).not.toBeNull();
});

it("[SLACK-15] is not done with what has not fired, and takes what has before it", async () => {
	const scene = await newScene();
	await scene.say("1h --name water drink");
	const [ahead] = await timersOf(scene);
	for (const target of ["water", ahead.id]) {
		const early = await scene.say(`done ${target}`);
		expect(early.body.text).toContain("has not fired yet");
	}
	const fired = await scene.at.call(scene.key, "POST", "/v1/timers", {
		in: "1ms",
		name: "water",
		labels: { "slack.team": scene.team, "slack.user": USER },
	});
	const path = `/v1/timers/${fired.body.id}`;
	await scene.at.call(scene.key, "GET", `${path}/wait?timeout=20s`);
	expect(JSON.stringify((await scene.say("done water")).body)).toContain("Done by");
	expect((await scene.at.call(scene.key, "GET", path)).body.acknowledgedAt).not.toBeNull();
	const later = await scene.at.call(scene.key, "GET", `/v1/timers/${ahead.id}`);
	expect(later.body).toMatchObject({ status: "scheduled", acknowledgedAt: null });
});

it("[SLACK-26] snoozes by name what has fired already, by one new timer", async () => {
	const scene = await newScene();
	const { call } = scene.at;
	// It fires before its workspace is connected: then nothing is sent, and it has ended.
	const team = newTeam();
	const fired = await call(scene.key, "POST", "/v1/timers", {
		in: "1ms",
		name: "egg",
		labels: { "slack.team": team, "slack.user": USER },
		actions: [{ type: "slack_message", team, channel: "C0GENERAL", text: "an egg" }],
		retry: { maxAttempts: 1 },
	});
	await call(scene.key, "GET", `/v1/timers/${fired.body.id}/wait?timeout=20s`);
	await install(scene.at, scene.key, team);
	const snooze = await signCommand(slashCommand("snooze egg 5m", { team_id: team }));
	for (const _ of [1, 2]) {
		const { body } = await scene.at.send("/slack/commands", snooze);
		expect(body.text).toMatch(/Snoozed until .*an egg/);
	}
	const timers = await timersOf(scene);
	const statuses = timers.map(({ status }: { status: string }) => status);
	expect(statuses).toEqual(["failed", "scheduled"]);
	// What waits comes first, and of several nobody guesses.
	await scene.say("1h --name egg boil", { team_id: team });
	const asked = await scene.say("snooze egg 5m", { team_id: team });
	expect(asked.body.text).toContain("2 timers are called");
	expect(await timersOf(scene)).toHaveLength(3);
});

it("[SLACK-26] says by its words what was snoozed", async () => {
	const { say } = await newScene();
	await say("1h stand-up");
	expect((await say("snooze stand-up 5m")).body.text).toMatch(/: stand-up$/);
});

it("[SLACK-15] is done with the last of several hundred of one name", async () => {
	const scene = await newScene();
	const { call } = scene.at;
	const labels = { "slack.team": scene.team, "slack.user": USER };
	const timer = { in: "1ms", name: "drink", labels };
	const timers = Array.from({ length: 250 }, () => timer);
	await call(scene.key, "POST", "/v1/timers/batch", { timers });
	const { items } = (await call(scene.key, "GET", "/v1/timers?limit=1000")).body;
	expect(items).toHaveLength(250);
	for (const { id } of items) {
		await call(scene.key, "GET", `/v1/timers/${id}/wait?timeout=20s`);
	}
	const last = await call(scene.key, "POST", "/v1/timers", timer);
	const path = `/v1/timers/${last.body.id}`;
	await call(scene.key, "GET", `${path}/wait?timeout=20s`);
	await scene.say("done drink");
	expect((await call(scene.key, "GET", path)).body.acknowledgedAt).not.toBeNull();
	expect((await scene.say("cancel drink")).body.text).toContain("no timer");
});

it("[SLACK-15] asks which one is meant when a name is not enough", async () => {
	const scene = await newScene();
	await scene.say("1h --name tea one");
	await scene.say("2h --name tea two");
	const answer = await scene.say("cancel tea");
	for (const { id } of await timersOf(scene)) expect(answer.body.text).toContain(id);
});

it("[SLACK-16] refuses a response URL that is not Slack's", async () => {
	const scene = await newScene();
	for (const url of [
		"https://evil.example/commands/1",
		"https://hooks.slack.com.evil.example/",
		"http://hooks.slack.com/commands/1",
		"https://user@hooks.slack.com/commands/1",
		"file:///etc/passwd",
		"",
	]) {
		const answer = await scene.say("15m x", { response_url: url });
		expect([answer.status, answer.body.code]).toEqual([400, "invalid_request"]);
	}
	expect(await timersOf(scene)).toEqual([]);
});

it("[SLACK-8] cancels what was asked for when the app is removed", async () => {
	const scene = await newScene();
	await scene.say("1h tea");
	const api = await scene.at.call(scene.key, "POST", "/v1/timers", { in: "1h" });
	await scene.at.call(scene.key, "DELETE", `/v1/slack/installations/${scene.team}`);
	const statuses = (await timersOf(scene)).map(({ id, status }: { id: string; status: string }) => [
		id === api.body.id,
		status,
	]);
	expect(statuses).toEqual([
		[false, "cancelled"],
		[true, "scheduled"],
	]);
});

it("[SLACK-10] answers what cannot be read with what to say instead", async () => {
	const scene = await newScene();
	const answer = await scene.say("sometime soonish");
	expect(answer.status).toBe(200);
	expect(answer.body.response_type).toBe("ephemeral");
	expect(answer.body.text.length).toBeGreaterThan(20);
});
