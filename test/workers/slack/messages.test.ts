/** Messages of timers: what is posted, what Slack's answers mean, and whom quiet hours spare. */
import type { ChatPostMessageArguments } from "@slack/web-api";
import { expect, it } from "vitest";
import { registryOf, slackWorkspaceOf } from "../../../durable-objects/shared/object-names.ts";
import type { EnvelopeDelivery } from "../../../src/contract/envelope.ts";
import type { SlackMessageDoc, TimerDoc } from "../../../src/core/timer-doc.ts";
import { HOUR, MINUTE } from "../../../src/core/units.ts";
import { sendEnvelope } from "../../../src/queue/send-envelope.ts";
import { deliveryOf, envelopeOf, stage as senderStage } from "../queue/sending.ts";
import { env, newTenant } from "../timers/api.ts";
import { install, newTeam, stage } from "./stage.ts";

async function newScene() {
	const at = stage();
	const { key, tenant } = await newTenant();
	const team = newTeam();
	await install(at, key, team);
	const config = await registryOf(env, tenant).shardConfig();
	if (!config.ok) throw new Error(config.error.code);
	const { wrappedKey, secrets } = config.value;

	async function fire(
		action: Partial<SlackMessageDoc> = {},
		{ inDoc, ...delivery }: Partial<EnvelopeDelivery> & { readonly inDoc?: TimerDoc } = {},
	) {
		const doc: SlackMessageDoc = {
			type: "slack_message",
			team,
			channel: "C0GENERAL",
			text: "stand-up",
			...action,
		};
		const sender = senderStage();
		const sent = deliveryOf({}, { ...delivery, inDoc: { actions: [doc], ...inDoc } });
		const envelope = await envelopeOf([sent], { tenant, wrappedKey });
		const { RUNTIME, TENANT_SHARD } = sender.env;
		const sending = { ...at.env, RUNTIME, TENANT_SHARD, ALLOW_LOOPBACK: "true" } as const;
		await sendEnvelope({ ...envelope, secrets }, sending, sender.ctx);
		const [outcome] = sender.outcomes();
		return outcome;
	}

	const posts = () =>
		at.slack.requests.filter(({ method }) => method === "chat.postMessage").map(({ body }) => body);
	return { at, key, tenant, team, fire, posts };
}

it("[SLACK-20] posts the message where it was asked for, with the workspace's own token", async () => {
	const { at, team, fire, posts } = await newScene();
	const outcome = await fire({ user: "U0ALICE", buttons: true });
	expect(outcome).toMatchObject({ class: "delivered", excerpt: "C0GENERAL 1700000000.000100" });
	const [message] = posts();
	// Of the shape that Slack's own SDK sends.
	const expected = {
		channel: "C0GENERAL",
		text: expect.stringContaining("stand-up"),
		blocks: expect.any(Array),
		metadata: {
			event_type: "minoots_timer_fired",
			event_payload: {
				timer: expect.stringMatching(/^tmr_/),
				delivery: expect.stringMatching(/^dlv_/),
				firing: 1,
			},
		},
	} satisfies ChatPostMessageArguments;
	expect(message).toEqual(expected);
	const buttons = message.blocks.at(-1).elements.map((one: { action_id: string }) => one.action_id);
	expect(buttons).toEqual(["minoots_snooze_10m", "minoots_snooze_1h", "minoots_done"]);
	expect(at.slack.requests.at(-1)?.authorization).toBe(`Bearer xoxb-${team}`);
});

it("[SLACK-20] resolves templates of a program's message, and adds no buttons by itself", async () => {
	const { fire, posts } = await newScene();
	await fire({ text: "deploy ${params.version}" }, { inDoc: { params: { version: "1.2" } } });
	expect(posts()[0].text).toContain("deploy 1.2");
	expect(JSON.stringify(posts()[0].blocks)).not.toContain("minoots_");
});

it("[SLACK-21] sends nothing for a workspace that is not the tenant's", async () => {
	const other = await newScene();
	const { fire, posts } = await newScene();
	const error = `the Slack workspace ${other.team} is not connected to this tenant`;
	expect(await fire({ team: other.team })).toMatchObject({ class: "terminal", error });
	expect(await fire({ team: newTeam() })).toMatchObject({ class: "terminal" });
	expect(posts()).toEqual([]);
});

it.each([
	["internal_error", "retryable"],
	["token_revoked", "terminal"],
	["account_inactive", "terminal"],
	["invalid_auth", "terminal"],
	["missing_scope", "terminal"],
	["msg_too_long", "terminal"],
	["channel_not_found", "terminal"],
	["an_error_that_is_new", "terminal"],
])("[SLACK-22] takes Slack's word %s as %s", async (error, expected) => {
	const { at, fire } = await newScene();
	at.slack.answer("chat.postMessage", () => ({ body: { ok: false, error } }));
	expect(await fire()).toMatchObject({
		class: expected,
		error: expect.stringContaining(error),
	});
});

it("[SLACK-22] waits as long as a limit says without using an attempt, and tries failures again", async () => {
	const limited = { status: 429, headers: { "retry-after": "17" }, body: {} };
	for (const answer of [limited, { body: { ok: false, error: "ratelimited" } }]) {
		const { at, fire } = await newScene();
		at.slack.answer("chat.postMessage", () => answer);
		const now = Date.now();
		const outcome = await fire();
		expect(outcome).toMatchObject({ kind: "postponed", reason: "rate_limited" });
		const until = outcome?.kind === "postponed" ? outcome.until : 0;
		expect(until - now).toBeGreaterThanOrEqual("status" in answer ? 17_000 : 30_000);
	}
	const { at, fire } = await newScene();
	at.slack.answer("chat.postMessage", () => ({ status: 502, body: {} }));
	expect(await fire()).toMatchObject({ class: "retryable", status: 502 });
	at.slack.answer("chat.postMessage", () => ({ body: "a proxy" }));
	expect(await fire()).toMatchObject({ class: "retryable" });
});

it("[SLACK-22] spares a channel that Slack limits, and no other", async () => {
	const { at, fire, posts } = await newScene();
	at.slack.answer("chat.postMessage", () => ({
		status: 429,
		headers: { "retry-after": "17" },
		body: {},
	}));
	await fire();
	at.slack.answer("chat.postMessage", undefined);
	const waiting = [];
	for (const _ of [1, 2, 3]) waiting.push(await fire());
	expect(posts()).toHaveLength(1);
	const untils = waiting.map((one) => (one?.kind === "postponed" ? one.until : 0));
	// Each has a second of its own.
	expect(new Set(untils).size).toBe(3);
	expect(Math.min(...untils)).toBeGreaterThan(Date.now() + 15_000);
	expect(await fire({ channel: "C0OTHER" })).toMatchObject({ class: "delivered" });
});

it.each(["not_in_channel", "channel_not_found", "is_archived"])(
	"[SLACK-23] tells whoever asked directly when the channel is closed to it: %s",
	async (error) => {
		const { at, fire, posts } = await newScene();
		at.slack.answer("chat.postMessage", ({ body }) =>
			body.channel === "C0GENERAL"
				? { body: { ok: false, error } }
				: { body: { ok: true, channel: "D0ALICE", ts: "1.2" } },
		);
		const outcome = await fire({ user: "U0ALICE" });
		expect(outcome).toMatchObject({
			class: "delivered",
			excerpt: expect.stringContaining(`sent to U0ALICE instead`),
		});
		expect(posts().map(({ channel }) => channel)).toEqual(["C0GENERAL", "U0ALICE"]);
		expect(JSON.stringify(posts()[1].blocks)).toContain("C0GENERAL");
	},
);

it("[SLACK-23] gives up where neither takes it", async () => {
	const { at, fire } = await newScene();
	at.slack.answer("chat.postMessage", () => ({ body: { ok: false, error: "channel_not_found" } }));
	expect(await fire({ user: "U0ALICE" })).toMatchObject({ class: "terminal" });
});

it("[SLACK-24] holds a message for somebody in their quiet hours, until these end", async () => {
	const { team, fire, posts } = await newScene();
	const workspace = slackWorkspaceOf(env, team);
	const minuteAt = (at: number) => {
		const date = new Date(at);
		return date.getUTCHours() * 60 + date.getUTCMinutes();
	};
	const now = Date.now();
	const quiet = { fromMinute: minuteAt(now - HOUR), toMinute: minuteAt(now + HOUR) };
	await workspace.putPerson("U0ALICE", { ownZone: "UTC", quiet });
	const held = await fire({ user: "U0ALICE" });
	expect(held).toMatchObject({ kind: "postponed", reason: "quiet_hours" });
	const until = held?.kind === "postponed" ? held.until : 0;
	expect(Math.abs(until - (now + HOUR))).toBeLessThanOrEqual(2 * MINUTE);
	expect(posts()).toEqual([]);
	expect(await fire({ user: "U0BOB" })).toMatchObject({ class: "delivered" });
	expect(await fire()).toMatchObject({ class: "delivered" });
});

it("[SLACK-24] says in a message that was held since when", async () => {
	const { team, fire, posts } = await newScene();
	const dueAt = Date.UTC(2026, 0, 5, 23);
	const now = new Date();
	// Around the time it was due, but not around now.
	const isNear = now.getUTCHours() >= 22 || now.getUTCHours() < 1;
	const quiet = isNear
		? { fromMinute: 23 * 60, toMinute: 23 * 60 + 1 }
		: { fromMinute: 22 * 60 + 30, toMinute: 30 };
	await slackWorkspaceOf(env, team).putPerson("U0ALICE", { ownZone: "UTC", quiet });
	await fire({ user: "U0ALICE" }, { dueAt });
	expect(JSON.stringify(posts()[0].blocks)).toContain("quiet hours");
});
