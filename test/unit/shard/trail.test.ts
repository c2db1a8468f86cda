import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	cancelEntryOf,
	chunksOf,
	formatTrail,
	parseTrail,
	type TrailEntry,
	trimTrail,
} from "../../../src/core/trail.ts";

const number = fc.nat(9_000_000_000_000);
const entry: fc.Arbitrary<TrailEntry> = fc.oneof(
	fc.tuple(fc.constant("c" as const), fc.nat(20)),
	fc.tuple(fc.constant("f" as const), fc.nat(5), number, number),
	fc.tuple(fc.constant("d" as const), fc.nat(5), number, number, fc.nat(599)),
	fc.tuple(fc.constant("s" as const), number),
	fc.tuple(fc.constant("x" as const), number, fc.option(fc.string({ unit: "binary" }))),
	fc.tuple(fc.constant("r" as const), number),
);

describe("a trail", () => {
	it("[SHARD-6] reads what was appended to it, in whatever pieces", () => {
		fc.assert(
			fc.property(fc.array(fc.array(entry, { maxLength: 4 }), { maxLength: 6 }), (pieces) => {
				const text = pieces.map(formatTrail).join("");
				expect(parseTrail(text)).toEqual(pieces.flat());
			}),
		);
	});

	it("[SHARD-6] is empty before anything has happened", () => {
		expect(parseTrail("")).toEqual([]);
		expect(formatTrail([])).toBe("");
	});

	it("[SHARD-6] names each event chunk once, oldest first", () => {
		const trail: TrailEntry[] = [
			["c", 4],
			["f", 1, 0, 0],
			["c", 9],
			["c", 4],
			["s", 1],
			["c", 12],
		];
		expect(chunksOf(trail)).toEqual([4, 9, 12]);
		expect(chunksOf([])).toEqual([]);
	});

	it("[SHARD-8] is trimmed once it is long: of its chunks the first and the newest stay", () => {
		const short: TrailEntry[] = [
			["c", 1],
			["f", 1, 2, 3],
			["c", 4],
			["x", 5, "why"],
		];
		expect(trimTrail(formatTrail(short))).toBe(formatTrail(short));
		const chunks = Array.from({ length: 2_000 }, (_, index) => ["c", index] as const);
		const long = parseTrail(
			trimTrail(formatTrail([...chunks.slice(0, 1_000), ...short, ...chunks.slice(1_000)])),
		);
		expect(long.filter(([kind]) => kind !== "c")).toEqual([
			["f", 1, 2, 3],
			["x", 5, "why"],
		]);
		expect(chunksOf(long)[0]).toBe(0);
		expect(chunksOf(long).slice(-256)).toEqual(Array.from({ length: 256 }, (_, i) => i + 1_744));
	});

	it.each<readonly [string, readonly TrailEntry[], string | null | undefined]>([
		["no cancel", [["s", 1]], undefined],
		["a cancel", [["x", 1, "a"]], "a"],
		[
			"the newest of two",
			[
				["x", 1, "a"],
				["x", 2, null],
			],
			null,
		],
		[
			"none after a replay",
			[
				["x", 1, "a"],
				["r", 2],
			],
			undefined,
		],
		[
			"one after a replay",
			[
				["x", 1, "a"],
				["r", 2],
				["x", 3, "b"],
			],
			"b",
		],
	])("[CANCEL-11] knows of %s", (_, trail, reason) => {
		expect(cancelEntryOf(trail)?.reason).toBe(reason);
	});
});
