import { describe, expect, it } from "vitest";
import { mergeTimerDoc } from "../../../src/core/merge-timer-doc.ts";
import { accepted, readTimer, refused } from "./read-timer.ts";

const DAY_MS = 86_400_000;

function stored(body: object) {
	return accepted(readTimer({ in: "1h", ...body })).stored;
}

describe("reading a dedupe key", () => {
	it("[DEDUPE-10] takes the key from either place, the window as any duration, and the mode", () => {
		expect(stored({ dedupe: { key: "k", window: "10m", mode: "replace" } })).toMatchObject({
			dedupeKey: "k",
			dedupe: { windowMs: 600_000, mode: "replace" },
			doc: '{"dedupeKey":"k","dedupe":{"windowMs":600000,"mode":"replace"}}',
		});
		expect(stored({ dedupeKey: "k", dedupe: { windowMs: 5, mode: "keep" } })).toMatchObject({
			dedupeKey: "k",
			dedupe: { windowMs: 5 },
		});
		expect(stored({ dedupeKey: "k", dedupe: { key: "k" } }).doc).toBe('{"dedupeKey":"k"}');
	});

	it.each([
		[{ mode: "keep" }, "dedupe.key"],
		[{ key: "k", window: "soon" }, "dedupe.window"],
		[{ key: "k", windowMs: 0 }, "dedupe.windowMs"],
		[{ key: "k", window: "31d" }, "dedupe.window"],
		[{ key: "k", windowMs: 30 * DAY_MS + 1 }, "dedupe.windowMs"],
		[{ key: "k", window: "1h", windowMs: 3_600_000 }, "dedupe.windowMs"],
		[{ key: "k", mode: "ignore" }, "dedupe.mode"],
		[{ key: "" }, "dedupe.key"],
		[{ key: "k", period: "1h" }, "dedupe.period"],
	])("[DEDUPE-11] refuses %j, naming %s", (dedupe, path) => {
		expect(refused(readTimer({ in: "1h", dedupe }))).toEqual(["validation_failed", path]);
	});

	it("[DEDUPE-11] refuses two keys that differ", () => {
		const timer = { in: "1h", dedupeKey: "k", dedupe: { key: "other" } };
		expect(refused(readTimer(timer))).toEqual(["validation_failed", "dedupe.key"]);
	});
});

describe("merging", () => {
	it("[DEDUPE-15] merges objects by member, joins lists, and replaces what is neither", () => {
		const held = {
			name: "batch",
			params: { items: [1], deep: { a: 1, b: [true] }, text: "old", kind: [1] },
			labels: { team: "ops", tier: "1" },
			metadata: { seen: 1 },
			priority: 2,
		};
		const asked = {
			params: { items: [2, 3], deep: { b: [false], c: null }, text: "new", kind: "one" },
			labels: { tier: "2" },
			message: "more",
		};
		expect(mergeTimerDoc(held, asked)).toEqual({
			name: "batch",
			message: "more",
			priority: 2,
			params: {
				items: [1, 2, 3],
				deep: { a: 1, b: [true, false], c: null },
				text: "new",
				kind: "one",
			},
			labels: { team: "ops", tier: "2" },
			metadata: { seen: 1 },
		});
		expect(mergeTimerDoc({}, { params: { a: 1 } })).toEqual({ params: { a: 1 } });
		const schedule = { cron: ["0 9 * * *"] };
		expect(mergeTimerDoc({ schedule }, {})).toEqual({ schedule });
		expect(mergeTimerDoc({}, { schedule })).toEqual({});
	});
});
