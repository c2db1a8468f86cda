/** The verifier of webhooks, held against the published vectors and the reference library. */
import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import { verifyWebhook, WebhookVerificationError } from "../../../packages/sdk/src/index.ts";
import { getPublishedVectors } from "../../unit/published-vectors.ts";
import { fc, test as property } from "./properties.ts";
import { rejection } from "./scripted-fetch.ts";

type Vectors = {
	readonly verify: readonly {
		readonly id: string;
		readonly name: string;
		readonly secret: string;
		readonly headers: Readonly<Record<string, string>>;
		readonly payload: string;
		readonly now: number;
		readonly valid: boolean;
	}[];
	readonly invalidSecrets: readonly (string | null)[];
};

const published = getPublishedVectors<Vectors>("webhook-signatures/standard-webhooks.json");
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const NOW = Date.parse("2026-11-21T12:00:00Z");

function signed(body: string, secret = SECRET, at = NOW) {
	const timestamp = new Date(at);
	return {
		"webhook-id": "dlv_1",
		"webhook-timestamp": String(Math.floor(at / 1_000)),
		"webhook-signature": new Webhook(secret).sign("dlv_1", timestamp, body),
	};
}

describe("verifyWebhook", () => {
	test.each(published?.verify ?? [])(
		"[SDK-40] judges the published case $id ($name) as it is",
		async ({ payload, headers, secret, now, valid }) => {
			const verdict = verifyWebhook(payload, headers, secret, { now: now * 1_000 });
			if (valid) expect(await verdict).toEqual(JSON.parse(payload));
			else expect(await rejection(verdict)).toBeInstanceOf(WebhookVerificationError);
		},
	);

	property(
		"[SDK-41] trusts what the reference library has signed, and nothing that differs from it",
		[fc.json(), fc.uint8Array({ minLength: 24, maxLength: 64 }), fc.nat()],
		async (body, key, at) => {
			const secret = `whsec_${Buffer.from(key).toString("base64")}`;
			const headers = signed(body, secret);
			expect(await verifyWebhook(body, headers, secret, { now: NOW })).toEqual(JSON.parse(body));
			const bytes = new TextEncoder().encode(body);
			await verifyWebhook(bytes, new Headers(headers), secret, { now: NOW });
			const index = at % bytes.length;
			bytes[index] = (bytes[index] ?? 0) ^ 1;
			const forged = await rejection(verifyWebhook(bytes, headers, secret, { now: NOW }));
			expect(forged).toMatchObject({ code: "wrong_signature" });
		},
		{ numRuns: 50 },
	);

	test("[SDK-42] any of several secrets may have signed, and any signature of several may match", async () => {
		const now = NOW;
		const headers = signed("{}", OTHER);
		expect(await verifyWebhook("{}", headers, [SECRET, OTHER], { now })).toEqual({});
		const both = `${signed("{}")["webhook-signature"]} ${headers["webhook-signature"]}`;
		const rotating = { ...headers, "webhook-signature": both };
		for (const secret of [SECRET, OTHER]) await verifyWebhook("{}", rotating, secret, { now });
		const asNode = { "Webhook-Id": "dlv_1", "WEBHOOK-TIMESTAMP": headers["webhook-timestamp"] };
		const list = { ...asNode, "webhook-signature": both.split(" ") };
		await verifyWebhook(new TextEncoder().encode("{}").buffer, list, SECRET, { now });
		const stranger = await rejection(verifyWebhook("{}", signed("{}"), OTHER, { now }));
		expect(stranger).toMatchObject({ code: "wrong_signature" });
		expect(String(stranger)).not.toContain(OTHER);
	});

	test("[SDK-42] the clocks may differ by `toleranceSeconds` to both sides", async () => {
		const judge = (ageSeconds: number, toleranceSeconds?: number) => {
			const headers = signed("{}", SECRET, NOW - ageSeconds * 1_000);
			return verifyWebhook("{}", headers, SECRET, { now: NOW, toleranceSeconds });
		};
		for (const age of [-300, 0, 300]) await judge(age);
		await judge(3_600, 3_600);
		expect(await rejection(judge(301))).toMatchObject({ code: "too_old" });
		expect(await rejection(judge(-301))).toMatchObject({ code: "too_new" });
		expect(await rejection(judge(11, 10))).toMatchObject({ code: "too_old" });
	});

	test("[SDK-42] a parsed body and a secret that is none are mistakes of the caller", async () => {
		const parsed: unknown = {};
		// As a caller without types would.
		const body = parsed as string;
		expect(await rejection(verifyWebhook(body, {}, SECRET))).toBeInstanceOf(TypeError);
		for (const secret of ["", "whsec_", "whsec_ä", ...(published?.invalidSecrets ?? [])]) {
			const verdict = verifyWebhook("{}", signed("{}"), secret ?? "", { now: NOW });
			expect(await rejection(verdict)).toBeInstanceOf(TypeError);
		}
		expect(await rejection(verifyWebhook("{}", signed("{}"), []))).toBeInstanceOf(TypeError);
	});
});
