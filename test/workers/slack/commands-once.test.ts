/** Slash commands that Slack repeats, or that take long: nothing is done twice, and nothing too late. */
import { expect, it } from "vitest";
import type { TenantShardRpc } from "../../../durable-objects/tenant-shard/rpc.ts";
import type { Env } from "../../../src/env.ts";
import { signCommand, slashCommand } from "../../helpers/slack-requests.ts";
import { env } from "../timers/api.ts";
import { newScene, timersOf } from "./scene.ts";

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
