/** Slash commands: the timers they make, and what they show. */
import { expect, it } from "vitest";
import { slackWorkspaceOf } from "../../../durable-objects/shared/object-names.ts";
import { HOUR } from "../../../src/core/units.ts";
import { USER } from "../../helpers/slack-requests.ts";
import { env } from "../timers/api.ts";
import { newScene, timersOf } from "./scene.ts";

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

it("[SLACK-10] answers what cannot be read with what to say instead", async () => {
	const scene = await newScene();
	const answer = await scene.say("sometime soonish");
	expect(answer.status).toBe(200);
	expect(answer.body.response_type).toBe("ephemeral");
	expect(answer.body.text.length).toBeGreaterThan(20);
});
