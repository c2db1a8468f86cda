/** Buttons of our messages: who may press them, what they do, and that pressed twice they do it once. */
import type { RespondArguments } from "@slack/bolt";
import { expect, it } from "vitest";
import { formatButtonValue, SLACK_BUTTONS } from "../../../src/core/slack/button.ts";
import { MINUTE } from "../../../src/core/units.ts";
import {
	pressedButton,
	signCommand,
	signPress,
	slashCommand,
} from "../../helpers/slack-requests.ts";
import { newTenant } from "../timers/api.ts";
import { install, newTeam, stage } from "./stage.ts";

async function newScene() {
	const at = stage();
	const { key } = await newTenant();
	const team = newTeam();
	await install(at, key, team);
	const say = async (text: string) =>
		at.send("/slack/commands", await signCommand(slashCommand(text, { team_id: team })));

	async function timers() {
		return (await at.call(key, "GET", "/v1/timers")).body.items;
	}

	/** Presses a button and answers what was posted about it. */
	async function press(
		button: keyof typeof SLACK_BUTTONS,
		timer: { readonly id: string; readonly at: string },
		{ firing = null as number | null, user = {}, dueAt = Date.parse(timer.at) } = {},
	) {
		const value = formatButtonValue({ timerId: timer.id, firing, dueAt });
		const pressed = pressedButton(
			{ actionId: SLACK_BUTTONS[button], value },
			at.slack.responseUrl,
			{
				team: { id: team, domain: "fake" },
				user: { id: "U0BOB", username: "bob", team_id: team, ...user },
			},
		);
		const answer = await at.send("/slack/interactivity", await signPress(pressed));
		expect([answer.status, answer.body]).toEqual([200, ""]);
		return at.slack.requests.at(-1)?.body;
	}
	return { at, key, team, say, timers, press };
}

it("[SLACK-25] cancels, replaces the message, and names who pressed", async () => {
	const { say, timers, press } = await newScene();
	await say("1h tea");
	const [timer] = await timers();
	const told = await press("cancel", timer);
	const expected = {
		replace_original: true,
		text: expect.any(String),
		blocks: expect.any(Array),
	} satisfies RespondArguments;
	expect(told).toEqual(expected);
	expect(JSON.stringify(told)).toContain("<@U0BOB>");
	expect((await timers())[0].status).toBe("cancelled");
	expect(await press("cancel", timer)).toMatchObject({ replace_original: true });
	expect((await timers())[0].cancelReason).toContain("U0BOB");
});

it("[SLACK-26] puts a timer off to an instant, however often it is pressed", async () => {
	const { say, timers, press } = await newScene();
	await say("1h tea");
	const [before] = await timers();
	for (const _ of [1, 2]) {
		expect(await press("snooze10", before)).toMatchObject({ replace_original: true });
	}
	const [after] = await timers();
	expect(Date.parse(after.at) - Date.parse(before.at)).toBe(10 * MINUTE);
	expect(await press("snooze60", before)).toMatchObject({ replace_original: false });
	expect((await timers())[0].at).toBe(after.at);
});

it("[SLACK-26] snoozes a message that was sent by one new timer", async () => {
	const { say, timers, press, team } = await newScene();
	await say("1h --name tea tea");
	const [timer] = await timers();
	for (const _ of [1, 2]) {
		const told = await press("snooze10", timer, { firing: 1 });
		expect(told.replace_original, told.text).toBe(true);
	}
	expect(await press("snooze60", timer, { firing: 1 })).toMatchObject({
		replace_original: false,
		response_type: "ephemeral",
		text: expect.stringContaining("snoozed already"),
	});
	const made = (await timers()).filter(({ id }: { id: string }) => id !== timer.id);
	expect(made).toMatchObject([
		{ name: "tea", actions: timer.actions, labels: { "slack.team": team } },
	]);
	const inMs = Date.parse(made[0].at) - Date.now();
	expect(inMs).toBeGreaterThan(9 * MINUTE);
	expect(inMs).toBeLessThanOrEqual(10 * MINUTE);
});

it("[SLACK-26] lists the snoozed message of a program's timer to whoever pressed", async () => {
	const { at, key, team, timers, press } = await newScene();
	const action = { type: "slack_message", team, channel: "C0GENERAL", text: "out", buttons: true };
	const api = await at.call(key, "POST", "/v1/timers", { in: "1h", actions: [action] });
	await press("snooze10", api.body, { firing: 1 });
	const [made] = (await timers()).filter(({ id }: { id: string }) => id !== api.body.id);
	expect(made).toMatchObject({
		labels: { "slack.team": team, "slack.user": "U0BOB" },
		actions: [action],
	});
});

it("[SLACK-25] marks a message as done, and says by whom", async () => {
	const { at, key, team, press } = await newScene();
	const { body: timer } = await at.call(key, "POST", "/v1/timers", {
		in: "1h",
		name: "water the ${plants}",
		labels: { "slack.team": team },
	});
	expect(await press("done", timer, { firing: 1 })).toMatchObject({
		replace_original: false,
		text: expect.stringContaining("has not fired"),
	});
	await at.call(key, "PATCH", `/v1/timers/${timer.id}`, { in: "1ms" });
	await at.call(key, "GET", `/v1/timers/${timer.id}/wait?timeout=20s`);
	for (const _ of [1, 2]) {
		const told = await press("done", timer, { firing: 1 });
		expect(told).toMatchObject({ replace_original: true });
		expect(JSON.stringify(told)).toContain("<@U0BOB>");
		expect(told.text).toContain("water the ${plants}");
	}
});

it("[SLACK-27] answers a button whose timer has gone or ended, to whoever pressed", async () => {
	const { at, key, say, timers, press } = await newScene();
	await say("1h tea");
	const [timer] = await timers();
	await at.call(key, "POST", `/v1/timers/${timer.id}/cancel`);
	expect(await press("snooze10", timer)).toMatchObject({ replace_original: false });
	await at.call(key, "DELETE", `/v1/timers/${timer.id}`);
	expect(await press("cancel", timer)).toMatchObject({
		replace_original: false,
		response_type: "ephemeral",
		text: expect.stringContaining("does not exist"),
	});
});

it("[SLACK-27] takes no press of a member of another workspace, nor for another's timer", async () => {
	const { at, key, say, timers, press } = await newScene();
	await say("1h tea");
	const [timer] = await timers();
	const stranger = await press("cancel", timer, { user: { team_id: "T0OTHER" } });
	expect(stranger).toMatchObject({ response_type: "ephemeral" });
	expect((await timers())[0].status).toBe("scheduled");

	const api = await at.call(key, "POST", "/v1/timers", { in: "1h" });
	expect((await press("cancel", api.body)).text).toContain("does not exist");
	const other = await newScene();
	await other.say("1h tea");
	const [theirs] = await other.timers();
	expect((await press("cancel", theirs)).text).toContain("does not exist");
	expect((await other.timers())[0].status).toBe("scheduled");
});

it("[SLACK-27] lets be what is no button of ours, and refuses what is no payload", async () => {
	const { at } = await newScene();
	const pressed = pressedButton({ actionId: "open_link", value: "x" }, at.slack.responseUrl);
	expect((await at.send("/slack/interactivity", await signPress(pressed))).status).toBe(200);
	expect(at.slack.requests.at(-1)?.method).not.toBe("response");
	const bare = await signCommand(slashCommand("help"));
	expect((await at.send("/slack/interactivity", bare)).status).toBe(400);
});

it("[SLACK-16] answers no button at an address that is not Slack's", async () => {
	const { at, say, timers, team } = await newScene();
	await say("1h tea");
	const [timer] = await timers();
	const value = formatButtonValue({ timerId: timer.id, firing: null, dueAt: Date.parse(timer.at) });
	const pressed = pressedButton(
		{ actionId: SLACK_BUTTONS.cancel, value },
		"https://evil.example/",
		{ team: { id: team, domain: "fake" } },
	);
	expect((await at.send("/slack/interactivity", await signPress(pressed))).status).toBe(400);
	expect((await timers())[0].status).toBe("scheduled");
});
