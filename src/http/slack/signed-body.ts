/** The body of a request that Slack has signed. Everything of Slack's passes here before it is read. */

import { ok, type Result } from "../../core/result.ts";
import { verifySlackRequest } from "../../core/slack/signature.ts";
import type { Arrival } from "../context.ts";
import { type HttpFailure, refuse } from "../failure.ts";

/** @param body the text as it arrived */
export function readSignedBody(
	{ env, request, now }: Arrival,
	body: string,
): Result<string, HttpFailure> {
	const secret = env.SLACK_SIGNING_SECRET ?? "";
	if (secret === "") {
		return refuse(
			"slack_not_configured",
			"SLACK_SIGNING_SECRET is not set: nobody can be trusted.",
		);
	}
	const signed = {
		timestamp: request.headers.get("x-slack-request-timestamp"),
		signature: request.headers.get("x-slack-signature"),
		body,
	};
	const verified = verifySlackRequest(signed, secret, now);
	if (verified.ok) return ok(body);
	return refuse("invalid_signature", `Not signed by Slack: ${verified.error.message}.`);
}
