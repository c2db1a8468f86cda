/** The stored document and the flags beside it. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { LIMITS } from "../../../src/contract/limits.ts";
import { formatTimerDoc, parseTimerDoc, patchTimerDoc } from "../../../src/core/timer-doc.ts";
import {
	flagsOfDoc,
	packFlags,
	priorityClassOf,
	unpackFlags,
} from "../../../src/core/timer-flags.ts";

const url = "https://example.com/hook";

it("[TIMER-1] leaves defaults and empty members out of the stored document", () => {
	const text = formatTimerDoc({
		name: "a",
		priority: 5,
		fidelity: "full",
		labels: {},
		metadata: {},
		actions: [],
	});
	expect(text).toBe('{"name":"a"}');
	expect(formatTimerDoc({ priority: 4, fidelity: "fast" })).toBe(
		'{"priority":4,"fidelity":"fast"}',
	);
});

it("[TIMER-1] keeps what is empty inside a member", () => {
	const doc = { metadata: { a: null, b: {}, priority: 5 }, labels: { a: "" } };
	expect(parseTimerDoc(formatTimerDoc(doc))).toEqual(doc);
});

it("[TIMER-2] replaces the members of a patch, removes null ones and keeps the rest", () => {
	const doc = { name: "a", message: "m", labels: { a: "1", b: "2" }, priority: 2 };
	const patch = JSON.stringify({ name: null, labels: { c: "3" }, priority: 5 });
	expect(patchTimerDoc(doc, patch)).toEqual({ message: "m", labels: { c: "3" } });
});

it("[TIMER-3] packs flags without loss", () => {
	fc.assert(
		fc.property(
			fc.record({
				priority: fc.integer({ min: 1, max: 9 }),
				fidelity: fc.constantFrom("full" as const, "fast" as const),
				actions: fc.integer({ min: 0, max: LIMITS.actionsPerTimer }),
				timeoutMs: fc.integer({ min: 0, max: LIMITS.timeoutMsMax }),
			}),
			(flags) => {
				const packed = packFlags(flags);
				expect(Number.isSafeInteger(packed) && packed >= 0).toBe(true);
				expect(unpackFlags(packed)).toEqual(flags);
			},
		),
	);
});

it("[TIMER-3] takes the longest timeout, counting the default where none is set", () => {
	const fast = { type: "webhook", url, timeoutMs: 500 } as const;
	expect(unpackFlags(flagsOfDoc({ actions: [fast] })).timeoutMs).toBe(500);
	expect(unpackFlags(flagsOfDoc({ actions: [fast, { type: "webhook", url }] }))).toEqual({
		priority: 5,
		fidelity: "full",
		actions: 2,
		timeoutMs: LIMITS.timeoutMsDefault,
	});
	expect(unpackFlags(flagsOfDoc({})).timeoutMs).toBe(0);
});

it.each([
	[1, "high"],
	[3, "high"],
	[4, "medium"],
	[6, "medium"],
	[7, "low"],
	[9, "low"],
] as const)("[TIMER-4] sends priority %i by the %s queue", (priority, queue) => {
	expect(priorityClassOf(flagsOfDoc({ priority }))).toBe(queue);
});
