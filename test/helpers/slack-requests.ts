/**
 * Requests as Slack sends them: forms and payloads of the shapes that @slack/bolt declares, signed.
 * The signature is computed here, apart from the code that checks it.
 */
import type { BlockAction, ButtonAction, SlashCommand } from "@slack/bolt";
import { SIGNING_SECRET } from "./fake-slack.ts";

export const TEAM = "T0FAKE";
export const CHANNEL = "C0GENERAL";
export const USER = "U0ALICE";

export type SignedRequest = {
	readonly body: string;
	readonly headers: Readonly<Record<string, string>>;
};

let triggers = 0;

/** @param at epoch ms of the timestamp */
export async function sign(
	body: string,
	{ at = Date.now(), secret = SIGNING_SECRET, type = "application/x-www-form-urlencoded" } = {},
): Promise<SignedRequest> {
	const timestamp = String(Math.floor(at / 1_000));
	const text = new TextEncoder();
	const algorithm = { name: "HMAC", hash: "SHA-256" };
	const key = await crypto.subtle.importKey("raw", text.encode(secret), algorithm, false, ["sign"]);
	const mac = await crypto.subtle.sign("HMAC", key, text.encode(`v0:${timestamp}:${body}`));
	const hex = [...new Uint8Array(mac)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
	return {
		body,
		headers: {
			"content-type": type,
			"x-slack-request-timestamp": timestamp,
			"x-slack-signature": `v0=${hex}`,
		},
	};
}

/** What a slash command brings. */
export function slashCommand(text: string, changed: Partial<SlashCommand> = {}): SlashCommand {
	triggers += 1;
	return {
		token: "deprecated",
		command: "/ato",
		text,
		response_url: "https://hooks.slack.com/commands/T0FAKE/1/abc",
		trigger_id: `13345224609.738474920.${triggers}`,
		user_id: USER,
		user_name: "alice",
		team_id: TEAM,
		team_domain: "fake",
		channel_id: CHANNEL,
		channel_name: "general",
		api_app_id: "A0APP",
		...changed,
	};
}

/** What a pressed button brings. */
export function pressedButton(
	{ actionId, value }: { readonly actionId: string; readonly value: string },
	responseUrl: string,
	changed: Partial<BlockAction<ButtonAction>> = {},
): BlockAction<ButtonAction> {
	triggers += 1;
	return {
		type: "block_actions",
		actions: [
			{
				type: "button",
				block_id: "b1",
				action_id: actionId,
				action_ts: "1700000000.000200",
				text: { type: "plain_text", text: "Press" },
				value,
			},
		],
		team: { id: TEAM, domain: "fake" },
		user: { id: USER, username: "alice", team_id: TEAM },
		channel: { id: CHANNEL, name: "general" },
		token: "deprecated",
		response_url: responseUrl,
		trigger_id: `13345224609.738474920.${triggers}`,
		api_app_id: "A0APP",
		container: { type: "message" },
		...changed,
	};
}

export function signCommand(command: SlashCommand): Promise<SignedRequest> {
	return sign(new URLSearchParams(Object.entries(command)).toString());
}

export function signPress(press: BlockAction<ButtonAction>): Promise<SignedRequest> {
	return sign(new URLSearchParams({ payload: JSON.stringify(press) }).toString());
}

/** @param at epoch seconds at which it happened */
export function signEvent(
	event: object,
	{ team = TEAM, at = Math.floor(Date.now() / 1_000) } = {},
): Promise<SignedRequest> {
	const callback = {
		type: "event_callback",
		token: "deprecated",
		team_id: team,
		api_app_id: "A0APP",
		event,
		event_id: `Ev${crypto.randomUUID()}`,
		event_time: at,
	};
	return sign(JSON.stringify(callback), { type: "application/json" });
}
