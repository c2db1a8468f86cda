import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DeliveryIdSchema, TimerIdSchema } from "../../../src/contract/ids.ts";
import {
	buildWebhookRequest,
	timeoutMsOf,
	type WebhookAttempt,
} from "../../../src/core/webhook-request.ts";

const KEY = new Uint8Array(24).fill(7);
const WEBHOOK = { type: "webhook", url: "https://hooks.example.com/" } as const;
const DELIVERY_ID = `dlv_${"0".repeat(32)}`;

function attempt(overrides: Partial<WebhookAttempt> = {}): WebhookAttempt {
	const action = overrides.action ?? WEBHOOK;
	return {
		doc: { actions: [action] },
		action,
		firing: {
			timerId: TimerIdSchema.parse(`tmr_${"0".repeat(24)}`),
			deliveryId: DeliveryIdSchema.parse(DELIVERY_ID),
			seq: 1,
			dueAt: 1_795_258_000_123,
		},
		attempt: 1,
		now: 1_795_258_091_999,
		random: new Uint8Array(24).fill(1),
		keys: [KEY],
		payload: undefined,
		...overrides,
	};
}

describe("buildWebhookRequest", () => {
	it("[HOOK-4] an action's headers go along, and none stands in for one of the network's", () => {
		const ours = Object.keys(buildWebhookRequest(attempt()).headers);
		const anyCase = (name: string) =>
			fc
				.array(fc.boolean(), { minLength: name.length, maxLength: name.length })
				.map((upper) =>
					[...name].map((letter, i) => (upper[i] ? letter.toUpperCase() : letter)).join(""),
				);
		const forged = fc.constantFrom(...ours).chain(anyCase);
		fc.assert(
			fc.property(fc.dictionary(forged, fc.constant("forged")), (headers) => {
				const action = { ...WEBHOOK, headers: { ...headers, Authorization: "Bearer x" } };
				expect(buildWebhookRequest(attempt({ action })).headers).toEqual({
					...buildWebhookRequest(attempt()).headers,
					authorization: "Bearer x",
				});
			}),
		);
	});

	it("[HOOK-3] the timestamp is this attempt's, in whole seconds", () => {
		const { headers } = buildWebhookRequest(attempt({ attempt: 3 }));
		expect(headers["webhook-timestamp"]).toBe("1795258091");
		expect(headers["x-minoots-attempt"]).toBe("3");
		expect(headers["webhook-id"]).toBe(DELIVERY_ID);
	});

	it("[HOOK-18] a GET has no body, whatever the action brings, and is signed as empty", () => {
		const action = { ...WEBHOOK, method: "GET" } as const;
		const plain = buildWebhookRequest(attempt({ action }));
		const payload = new TextEncoder().encode("{}");
		expect(plain).toMatchObject({ method: "GET", body: undefined });
		expect(buildWebhookRequest(attempt({ action, payload }))).toEqual(plain);
	});

	it("[HOOK-18] a body that is given is sent as its JSON, null and text included", () => {
		for (const body of [null, "text", 0, false, [1, { a: "ä" }]]) {
			const action = { ...WEBHOOK, body };
			expect(buildWebhookRequest(attempt({ action })).body).toBe(JSON.stringify(body));
		}
	});

	it("[HOOK-10] the whole exchange may take the action's time-out, or ten seconds", () => {
		expect(timeoutMsOf({ ...WEBHOOK, timeoutMs: 250 })).toBe(250);
		expect(timeoutMsOf(WEBHOOK)).toBe(10_000);
	});
});
