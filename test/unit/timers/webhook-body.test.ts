/** The body a webhook receives. */
import { expect, it } from "vitest";
import { buildAgentMessage } from "../../../src/core/agent-message.ts";
import { createIdSpace } from "../../../src/core/public-id.ts";
import { deliveryContext } from "../../../src/core/template/delivery-context.ts";
import { renderTemplates } from "../../../src/core/template/render.ts";
import { webhookBody } from "../../../src/core/webhook-body.ts";

const ids = createIdSpace(new Uint8Array(32), "acme");
const firing = {
	timerId: ids.timer({ shard: 0, seq: 1 }),
	deliveryId: ids.delivery({ shard: 0, seq: 1, firing: 1, action: 0 }),
	seq: 1,
	dueAt: Date.UTC(2026, 11, 1, 9),
};
const action = { type: "webhook", url: "https://example.com" } as const;
const standard = {
	type: "timer.fired",
	timestamp: "2026-12-01T09:00:00.000Z",
	event: "timer_expired",
	timer: { id: firing.timerId, name: null },
	message: null,
	data: {
		firing: { seq: 1, dueAt: "2026-12-01T09:00:00.000Z" },
		deliveryId: firing.deliveryId,
	},
};

it("[BODY-1] is the default body unless the action brings one", () => {
	expect(webhookBody({}, action, firing)).toEqual(standard);
	expect(webhookBody({}, { ...action, body: { a: [1] } }, firing)).toEqual({ a: [1] });
	expect(webhookBody({}, { ...action, body: null }, firing)).toBeNull();
});

it("[ESC-21] says of a step what it escalates, and of a replay what it repeats", () => {
	const escalated = {
		firing: 1,
		firedAt: 0,
		action: 2,
		step: 1,
		reason: "attempts",
		next: [],
	} as const;
	expect(webhookBody({ escalated }, action, firing)).toMatchObject({
		data: { firing: { seq: 1, escalation: { firing: 1, action: 2, step: 1, reason: "attempts" } } },
	});
	expect(webhookBody({ replayOf: 3 }, action, firing)).toMatchObject({
		data: { firing: { seq: 1, replayOf: 3 } },
	});
	const context = deliveryContext({ escalated }, firing);
	expect(renderTemplates("${firing.escalation.reason}", context)).toEqual({
		ok: true,
		value: "attempts",
	});
	const message = buildAgentMessage({ escalated }, { type: "agent", mailbox: "m" }, firing, 0);
	expect(JSON.parse(message.body)).toMatchObject({ data: { firing: { escalation: { step: 1 } } } });
});

it("[BODY-2] says the timer's name and the message, the action's before the timer's", () => {
	const doc = { name: "a", message: "timer's" };
	expect(webhookBody(doc, action, firing)).toEqual({
		...standard,
		timer: { id: firing.timerId, name: "a" },
		message: "timer's",
	});
	expect(webhookBody(doc, { ...action, message: "action's" }, firing)).toMatchObject({
		message: "action's",
	});
});

it("[BODY-3] merges the action's data, which cannot replace the network's members", () => {
	const data = { order: 7, firing: "x", deliveryId: "y" };
	expect(webhookBody({}, { ...action, data }, firing)).toEqual({
		...standard,
		data: { order: 7, ...standard.data },
	});
});

it("[BODY-4] sends nothing with a GET", () => {
	expect(webhookBody({ message: "m" }, { ...action, method: "GET" }, firing)).toBeUndefined();
});
