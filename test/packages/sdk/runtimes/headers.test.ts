/** Headers as other libraries than the platform hand them to a receiver. */
import { Webhook } from "standardwebhooks";
import { Headers } from "undici";
import { expect, test } from "vitest";
import { verifyWebhook } from "../../../../packages/sdk/src/index.ts";

test("[SDKRUN-8] a webhook is verified by headers of any class, and by a record in any case", async () => {
	const secret = `whsec_${btoa("a secret of the tenant")}`;
	const at = new Date();
	const fields = {
		"Webhook-Id": "msg_1",
		"Webhook-Timestamp": String(Math.floor(at.getTime() / 1_000)),
		"Webhook-Signature": new Webhook(secret).sign("msg_1", at, "{}"),
	};
	const headers = new Headers(fields);
	expect(headers instanceof globalThis.Headers).toBe(false);
	for (const given of [headers, new globalThis.Headers(fields), fields]) {
		expect(await verifyWebhook("{}", given, secret)).toEqual({});
	}
});
