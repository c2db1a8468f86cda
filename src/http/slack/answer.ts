/**
 * Answers a command in Slack's 3 s whatever happens behind it: with what came of it if that is known
 * in time, else at once that it is being worked on, and with the rest at the command's response URL.
 */

import { logLine } from "../../../durable-objects/shared/log.ts";
import type { SlackMessage } from "../../core/slack/message.ts";
import { renderFailure, renderWorking } from "../../core/slack/render-answer.ts";
import { postResponse } from "../../slack-api.ts";
import type { Arrival } from "../context.ts";
import { platformFailure } from "../platform-failure.ts";
import { logError } from "../request-log.ts";
import { ANSWER_WITHIN_MS, RESPONSE_PAUSE_MS, RESPONSE_TIMEOUT_MS } from "./constants.ts";
import { failureText } from "./failure-text.ts";

export type SlackAnswer = {
	readonly message: SlackMessage;
	/** Whether everybody in the channel sees it. */
	readonly inChannel: boolean;
};

/** What only the person sees who asked. */
export function toAsker(message: SlackMessage): SlackAnswer {
	return { message, inChannel: false };
}

/** The body of an answer to a command, and of what is posted to its response URL. */
function answerBody({ message, inChannel }: SlackAnswer) {
	return { response_type: inChannel ? "in_channel" : "ephemeral", ...message };
}

export async function answerInTime(
	arrival: Arrival,
	responseUrl: string,
	what: string,
	work: () => Promise<SlackAnswer>,
): Promise<object> {
	const done = settle(arrival, what, work);
	const first = await withinMs(done, ANSWER_WITHIN_MS);
	if (first !== undefined) return answerBody(first);
	arrival.exec.waitUntil(done.then((answer) => tell(arrival, responseUrl, answerBody(answer))));
	return answerBody(toAsker(renderWorking()));
}

/**
 * Posts to a response URL, and once more where Slack fails. What goes wrong then is in the log only:
 * there is no other way to the person.
 */
export async function tell(arrival: Arrival, responseUrl: string, body: object): Promise<void> {
	const { env, exec, requestId } = arrival;
	const first = await postResponse(env, responseUrl, body, RESPONSE_TIMEOUT_MS);
	if (first.ok) return;
	await scheduler.wait(RESPONSE_PAUSE_MS);
	const told = await postResponse(env, responseUrl, body, RESPONSE_TIMEOUT_MS);
	if (told.ok) return;
	const error = told.error.code === "unreachable" ? told.error.message : told.error.error;
	logLine(env, { at: Date.now(), kind: "slack_response_failed", requestId, error }, exec);
}

/** The work's answer, or why there is none. Never rejects. */
async function settle(
	arrival: Arrival,
	what: string,
	work: () => Promise<SlackAnswer>,
): Promise<SlackAnswer> {
	try {
		return await work();
	} catch (error) {
		logError(arrival, "/slack", error);
		return toAsker(renderFailure(what, failureText(platformFailure(error))));
	}
}

/** What `work` resolves to; `undefined` when that takes longer. */
export async function withinMs<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
	const { promise, resolve } = Promise.withResolvers<undefined>();
	const timer = setTimeout(() => resolve(undefined), ms);
	try {
		return await Promise.race([work, promise]);
	} finally {
		clearTimeout(timer);
	}
}
