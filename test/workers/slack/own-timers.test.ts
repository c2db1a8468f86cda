/** Slash commands on timers there are: a person's own and the channel's, by id and by name. */
import { expect, it } from "vitest";
import { signCommand, slashCommand, USER } from "../../helpers/slack-requests.ts";
import { newScene, timersOf } from "./scene.ts";
import { install, newTeam } from "./stage.ts";

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
