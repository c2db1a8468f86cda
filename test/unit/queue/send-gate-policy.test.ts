import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PRIORITY_CLASSES, type PriorityClass } from "../../../src/contract/envelope.ts";
import { SendGatePolicy } from "../../../src/core/send-gate-policy.ts";
import { LOCAL_GATE_LIMITS, PARK_AFTER_MS } from "../../../src/queue/constants.ts";
import { type Arrival, type Start, simulate } from "./gate-simulation.ts";

const HANGS = 60_000;
const FAST = 5;

function storm(count: number, like: Omit<Arrival, "at">, at = 0): Arrival[] {
	return Array.from({ length: count }, () => ({ ...like, at }));
}

function waitOf(starts: readonly Start[], tenant: string): number {
	const start = starts.find((found) => found.tenant === tenant);
	expect(start, `${tenant} was never sent`).toBeDefined();
	return start === undefined ? Number.NaN : start.startedAt - start.at;
}

describe("send gate", () => {
	it("[GATE-1] never has more requests active or in flight than it may", () => {
		const arrival = fc.record({
			at: fc.integer({ min: 0, max: 2_000 }),
			tenant: fc.constantFrom("a", "b", "c"),
			priority: fc.constantFrom<PriorityClass>(...PRIORITY_CLASSES),
			takesMs: fc.oneof(
				fc.integer({ min: 0, max: 150 }),
				fc.integer({ min: 100, max: 3_000 }),
				fc.constant(HANGS),
			),
		});
		let admitted = 0;
		fc.assert(
			fc.property(fc.array(arrival, { minLength: 50, maxLength: 600, size: "max" }), (arrivals) => {
				// The simulation checks every promise at every step.
				admitted += simulate(arrivals, 5_000).length;
			}),
			{ numRuns: 30 },
		);
		expect(admitted).toBeGreaterThan(1_000);
	});

	it("[GATE-2] sends everything in the end, each flow in its order", () => {
		const arrivals = [
			...storm(700, { tenant: "a", priority: "low", takesMs: 400 }),
			...storm(300, { tenant: "a", priority: "high", takesMs: 20 }),
			...storm(500, { tenant: "b", priority: "medium", takesMs: 150 }),
		].map((arrival, index) => ({ ...arrival, takesMs: arrival.takesMs + (index % 7) }));
		const starts = simulate(arrivals, HANGS);
		expect(starts).toHaveLength(arrivals.length);
		for (const tenant of ["a", "b"]) {
			for (const priority of PRIORITY_CLASSES) {
				const of = (list: readonly Arrival[]) =>
					list
						.filter((one) => one.tenant === tenant && one.priority === priority)
						.map((one) => one.takesMs);
				expect(of(starts)).toEqual(of(arrivals));
			}
		}
	});

	it("[GATE-3] sends a high one at once with 10,000 low ones behind receivers that hang", () => {
		for (const tenant of ["storming", "another"]) {
			const arrivals = [
				...storm(10_000, { tenant: "storming", priority: "low", takesMs: HANGS }),
				{ at: 3_000, tenant, priority: "high" as const, takesMs: FAST },
			];
			const high = simulate(arrivals, 4_000).find((start) => start.priority === "high");
			expect(high?.startedAt).toBe(3_000);
		}
	});

	it("[GATE-4] sends one tenant's single request within a second while twenty others storm", () => {
		const stormers = Array.from({ length: 20 }, (_, index) => `stormer-${index}`);
		const hanging = stormers.flatMap((tenant) =>
			PRIORITY_CLASSES.flatMap((priority) => storm(100, { tenant, priority, takesMs: HANGS })),
		);
		for (const priority of PRIORITY_CLASSES) {
			for (const at of [0, 50, 777]) {
				const single = { at, tenant: "single", priority, takesMs: FAST };
				const wait = waitOf(simulate([...hanging, single], at + 1_500), "single");
				expect(wait).toBeLessThan(500);
			}
		}
	});

	it("[GATE-5] leaves a place for the next tenant however many hold one", () => {
		const hanging = Array.from({ length: 200 }, (_, index) =>
			storm(20, { tenant: `stormer-${index}`, priority: "medium", takesMs: HANGS }),
		).flat();
		const single = { at: 30_000, tenant: "single", priority: "medium" as const, takesMs: FAST };
		expect(waitOf(simulate([...hanging, single], 31_000), "single")).toBeLessThan(PARK_AFTER_MS);
	});

	it("[GATE-6] gives a low request its turn while high and medium ones keep coming", () => {
		const busy = (["high", "medium"] as const).flatMap((priority) =>
			storm(5_000, { tenant: "busy", priority, takesMs: FAST }),
		);
		const single = { at: 0, tenant: "single", priority: "low" as const, takesMs: FAST };
		expect(waitOf(simulate([...busy, single], 1_000), "single")).toBeLessThanOrEqual(FAST);
	});

	it("[GATE-7] lets one tenant with hanging receivers hold a quarter of the places", () => {
		const hanging = storm(2_000, { tenant: "a", priority: "medium", takesMs: HANGS });
		expect(simulate(hanging, HANGS - 1)).toHaveLength(LOCAL_GATE_LIMITS.inFlight / 4);
	});

	it("[GATE-8] forgets a request that leaves the line, and passes on the turn", () => {
		const gate = new SendGatePolicy<string>({ active: 1, reservedForHigh: 0, inFlight: 10 });
		const [first, second, third] = ["first", "second", "third"].map((name) =>
			gate.wait("a", "medium", name),
		);
		if (first === undefined || second === undefined || third === undefined) return expect.fail();
		expect(gate.admit()).toBe(first);
		gate.leave(second);
		gate.leave(second);
		expect(gate.admit()).toBeUndefined();
		gate.leave(first);
		expect(gate.admit()).toBe(third);
		gate.park(third);
		gate.leave(third);
		expect(gate.load()).toEqual({ waiting: 0, active: 0, parked: 0 });
		expect(gate.admit()).toBeUndefined();
	});
});
