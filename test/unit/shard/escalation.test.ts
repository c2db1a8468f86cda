import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DeliveryTally, isSetOff } from "../../../src/core/escalation.ts";

const retrying = (failed: number): DeliveryTally => ({ state: "retrying", failed });
const dead = (failed: number): DeliveryTally => ({ state: "dead", failed });
const delivered: DeliveryTally = { state: "delivered", failed: 0 };

describe("isSetOff", () => {
	it.each<[string, number, DeliveryTally | undefined, DeliveryTally, DeliveryTally[], unknown]>([
		["too few failures", 2, undefined, retrying(1), [], undefined],
		["just as many", 2, retrying(1), retrying(2), [], "attempts"],
		["more, since one was lost", 2, retrying(1), retrying(3), [], "attempts"],
		["again one more", 2, retrying(2), retrying(3), [], undefined],
		["given up with the last of them", 2, retrying(1), dead(2), [], "attempts"],
		["given up sooner", 3, retrying(1), dead(1), [], "dead"],
		["given up after it was set off", 2, retrying(2), dead(3), [], undefined],
		["delivered", 1, retrying(1), delivered, [], undefined],
		["cancelled", 1, undefined, { state: "cancelled", failed: 1 }, [], undefined],
		["another was first", 1, undefined, retrying(1), [retrying(1)], undefined],
		["another was given up first", 2, undefined, dead(1), [dead(1)], undefined],
		["another is not so far", 2, retrying(1), retrying(2), [retrying(1), delivered], "attempts"],
	])("[ESC-19] %s", (_, attempts, was, is, others, reason) => {
		expect(isSetOff(attempts, was, is, others)).toBe(reason);
	});

	it("[ESC-19] once, however a delivery goes", () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 1, max: 6 }),
				fc.integer({ min: 0, max: 8 }),
				(attempts, retries) => {
					const course = Array.from({ length: retries }, (_, index) => retrying(index + 1));
					const ends = [...course, dead(retries + 1)];
					const set = ends.filter((is, index) => isSetOff(attempts, ends[index - 1], is, []));
					expect(set).toHaveLength(1);
				},
			),
		);
	});
});
