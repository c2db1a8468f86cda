/** `POST /slack/commands`: a slash command, from its signed form to the message that answers it. */
import { createHash } from "node:crypto";
import { type SlashCommand, SlashCommandSchema } from "../../contract/slack.ts";
import { ok, type Result } from "../../core/result.ts";
import { readCommand } from "../../core/slack/command.ts";
import { renderFailure, renderMisread } from "../../core/slack/render-answer.ts";
import { isResponseUrl } from "../../slack-api.ts";
import type { Arrival } from "../context.ts";
import { type HttpFailure, refuse } from "../failure.ts";
import { type Reply, reply } from "../reply.ts";
import { validate } from "../validate.ts";
import { answerInTime, type SlackAnswer, toAsker } from "./answer.ts";
import { failureText } from "./failure-text.ts";
import { findZone } from "./find-zone.ts";
import { runCommand } from "./run-command.ts";
import { openScene } from "./scene.ts";
import { readSignedBody } from "./signed-body.ts";

const WHAT = "run the command";

export async function takeCommand(
	arrival: Arrival,
	body: string,
): Promise<Result<Reply, HttpFailure>> {
	const signed = readSignedBody(arrival, body);
	if (!signed.ok) return signed;
	const form = Object.fromEntries(new URLSearchParams(signed.value));
	// Slack looks from time to time whether we are there, and expects nothing but 200.
	if (form["ssl_check"] === "1") return ok({ status: 200, body: undefined });
	const command = validate(SlashCommandSchema, form);
	if (!command.ok) return command;
	const { response_url: responseUrl } = command.value;
	if (!isResponseUrl(arrival.env, responseUrl)) {
		return refuse("invalid_request", "response_url: expected a URL of https://hooks.slack.com.");
	}
	const answer = await answerInTime(arrival, responseUrl, WHAT, () =>
		answerCommand(arrival, command.value),
	);
	return reply(answer);
}

async function answerCommand(arrival: Arrival, sent: SlashCommand): Promise<SlackAnswer> {
	const place = { team: sent.team_id, user: sent.user_id, channel: sent.channel_id };
	const scene = await openScene(arrival, place);
	if (!scene.ok) return toAsker(renderFailure(WHAT, failureText(scene.error)));
	if (scene.value === null) return toAsker(renderFailure(WHAT, NOT_INSTALLED));
	const zone = await findZone(scene.value);
	const asker = { zone: zone.zone, now: scene.value.context.tenantNow, command: sent.command };
	const command = readCommand(sent.text, asker);
	if (!command.ok) return toAsker(renderMisread(command.error));
	return runCommand(command.value, { scene: scene.value, zone, asker, claim: claimOf(sent) });
}

const NOT_INSTALLED =
	"this workspace is not connected to a tenant of Minoots. Whoever runs it starts the connection with `POST /v1/slack/installations`.";

/** Slack may send a command again: what it did is then done already. */
function claimOf({ team_id, channel_id, user_id, trigger_id, text }: SlashCommand) {
	const what = JSON.stringify([channel_id, user_id, text]);
	return {
		key: `POST /slack/commands ${team_id}:${trigger_id}`,
		bodyHash: createHash("sha256").update(what).digest("hex"),
	};
}
