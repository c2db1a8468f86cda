/** Signatures, judged by the reference implementation of Standard Webhooks as the receiver. */

import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { describe, expect, it, vi } from "vitest";
import {
	formatWebhookSecret,
	parseWebhookSecret,
	signWebhook,
} from "../../../src/core/webhook-signature.ts";
import { getPublishedVectors } from "../published-vectors.ts";

const NOW_SECONDS = 1_800_000_000;
const ID = "dlv_0c4d1v2n3p4q5r6s7t8v9w0x1y";

const secretBytes = fc.uint8Array({ minLength: 24, maxLength: 64 });

/** What the receiver says at a time of the test's choosing; the library reads the clock itself. */
function verifies(secret: string, body: string, headers: Record<string, string>, now: number) {
	vi.useFakeTimers({ now: now * 1_000 });
	try {
		new Webhook(secret).verify(body, headers, { jsonParse: false });
		return true;
	} catch {
		return false;
	} finally {
		vi.useRealTimers();
	}
}

function send(body: string, secrets: readonly Uint8Array[]): Record<string, string> {
	return {
		"webhook-id": ID,
		"webhook-timestamp": String(NOW_SECONDS),
		"webhook-signature": signWebhook({ id: ID, timestampSeconds: NOW_SECONDS, body, secrets }),
	};
}

describe("signWebhook", () => {
	it("[SIGN-1] the official receiver accepts any body under any secret, and no other body", () => {
		fc.assert(
			fc.property(fc.string({ unit: "grapheme" }), secretBytes, (body, secret) => {
				const text = formatWebhookSecret(secret);
				const headers = send(body, [secret]);
				expect(verifies(text, body, headers, NOW_SECONDS)).toBe(true);
				expect(verifies(text, `${body} `, headers, NOW_SECONDS)).toBe(false);
			}),
		);
	});

	it("[SIGN-1] bytes and their text have one signature, that of an independent HMAC", () => {
		fc.assert(
			fc.property(fc.string({ unit: "grapheme" }), secretBytes, (body, secret) => {
				const bytes = new TextEncoder().encode(body);
				const signed = { id: ID, timestampSeconds: NOW_SECONDS, secrets: [secret] };
				const content = new TextEncoder().encode(`${ID}.${NOW_SECONDS}.${body}`);
				const expected = Buffer.from(hmac(sha256, secret, content)).toString("base64");
				expect(signWebhook({ ...signed, body })).toBe(`v1,${expected}`);
				expect(signWebhook({ ...signed, body: bytes })).toBe(`v1,${expected}`);
			}),
		);
	});

	it("[SIGN-2] while a secret rotates, receivers with either one accept", () => {
		const old = new Uint8Array(24).fill(1);
		const current = new Uint8Array(32).fill(2);
		const stranger = new Uint8Array(32).fill(3);
		const headers = send("{}", [current, old]);
		expect(headers["webhook-signature"]).toMatch(/^v1,\S{44} v1,\S{44}$/);
		expect(verifies(formatWebhookSecret(current), "{}", headers, NOW_SECONDS)).toBe(true);
		expect(verifies(formatWebhookSecret(old), "{}", headers, NOW_SECONDS)).toBe(true);
		expect(verifies(formatWebhookSecret(stranger), "{}", headers, NOW_SECONDS)).toBe(false);
	});

	it("[SIGN-3] no secret, or a timestamp in milliseconds with a fraction, is a bug", () => {
		const signed = { id: ID, body: "{}", secrets: [new Uint8Array(24)] };
		expect(() => signWebhook({ ...signed, timestampSeconds: 1.5 })).toThrow(RangeError);
		expect(() => signWebhook({ ...signed, timestampSeconds: 1, secrets: [] })).toThrow(RangeError);
	});
});

describe("webhook secrets", () => {
	it("[SIGN-4] what is formatted is parsed again", () => {
		fc.assert(
			fc.property(secretBytes, (bytes) => {
				expect(parseWebhookSecret(formatWebhookSecret(bytes))).toEqual({ ok: true, value: bytes });
			}),
		);
	});

	it("[SIGN-4] padding may be left out", () => {
		const padded = formatWebhookSecret(new Uint8Array(25).fill(0xff));
		expect(padded.endsWith("==")).toBe(true);
		expect(parseWebhookSecret(padded.slice(0, -2))).toEqual(parseWebhookSecret(padded));
	});

	it.each([
		"",
		"whsec_",
		"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
		"whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
		"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",
		"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwA",
		"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2La-_Sw",
		"whsec_MfKQ9r8GKYqr TwjUPD8ILPZIo2LaLaSw",
		"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n",
		"whsec_====",
		formatWebhookSecret(new Uint8Array(23)),
		formatWebhookSecret(new Uint8Array(65)),
	])("[SIGN-5] %j is no secret, and is not repeated in the message", (text) => {
		const parsed = parseWebhookSecret(text);
		expect(parsed).toMatchObject({ ok: false, error: { reason: "invalid_secret" } });
		expect(JSON.stringify(parsed)).not.toContain("MfKQ");
	});
});

type SignatureVectors = {
	readonly signing: readonly {
		readonly secret: string;
		readonly id: string;
		readonly timestamp: number;
		readonly payload: string;
		readonly signature: string;
	}[];
	readonly invalidSecrets: readonly (string | null)[];
	readonly verify: readonly {
		readonly id: string;
		readonly name: string;
		readonly headers: Readonly<Record<string, string | null>>;
		readonly payload: string;
		readonly secret: string;
		readonly now: number;
		readonly valid: boolean;
	}[];
};

const published = getPublishedVectors<SignatureVectors>(
	"webhook-signatures/standard-webhooks.json",
);

describe.skipIf(published === undefined)("published Standard Webhooks vectors", () => {
	it.each(published?.signing ?? [])("[SIGN-6] $id is signed as published", (vector) => {
		const secret = parseWebhookSecret(vector.secret);
		expect(
			signWebhook({
				id: vector.id,
				timestampSeconds: vector.timestamp,
				body: vector.payload,
				secrets: secret.ok ? [secret.value] : [],
			}),
		).toBe(vector.signature);
	});

	it.each(published?.verify ?? [])(
		"[SIGN-6] $id ($name): the published list holds our signature just when it is valid",
		({ headers, payload, secret: text, now, valid }) => {
			const secret = parseWebhookSecret(text.startsWith("whsec_") ? text : `whsec_${text}`);
			const id = headers["webhook-id"];
			const timestampSeconds = Number(headers["webhook-timestamp"] ?? Number.NaN);
			const fresh = Math.abs(now - timestampSeconds) <= 300;
			const ours =
				secret.ok && id && fresh
					? signWebhook({ id, timestampSeconds, body: payload, secrets: [secret.value] })
					: "nothing to compare";
			expect(headers["webhook-signature"]?.split(" ").includes(ours) ?? false).toBe(valid);
		},
	);

	it.each(published?.invalidSecrets.filter((secret) => secret !== null) ?? [])(
		"[SIGN-5] the published invalid secret %j is refused",
		(secret) => {
			expect(parseWebhookSecret(secret).ok).toBe(false);
		},
	);
});
