import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AlarmInputs, planAlarm } from "../../../src/core/plan-alarm.ts";

const NOW = 1_000_000;
const IDLE: AlarmInputs = {
	nextDue: [null, null, null],
	laneOpen: [true, true, true],
	leaseEnd: null,
	jobOpen: false,
	removalAt: null,
};

describe("planAlarm", () => {
	it.each<readonly [string, Partial<AlarmInputs>, number | null]>([
		["nothing", {}, null],
		["a timer ahead", { nextDue: [null, NOW + 500, null] }, NOW + 500],
		["a timer that is due", { nextDue: [null, NOW, null] }, NOW + 1],
		["a timer that is overdue", { nextDue: [NOW - 9_000, null, null] }, NOW + 1],
		["the first of several lanes", { nextDue: [NOW + 9, NOW + 7, NOW + 8] }, NOW + 7],
		["a lane without room", { nextDue: [null, null, NOW], laneOpen: [true, true, false] }, null],
		[
			"a lane with room beside one without",
			{ nextDue: [NOW + 5, null, NOW], laneOpen: [true, true, false] },
			NOW + 5,
		],
		["a lease", { leaseEnd: NOW + 70_000 }, NOW + 70_000],
		["a lease that has run out", { leaseEnd: NOW - 1 }, NOW + 1],
		["a lease before a timer", { leaseEnd: NOW + 3, nextDue: [NOW + 4, null, null] }, NOW + 3],
		["a timer before a lease", { leaseEnd: NOW + 5, nextDue: [NOW + 4, null, null] }, NOW + 4],
		["something to be removed", { removalAt: NOW + 9 }, NOW + 9],
		[
			"a timer before something to be removed",
			{ removalAt: NOW + 9, nextDue: [null, NOW + 8, null] },
			NOW + 8,
		],
		["a job", { jobOpen: true }, NOW + 1],
		["a job before all else", { jobOpen: true, nextDue: [NOW + 4, null, null] }, NOW + 1],
		[
			"no room anywhere, but leases",
			{ nextDue: [NOW, NOW, NOW], laneOpen: [false, false, false], leaseEnd: NOW + 60_000 },
			NOW + 60_000,
		],
	])("[SHARD-56] rings for %s", (_, inputs, at) => {
		expect(planAlarm({ ...IDLE, ...inputs }, NOW)).toBe(at);
	});

	it("[SHARD-50] is always after now, and never later than what it is armed for", () => {
		const instant = fc.option(fc.integer({ min: 0, max: 2 * NOW }), { nil: null });
		fc.assert(
			fc.property(
				fc.array(fc.tuple(instant, fc.boolean()), { maxLength: 3 }),
				instant,
				fc.boolean(),
				instant,
				fc.integer({ min: 0, max: 2 * NOW }),
				(lanes, leaseEnd, jobOpen, removalAt, now) => {
					const nextDue = lanes.map(([due]) => due);
					const laneOpen = lanes.map(([, isOpen]) => isOpen);
					const at = planAlarm({ nextDue, laneOpen, leaseEnd, jobOpen, removalAt }, now);
					const reasons = [
						...lanes.flatMap(([due, isOpen]) => (due !== null && isOpen ? [due] : [])),
						...(leaseEnd === null ? [] : [leaseEnd]),
						...(removalAt === null ? [] : [removalAt]),
						...(jobOpen ? [now] : []),
					];
					if (at === null) expect(reasons).toEqual([]);
					else {
						expect(at).toBeGreaterThan(now);
						expect(at).toBe(Math.max(now + 1, Math.min(...reasons)));
					}
				},
			),
		);
	});
});
