/** `POST /slack/events`: Slack tells that the app was removed, or asks whether this address is ours. */
import { SlackEventSchema } from "../../contract/slack.ts";
import { err, ok, type Result } from "../../core/result.ts";
import { SECOND } from "../../core/units.ts";
import { UNAVAILABLE_RETRY_MS } from "../constants.ts";
import type { Arrival } from "../context.ts";
import { type HttpFailure, refuse } from "../failure.ts";
import { type Reply, reply } from "../reply.ts";
import { logError } from "../request-log.ts";
import { validate } from "../validate.ts";
import { withinMs } from "./answer.ts";
import { ANSWER_WITHIN_MS } from "./constants.ts";
import { forgetWorkspace } from "./forget-workspace.ts";
import { readSignedBody } from "./signed-body.ts";

export async function takeEvent(
	arrival: Arrival,
	body: string,
): Promise<Result<Reply, HttpFailure>> {
	const signed = readSignedBody(arrival, body);
	if (!signed.ok) return signed;
	let json: unknown;
	try {
		json = JSON.parse(signed.value);
	} catch {
		return refuse("invalid_json", "The body is not JSON.");
	}
	const read = validate(SlackEventSchema, json);
	if (!read.ok) return read;
	if (read.value.type === "url_verification") return reply({ challenge: read.value.challenge });
	const { team_id, event_time, event } = read.value;
	const isRevoked = event.type === "tokens_revoked" && (event.tokens?.bot?.length ?? 0) > 0;
	if (event.type === "app_uninstalled" || isRevoked) {
		// An event that comes late must not undo the installation that has followed it.
		const before = (event_time + 1) * SECOND;
		const forgotten = await inTime(arrival, forgetWorkspace(arrival, team_id, { before }));
		if (!forgotten.ok) return forgotten;
	}
	return ok({ status: 200, body: undefined });
}

/** What came of `work`, or that Slack is to send the event again: it goes on behind the answer. */
async function inTime<T>(
	arrival: Arrival,
	work: Promise<Result<T, HttpFailure>>,
): Promise<Result<T, HttpFailure>> {
	const first = await withinMs(work, ANSWER_WITHIN_MS);
	if (first !== undefined) return first;
	const log = (error: unknown) => logError(arrival, "/slack/events", error);
	arrival.exec.waitUntil(work.then(() => undefined, log));
	const detail = "It takes longer than Slack waits. Send the event again.";
	return err({ code: "unavailable", detail, retryAfterMs: UNAVAILABLE_RETRY_MS });
}
