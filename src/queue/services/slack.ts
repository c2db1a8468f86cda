/**
 * A message in Slack as a request to `chat.postMessage`. Whose the workspace is, the bot's token, and
 * the quiet hours of whoever asked are looked up at every attempt: what has changed since counts.
 */
import { slackWorkspaceOf } from "../../../durable-objects/shared/object-names.ts";
import type { SlackPerson } from "../../../durable-objects/slack-workspace/rpc.ts";
import { err, ok, type Result } from "../../core/result.ts";
import { judgeSlack } from "../../core/services/slack-answer.ts";
import type { ServiceAnswer, Verdict } from "../../core/services/verdict.ts";
import { quietUntil } from "../../core/slack/quiet-hours.ts";
import { renderFired } from "../../core/slack/render-fired.ts";
import type { SlackMessageDoc } from "../../core/timer-doc.ts";
import { SERVICE_TIMEOUT_MS } from "../../core/timer-flags.ts";
import { USER_AGENT } from "../../core/webhook-request.ts";
import { slackApiUrl } from "../../slack-api.ts";
import { tenantKeyOf } from "../../tenant-keys.ts";
import { ANSWER_BYTES } from "../constants.ts";
import { exchange } from "../post.ts";
import { fitsLease } from "../sending.ts";
import type { NoRequest, Postponed, Service, ServiceCall, ServiceRequest } from "./service.ts";
import { turnAfterLimit, turnAt } from "./slack-pace.ts";

type Call = ServiceCall<SlackMessageDoc>;

export const SLACK_MESSAGE_SERVICE: Service<SlackMessageDoc> = {
	urlOf: (env) => `${slackApiUrl(env)}/chat.postMessage`,
	call: (call) => requestFor(call, call.action.channel, Date.now()),
	judge: (answer, action, call) => {
		const verdict = judgeSlack(answer, action.channel);
		if (verdict.kind === "limited") {
			return limited(action.team, action.channel, answer.answeredAt, verdict.waitMs);
		}
		return verdict.kind === "closed_channel" ? tellAsker(call, verdict.error) : verdict;
	},
};

async function requestFor(
	call: Call,
	channel: string,
	now: number,
): Promise<Result<ServiceRequest, NoRequest>> {
	const { env, envelope } = call.sending;
	const { action } = call;
	const scene = await slackWorkspaceOf(env, action.team).open(action.user ?? null);
	if (scene === null || scene.installation.tenant !== envelope.tenant) {
		const error = `the Slack workspace ${action.team} is not connected to this tenant`;
		return err({ kind: "terminal", error });
	}
	const zone = zoneOf(scene.person);
	const { aheadMs = 0 } = envelope;
	const { quiet } = scene.person;
	const heldUntil = quiet === null ? null : quietUntil(quiet, zone, now + aheadMs);
	if (heldUntil !== null) {
		return err({ kind: "postponed", until: heldUntil - aheadMs, reason: "quiet_hours" });
	}
	const turn = turnAt({ team: action.team, channel }, now);
	if (turn?.kind === "postpone") return err(postponed(turn.at));
	if (turn !== undefined && turn.at > now) await sleep(turn.at - now);
	const key = await tenantKeyOf(env, envelope, now);
	const token = key.ok
		? await key.value.unseal("slack-token", scene.installation.sealedToken)
		: key;
	if (!token.ok) {
		const error = "the stored token of the workspace does not open";
		return err({ kind: "retryable", error, retryAfterMs: null });
	}
	return ok({
		method: "POST",
		headers: {
			authorization: `Bearer ${token.value}`,
			"content-type": "application/json; charset=utf-8",
			"user-agent": USER_AGENT,
		},
		body: JSON.stringify(messageFor(call, channel, scene.person)),
	});
}

function messageFor({ action, firing, doc }: Call, channel: string, person: SlackPerson) {
	const zone = zoneOf(person);
	const wasHeld = person.quiet !== null && quietUntil(person.quiet, zone, firing.dueAt) !== null;
	const message = renderFired({
		text: action.text,
		target: { timerId: firing.timerId, firing: firing.seq, dueAt: firing.dueAt },
		recurring: doc.schedule !== undefined,
		asker: action.user ?? null,
		heldFrom: wasHeld ? firing.dueAt : null,
		insteadOf: channel === action.channel ? null : action.channel,
		zone,
		buttons: action.buttons ?? false,
	});
	// By the delivery's id, whoever reads the channel can tell a repeat from another message.
	const metadata = {
		event_type: "minoots_timer_fired",
		event_payload: { timer: firing.timerId, delivery: firing.deliveryId, firing: firing.seq },
	};
	return { channel, ...message, metadata };
}

function zoneOf({ ownZone, zone }: SlackPerson): string {
	return ownZone ?? zone ?? "UTC";
}

function limited(team: string, channel: string, now: number, waitMs: number): Postponed {
	return postponed(turnAfterLimit({ team, channel }, now, waitMs).at);
}

function postponed(until: number): Postponed {
	return { kind: "postponed", until, reason: "rate_limited" };
}

function sleep(ms: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, ms));
}

/** The message goes to whoever asked for it, where the channel does not take it. */
async function tellAsker(call: Call, why: string): Promise<Verdict | Postponed> {
	const { sending, action } = call;
	const { user } = action;
	const now = Date.now();
	if (user === undefined || user === action.channel) return { kind: "terminal", error: why };
	if (!fitsLease(sending, now, SERVICE_TIMEOUT_MS)) {
		return { kind: "retryable", error: why, retryAfterMs: null };
	}
	const request = await requestFor(call, user, now);
	if (!request.ok) return request.error;
	const url = `${slackApiUrl(sending.env)}/chat.postMessage`;
	const made = await exchange(sending.env, url, request.value, SERVICE_TIMEOUT_MS, ANSWER_BYTES);
	if (!made.ok)
		return { kind: "retryable", error: `${why}; ${made.error.error}`, retryAfterMs: null };
	const answer: ServiceAnswer = { ...made.value, body: made.value.text };
	const verdict = judgeSlack(answer, user);
	if (verdict.kind === "limited") {
		return limited(action.team, user, answer.answeredAt, verdict.waitMs);
	}
	if (verdict.kind === "delivered") {
		return { kind: "delivered", excerpt: `sent to ${user} instead: ${why}` };
	}
	return verdict.kind === "closed_channel"
		? { kind: "terminal", error: `${why}; ${verdict.error}` }
		: verdict;
}
