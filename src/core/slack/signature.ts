/**
 * Checks that a request comes from Slack: version `v0`, HMAC-SHA-256 over `v0:<timestamp>:<body>`
 * with the app's signing secret. The body is the text as it arrived; nothing of it may be read before.
 * https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
import { createHmac } from "node:crypto";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { equalBytes } from "../public-id.ts";
import { err, ok, type Result } from "../result.ts";
import { SECOND } from "../units.ts";

/** Seconds by which a request's time may differ from ours, either way; Slack's own advice. */
const AGE_SECONDS_MAX = 300;

export type SignedRequest = {
	/** `X-Slack-Request-Timestamp`: whole seconds since the epoch. */
	readonly timestamp: string | null;
	/** `X-Slack-Signature`. */
	readonly signature: string | null;
	readonly body: string;
};

export type SignatureError = {
	readonly reason: "missing" | "stale" | "mismatch";
	readonly message: string;
};

/** The signature that Slack sends with `body`. */
export function signSlackRequest(secret: string, timestamp: string, body: string): string {
	const mac = createHmac("sha256", utf8ToBytes(secret)).update(`v0:${timestamp}:${body}`);
	return `v0=${mac.digest("hex")}`;
}

/** @param now epoch ms */
export function verifySlackRequest(
	{ timestamp, signature, body }: SignedRequest,
	secret: string,
	now: number,
): Result<null, SignatureError> {
	// An empty key is one that everybody has.
	if (secret === "") throw new Error("verifySlackRequest: there is no signing secret");
	if (signature === null || timestamp === null || !/^\d{1,12}$/.test(timestamp)) {
		const message =
			"expected X-Slack-Signature, and X-Slack-Request-Timestamp in whole seconds since the epoch";
		return err({ reason: "missing", message });
	}
	if (Math.abs(Math.floor(now / SECOND) - Number(timestamp)) > AGE_SECONDS_MAX) {
		const message = `expected a timestamp at most ${AGE_SECONDS_MAX} s from now, got ${timestamp}`;
		return err({ reason: "stale", message });
	}
	const expected = utf8ToBytes(signSlackRequest(secret, timestamp, body));
	if (equalBytes(expected, utf8ToBytes(signature))) return ok(null);
	return err({ reason: "mismatch", message: "the signature is not that of this body" });
}
