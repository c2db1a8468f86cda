/**
 * `POST /slack/interactivity`: a button of one of our messages. Slack wants 200 within 3 s and shows
 * nothing of the answer; what came of it goes to the response URL.
 */
import { type BlockActions, BlockActionsSchema, InteractionSchema } from "../../contract/slack.ts";
import { ok, type Result } from "../../core/result.ts";
import { type ButtonPress, readButton } from "../../core/slack/button.ts";
import { renderStale } from "../../core/slack/render-answer.ts";
import { isResponseUrl } from "../../slack-api.ts";
import type { Arrival } from "../context.ts";
import { type HttpFailure, refuse } from "../failure.ts";
import { platformFailure } from "../platform-failure.ts";
import type { Reply } from "../reply.ts";
import { logError } from "../request-log.ts";
import { validate } from "../validate.ts";
import { tell, withinMs } from "./answer.ts";
import { ANSWER_WITHIN_MS } from "./constants.ts";
import { failureText } from "./failure-text.ts";
import { type Pressed, pressButton } from "./press-button.ts";
import { openScene } from "./scene.ts";
import { readSignedBody } from "./signed-body.ts";

const SEEN: Result<Reply, never> = ok({ status: 200, body: undefined });

export async function takeInteraction(
	arrival: Arrival,
	body: string,
): Promise<Result<Reply, HttpFailure>> {
	const signed = readSignedBody(arrival, body);
	if (!signed.ok) return signed;
	const payload = readPayload(signed.value);
	if (!payload.ok) return payload;
	const pressed = payload.value;
	const press = pressed && firstPress(pressed);
	// Not a button of ours: somebody else's business, or a link.
	if (pressed === undefined || press === undefined) return SEEN;
	const { response_url: responseUrl } = pressed;
	if (responseUrl === undefined || !isResponseUrl(arrival.env, responseUrl)) {
		return refuse("invalid_request", "response_url: expected a URL of https://hooks.slack.com.");
	}
	const done = settle(arrival, pressed, press).then((answer) =>
		tell(arrival, responseUrl, bodyOf(answer)),
	);
	arrival.exec.waitUntil(done);
	await withinMs(done, ANSWER_WITHIN_MS);
	return SEEN;
}

/** The buttons that were pressed; `undefined` where the payload is of another kind. */
function readPayload(body: string): Result<BlockActions | undefined, HttpFailure> {
	const text = new URLSearchParams(body).get("payload") ?? "";
	let json: unknown;
	try {
		json = JSON.parse(text);
	} catch {
		return refuse("invalid_request", "payload: expected a form with a field of JSON.");
	}
	const payload = validate(InteractionSchema, json);
	if (!payload.ok) return payload;
	const pressed = BlockActionsSchema.safeParse(payload.value);
	return ok(pressed.success ? pressed.data : undefined);
}

function firstPress({ actions }: BlockActions): ButtonPress | undefined {
	for (const { action_id, value } of actions) {
		const press = readButton(action_id, value);
		if (press !== null) return press;
	}
	return undefined;
}

/** What came of it. Never rejects. */
async function settle(
	arrival: Arrival,
	{ team, user, channel }: BlockActions,
	press: ButtonPress,
): Promise<Pressed> {
	// An organisation's own installation has no workspace, and so no tenant.
	if (team === null) return onlyAsker("This app is installed for workspaces, one by one.");
	// In a channel that is shared with another workspace, its people see our buttons too.
	if (user.team_id !== undefined && user.team_id !== team.id) {
		return onlyAsker("Only members of the workspace that this timer belongs to can change it.");
	}
	try {
		const place = { team: team.id, user: user.id, channel: channel?.id ?? null };
		const scene = await openScene(arrival, place);
		if (!scene.ok) return onlyAsker(failureText(scene.error));
		if (scene.value === null) return onlyAsker("This workspace is not connected any more.");
		return await pressButton(scene.value, press);
	} catch (error) {
		logError(arrival, "/slack/interactivity", error);
		return onlyAsker(failureText(platformFailure(error)));
	}
}

function onlyAsker(reason: string): Pressed {
	return { replaces: false, message: renderStale(reason) };
}

function bodyOf({ replaces, message }: Pressed): object {
	return replaces
		? { replace_original: true, ...message }
		: { response_type: "ephemeral", replace_original: false, ...message };
}
