/** The whole way of an action for an agent: timer, mailbox, agent, acknowledgement, settled timer. */
import { expect, it, vi } from "vitest";
import { DeadLetterViewSchema, DeliveryViewSchema } from "../../../src/contract/delivery.ts";
import { TimerViewSchema } from "../../../src/contract/timer.ts";
import { type Api, newTenant } from "./api.ts";

const MAILBOX = "/v1/mailboxes/build/messages";
const agent = { type: "agent", mailbox: "build", command: { run: "make" } } as const;

/** A timer that has an agent's work to give now. */
async function due({ call }: Api, more: object = {}): Promise<string> {
	const { status, body } = await call("POST", "/v1/timers", { in: 1, actions: [agent], ...more });
	expect([status, TimerViewSchema.parse(body)]).toEqual([201, body]);
	return body.id;
}

/** Leases the one message that is there or on its way. */
async function pulled({ call }: Api) {
	const { body } = await call("POST", `${MAILBOX}/pull`, { waitMs: 10_000 });
	expect(body.messages).toHaveLength(1);
	return body.messages[0];
}

const deliveriesOf = ({ call }: Api, id: string) => call("GET", `/v1/timers/${id}/deliveries`);

it("[AGENT-7] a timer's message is pulled, acknowledged with a result, and settles the timer", async () => {
	const api = await newTenant();
	const id = await due(api, { name: "nightly", message: "go", priority: 2 });
	const message = await pulled(api);
	expect(message).toMatchObject({
		attempts: 1,
		priority: 2,
		body: { type: "timer.fired", timer: { id, name: "nightly" }, message: "go" },
	});
	expect(message.body.command).toEqual(agent.command);
	expect(message.body.data).toMatchObject({ firing: { seq: 1 }, deliveryId: message.id });

	await vi.waitUntil(async () => {
		const { body } = await deliveriesOf(api, id);
		return body.items[0]?.status === "accepted";
	});
	const acks = [{ leaseId: message.leaseId, result: { built: true } }];
	const acked = await api.call("POST", `${MAILBOX}/ack`, { acks });
	expect(acked.body).toMatchObject({ ackCount: 1, acks: [{ outcome: "acknowledged" }] });

	const { body: timer } = await api.call("GET", `/v1/timers/${id}`);
	expect(timer).toMatchObject({ status: "settled", lastFiring: { status: "settled" } });
	const { body: deliveries } = await deliveriesOf(api, id);
	expect(DeliveryViewSchema.parse(deliveries.items[0])).toEqual(deliveries.items[0]);
	expect(deliveries.items).toMatchObject([
		{
			id: message.id,
			type: "agent",
			mailbox: "build",
			status: "delivered",
			attempts: 1,
			result: { built: true },
		},
	]);
	const { body: events } = await api.call("GET", `/v1/timers/${id}/events`);
	expect(events.items.map(({ type }: { type: string }) => type).reverse()).toEqual([
		"timer.created",
		"timer.fired",
		"message.leased",
		"message.acknowledged",
		"delivery.delivered",
		"timer.settled",
	]);
	const { body: mailboxes } = await api.call("GET", "/v1/mailboxes");
	expect(mailboxes.items).toMatchObject([{ name: "build", depth: 0, leased: 0 }]);
});

it("[AGENT-11] what agents gave up is a dead letter, replayed as it was and not otherwise", async () => {
	const api = await newTenant();
	const id = await due(api, { retry: { maxAttempts: 1 } });
	const { leaseId } = await pulled(api);
	const retries = [{ leaseId, reason: "out of disk" }];
	const answer = await api.call("POST", `${MAILBOX}/ack`, { retries });
	expect(answer.body.retries).toMatchObject([{ outcome: "dead" }]);
	expect((await api.call("GET", `/v1/timers/${id}`)).body.status).toBe("failed");

	const { body: letters } = await api.call("GET", "/v1/dead-letters");
	const [letter] = letters.items;
	expect(DeadLetterViewSchema.parse(letter)).toEqual(letter);
	expect(letter).toMatchObject({
		mailbox: "build",
		reason: "All attempts failed: out of disk",
		request: agent,
		history: [{ attempt: 1, outcome: "not_acknowledged", error: "out of disk" }],
	});
	const path = `/v1/dead-letters/${letter.id}/replay`;
	const edited = await api.call("POST", path, { patch: { body: 1 } });
	expect(edited).toMatchObject({ status: 422, body: { errors: [{ path: "patch" }] } });

	expect((await api.call("POST", path)).status).toBe(200);
	const again = await pulled(api);
	expect(again).toMatchObject({ id: letter.id, attempts: 1 });
	await api.call("POST", `${MAILBOX}/ack`, { acks: [{ leaseId: again.leaseId }] });
	const wait = await api.call("GET", `/v1/timers/${id}/wait?timeout=10s`);
	expect(wait.body.status).toBe("settled");
});

it("[AGENT-12] cancelling a timer takes its message from the agent that holds it", async () => {
	const api = await newTenant();
	const id = await due(api);
	const { leaseId } = await pulled(api);
	await vi.waitUntil(async () => {
		const { body } = await deliveriesOf(api, id);
		return body.items[0]?.status === "accepted";
	});
	const cancelled = await api.call("POST", `/v1/timers/${id}/cancel`, {});
	expect(cancelled.body.outcome).toBe("cancelled");
	await vi.waitUntil(async () => (await api.call("GET", "/v1/mailboxes/build")).body.leased === 0);
	const acked = await api.call("POST", `${MAILBOX}/ack`, { acks: [{ leaseId }] });
	expect(acked.body).toMatchObject({ ackCount: 0, acks: [{ outcome: "stale" }] });
	expect((await api.call("GET", `/v1/timers/${id}`)).body.status).toBe("cancelled");
});
