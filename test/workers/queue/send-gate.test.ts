/**
 * The gate's promises and timers, within one request; that turns pass between requests is in
 * test/e2e/sender.
 */
import { expect, it } from "vitest";
import { SendGate } from "../../../src/queue/send-gate.ts";

const ONE = { active: 1, reservedForHigh: 0, inFlight: 100 };

it("[GATE-10] a request that takes long is parked, and the next one goes", async () => {
	const gate = new SendGate(ONE, 10);
	const line = gate.openLine("a", "medium");
	const slow = await line.enter();
	// Resolves only because the first is parked: it does not leave before.
	const next = await line.enter();
	expect(next).toBeDefined();
	slow?.leave();
	next?.leave();
	expect(gate.load()).toEqual({ waiting: 0, active: 0, parked: 0 });
});

it("[GATE-11] closing a line sends home who waits in it, and nobody else", async () => {
	const gate = new SendGate(ONE, null);
	const held = await gate.openLine("first", "medium").enter();
	const [closed, open] = [gate.openLine("a", "medium"), gate.openLine("a", "medium")];
	const waiting = [closed.enter(), open.enter(), closed.enter()] as const;
	closed.close();
	expect(await waiting[0]).toBeUndefined();
	expect(await waiting[2]).toBeUndefined();
	expect(await closed.enter()).toBeUndefined();
	held?.leave();
	expect(await waiting[1]).toBeDefined();
});
