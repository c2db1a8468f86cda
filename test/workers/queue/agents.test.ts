/** Envelopes with deliveries to agents: which mailbox is handed what, and what the shard is told. */
import { expect, it } from "vitest";
import { createIdSpace } from "../../../src/core/public-id.ts";
import { SECOND } from "../../../src/core/units.ts";
import { derivedKey } from "../../../src/derived-keys.ts";
import { sendEnvelope } from "../../../src/queue/send-envelope.ts";
import { agentDeliveryOf, deliveryOf, envelopeOf, stage } from "./sending.ts";

it("[AGENT-3] each mailbox is handed its messages in one call, beside what goes to webhooks", async () => {
	const set = stage();
	const envelope = await envelopeOf([
		agentDeliveryOf({}, { timer: 1 }),
		deliveryOf({}, { timer: 2, inDoc: { metadata: { type: "agent" } } }),
		agentDeliveryOf({ mailbox: "test", ttlMs: 5_000 }, { timer: 3, attempt: 4, base: 2 }),
		agentDeliveryOf({}, { timer: 5 }),
	]);
	const before = Date.now();
	await sendEnvelope(envelope, set.env, set.ctx);

	const { tenant, shard } = envelope;
	expect(set.handed.map(({ call, messages }) => [call, messages.length])).toEqual([
		[{ tenant, mailbox: "build" }, 2],
		[{ tenant, mailbox: "test" }, 1],
	]);
	expect(set.registered.toSorted()).toEqual(["build", "test"]);
	const [message] = set.handed[1]?.messages ?? [];
	const ids = createIdSpace(derivedKey(set.env, "public-id"), tenant);
	expect(message).toMatchObject({
		id: ids.delivery({ shard, seq: 3, firing: 1, action: 0 }),
		origin: { shard, timer: 3, firing: 1, action: 0, attempt: 3 },
	});
	expect(JSON.parse(message?.body ?? "")).toMatchObject({ data: { deliveryId: message?.id } });
	expect(message?.expiresAt).toBeGreaterThanOrEqual(before + 5_000);

	expect(set.sent).toHaveLength(1);
	expect(set.outcomes()).toHaveLength(4);
	const outcomes = new Map(set.outcomes().map((outcome) => [outcome.timer, outcome]));
	expect(outcomes.get(2)).toMatchObject({ kind: "attempted", class: "delivered" });
	expect(outcomes.get(3)).toEqual({
		timer: 3,
		firing: 1,
		action: 0,
		attempt: 4,
		kind: "accepted",
		expiresAt: message?.expiresAt,
	});
	expect(outcomes.get(5)).toMatchObject({ kind: "accepted" });
});

it("[AGENT-5] a mailbox that cannot be reached fails its messages alone, to be tried again", async () => {
	const set = stage({
		onAccept: ({ mailbox }) => {
			if (mailbox === "build") throw new Error("overloaded");
		},
	});
	const test = agentDeliveryOf({ mailbox: "test" }, { timer: 2 });
	await sendEnvelope(await envelopeOf([agentDeliveryOf(), test]), set.env, set.ctx);
	const outcomes = new Map(set.outcomes().map((outcome) => [outcome.timer, outcome]));
	expect(outcomes.get(1)).toMatchObject({
		kind: "attempted",
		class: "retryable",
		outcome: "connection_failed",
		error: "the mailbox could not be reached",
	});
	expect(outcomes.get(2)).toMatchObject({ kind: "accepted" });
});

it("[AGENT-5] nothing is handed to a mailbox that may not answer before the lease ends", async () => {
	const set = stage();
	const leaseUntil = Date.now() + 5 * SECOND;
	await sendEnvelope(await envelopeOf([agentDeliveryOf()], { leaseUntil }), set.env, set.ctx);
	expect(set.handed).toEqual([]);
	expect(set.outcomes()).toMatchObject([{ kind: "not_started" }]);
});
