/** Actions for agents: what is read, what is stored, and the message a mailbox is handed. */
import { expect, it } from "vitest";
import { LIMITS } from "../../../src/contract/limits.ts";
import { buildAgentMessage } from "../../../src/core/agent-message.ts";
import { createIdSpace } from "../../../src/core/public-id.ts";
import type { TimerDoc } from "../../../src/core/timer-doc.ts";
import { unpackFlags } from "../../../src/core/timer-flags.ts";
import { accepted, NOW, readPatch, readTimer, refused } from "./read-timer.ts";

const agent = { type: "agent", mailbox: "build-agents" } as const;
const ids = createIdSpace(new Uint8Array(32), "acme");
const address = { shard: 0, seq: 7, firing: 1, action: 0 };
const firing = {
	timerId: ids.timer(address),
	deliveryId: ids.delivery(address),
	seq: 1,
	dueAt: NOW - 5,
};

it("[AGENT-1] stores an action for an agent as it was written", () => {
	const full = { ...agent, command: { run: "make" }, ackTimeoutMs: 5_000, ttlMs: 60_000 };
	const { doc, stored } = accepted(readTimer({ in: 1, actions: [agent, full] }));
	expect(doc.actions).toEqual([agent, full]);
	expect(unpackFlags(stored.flags)).toMatchObject({ actions: 2, timeoutMs: 10_000 });
	const { change } = accepted(readPatch({ actions: [full] }));
	expect(JSON.parse(change.docPatch ?? "")).toEqual({ actions: [full] });
});

it.each([
	[{ mailbox: "a/b" }, "mailbox"],
	[{ mailbox: "" }, "mailbox"],
	[{ mailbox: "a".repeat(LIMITS.mailboxNameLength + 1) }, "mailbox"],
	[{ command: "ls" }, "command"],
	[{ ackTimeoutMs: LIMITS.leaseMsMin - 1 }, "ackTimeoutMs"],
	[{ ttlMs: LIMITS.messageTtlMsMax + 1 }, "ttlMs"],
	[{ url: "https://example.com/" }, "url"],
])("[AGENT-1] refuses %j", (wrong, field) => {
	const json = { in: 1, actions: [{ ...agent, ...wrong }] };
	expect(refused(readTimer(json))).toEqual(["validation_failed", `actions.0.${field}`]);
});

it("[AGENT-3] hands the mailbox a message with the firing, the command and the delivery's id", () => {
	const doc: TimerDoc = { name: "nightly", message: "go", priority: 2 };
	const message = buildAgentMessage(doc, { ...agent, command: { run: "make" } }, firing, NOW);
	expect({ ...message, body: JSON.parse(message.body) }).toEqual({
		id: firing.deliveryId,
		body: {
			type: "timer.fired",
			timestamp: "2026-11-21T09:59:59.995Z",
			timer: { id: firing.timerId, name: "nightly" },
			message: "go",
			command: { run: "make" },
			data: {
				firing: { seq: 1, dueAt: "2026-11-21T09:59:59.995Z" },
				deliveryId: firing.deliveryId,
			},
		},
		priority: 2,
		visibleAt: NOW,
		expiresAt: NOW + LIMITS.messageTtlMsDefault,
		ackTimeoutMs: LIMITS.leaseMsDefault,
		maxAttempts: 6,
		traceparent: null,
	});
});

it.each<readonly [TimerDoc, number]>([
	[{ retry: { maxAttempts: 3 } }, 3],
	[{ retry: { delaysMs: [1, 2] } }, 3],
	[{}, 6],
])("[AGENT-3] a message of %j is leased at most %d times", (doc, leases) => {
	const times = { ackTimeoutMs: 1_000, ttlMs: 2_000 };
	expect(buildAgentMessage(doc, { ...agent, ...times }, firing, NOW)).toMatchObject({
		maxAttempts: leases,
		ackTimeoutMs: 1_000,
		expiresAt: NOW + 2_000,
	});
});
