/** What an isolate keeps: the line of waiting requests, and values that are good for a while. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { ExpiringMap } from "../../../src/core/expiring-map.ts";
import { Fifo } from "../../../src/core/fifo.ts";

it("[GATE-12] a line gives back what was put in, in order, over any history", () => {
	const step = fc.record({ push: fc.nat(3_000), shift: fc.nat(3_000) });
	fc.assert(
		fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
			const line = new Fifo<number>();
			let put = 0;
			let taken = 0;
			for (const { push, shift } of steps) {
				for (let i = 0; i < push; i++) line.push(put++);
				for (let i = 0; i < shift; i++)
					expect(line.shift()).toBe(taken < put ? taken++ : undefined);
			}
		}),
		{ numRuns: 30 },
	);
});

it("[SEND-12] a kept value ends at its time, not before", () => {
	const map = new ExpiringMap<string, number>(10);
	map.set("a", 1, 0, 1_000);
	expect(map.get("a", 999)).toBe(1);
	expect(map.get("a", 1_000)).toBeUndefined();
	expect(map.get("a", 999)).toBeUndefined();
});

it("[SEND-12] no more is kept than allowed; the oldest makes room", () => {
	const map = new ExpiringMap<string, number>(2);
	map.set("a", 1, 0, 1_000);
	map.set("b", 2, 0, 1_000);
	map.set("a", 3, 0, 1_000);
	map.set("c", 4, 0, 1_000);
	expect(["a", "b", "c"].map((key) => map.get(key, 0))).toEqual([3, undefined, 4]);
});
