/** Slack's signature, by its published example, by the founding vector, and beside @slack/bolt. */
import { isValidSlackRequest } from "@slack/bolt";
import fc from "fast-check";
import { expect, it } from "vitest";
import { signSlackRequest, verifySlackRequest } from "../../../src/core/slack/signature.ts";

const SECRET = "8f742231b10e8888abcd99yyyzzz85a5";
const TIMESTAMP = "1531420618";
const NOW = 1_531_420_618_000;

/** https://docs.slack.dev/authentication/verifying-requests-from-slack, recomputed. */
const PUBLISHED = {
	body: "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c",
	signature: "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
};
const FOUNDING = {
	body: "token=xyzz0WbapA4vBCDEFoobar&text=94070",
	signature: "v0=e9a34c03db149adf990833951e3914db2696e7ba83bf7a499c9b4fe8c9d40b6f",
};

it.each([PUBLISHED, FOUNDING])("[SLACK-1] takes the published signature %#", (vector) => {
	expect(signSlackRequest(SECRET, TIMESTAMP, vector.body)).toBe(vector.signature);
	const request = { ...vector, timestamp: TIMESTAMP };
	expect(verifySlackRequest(request, SECRET, NOW)).toEqual({ ok: true, value: null });
});

it("[SLACK-1] refuses a body, a secret or a timestamp that was changed", () => {
	const request = { ...FOUNDING, timestamp: TIMESTAMP };
	const changed = [
		verifySlackRequest({ ...request, body: `${FOUNDING.body} ` }, SECRET, NOW),
		verifySlackRequest(request, `${SECRET}x`, NOW),
		verifySlackRequest({ ...request, timestamp: "1531420619" }, SECRET, NOW),
		verifySlackRequest({ ...request, signature: FOUNDING.signature.slice(0, -1) }, SECRET, NOW),
		verifySlackRequest({ ...request, signature: "" }, SECRET, NOW),
		verifySlackRequest(
			{ ...request, signature: FOUNDING.signature.replace("v0", "v1") },
			SECRET,
			NOW,
		),
	];
	expect(changed.map((result) => !result.ok && result.error.reason)).toEqual(
		changed.map(() => "mismatch"),
	);
});

it.each([
	[-301, "stale"],
	[-300, "ok"],
	[0, "ok"],
	[300, "ok"],
	[301, "stale"],
])("[SLACK-2] looks at the age before the signature: %i s from now is %s", (seconds, expected) => {
	const timestamp = String(NOW / 1_000 + seconds);
	const signature = signSlackRequest(SECRET, timestamp, FOUNDING.body);
	const result = verifySlackRequest({ body: FOUNDING.body, timestamp, signature }, SECRET, NOW);
	expect(result.ok ? "ok" : result.error.reason).toBe(expected);
});

it.each([
	[null, FOUNDING.signature],
	[TIMESTAMP, null],
	["", FOUNDING.signature],
	["1531420618.5", FOUNDING.signature],
	["-1531420618", FOUNDING.signature],
	["NaN", FOUNDING.signature],
])("[SLACK-2] refuses the timestamp %j with the signature %j", (timestamp, signature) => {
	const result = verifySlackRequest({ body: FOUNDING.body, timestamp, signature }, SECRET, NOW);
	expect(result.ok ? "ok" : result.error.reason).toBe("missing");
});

it("[SLACK-3] never verifies with an empty secret", () => {
	const signature = signSlackRequest("", TIMESTAMP, FOUNDING.body);
	const request = { body: FOUNDING.body, timestamp: TIMESTAMP, signature };
	expect(() => verifySlackRequest(request, "", NOW)).toThrow("no signing secret");
});

it("[SLACK-1] agrees with @slack/bolt on any body, secret and age", () => {
	const seconds = fc.integer({ min: -400, max: 300 });
	fc.assert(
		fc.property(
			fc.string({ unit: "grapheme" }),
			fc.string({ minLength: 1 }),
			seconds,
			fc.boolean(),
			(body, signingSecret, age, isChanged) => {
				const at = NOW / 1_000 + age;
				const signature = signSlackRequest(signingSecret, String(at), body);
				const sent = isChanged ? `${body}&` : body;
				const headers = { "x-slack-signature": signature, "x-slack-request-timestamp": at };
				const theirs = isValidSlackRequest({
					signingSecret,
					body: sent,
					headers,
					nowMilliseconds: NOW,
				});
				const request = { body: sent, timestamp: String(at), signature };
				expect(verifySlackRequest(request, signingSecret, NOW).ok).toBe(theirs);
			},
		),
	);
});
