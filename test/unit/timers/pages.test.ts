/** Cursors, and one ordered page out of many shards. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { decodeCursor, encodeCursor } from "../../../src/core/cursor.ts";
import {
	compareNumbers,
	type MergedPage,
	mergePages,
	type ShardPage,
} from "../../../src/core/merge-pages.ts";

const ANY = Number.POSITIVE_INFINITY;
const scope = ["timers", "due", { name: "a" }];

it("[LIST-1] reads back the position it wrote", () => {
	const number = fc.oneof(fc.maxSafeNat(), fc.constant(ANY));
	fc.assert(
		fc.property(fc.array(number, { maxLength: 5 }), (position) => {
			const cursor = encodeCursor(position, scope);
			expect(cursor).toMatch(/^[\w-]+$/);
			expect(
				decodeCursor(
					cursor,
					scope,
					position.map(() => ANY),
				),
			).toEqual(position);
		}),
	);
});

it("[LIST-2] refuses a cursor of another list, order or filter", () => {
	const cursor = encodeCursor([1, 2, 3], scope);
	const bounds = [ANY, 63, ANY];
	expect(decodeCursor(cursor, scope, bounds)).toEqual([1, 2, 3]);
	expect(decodeCursor(cursor, ["timers", "created", { name: "a" }], bounds)).toBeUndefined();
	expect(decodeCursor(cursor, ["timers", "due", { name: "b" }], bounds)).toBeUndefined();
	expect(decodeCursor(cursor, scope, [ANY, 1, ANY])).toBeUndefined();
	expect(decodeCursor(cursor, scope, [ANY, ANY])).toBeUndefined();
});

it("[LIST-2] refuses anything that is no cursor, and never throws", () => {
	const almost = fc
		.tuple(fc.constantFrom("1", "2", ""), fc.string())
		.map(([v, rest]) => encodeCursor([], scope).slice(0, 8).concat(v, rest));
	fc.assert(
		fc.property(fc.oneof(fc.string(), fc.base64String(), almost), (text) => {
			expect(decodeCursor(text, scope, [ANY, 63, ANY])).toBeUndefined();
		}),
	);
	for (const numbers of ["-1.0.1", "1e3.0.1", "0x1.0.1", "1..1", "1.0.99999999999999999"]) {
		const [version, tag] = atob(encodeCursor([], scope)).split(".");
		const made = btoa([version, tag, numbers].join(".")).replace(/=+$/, "");
		expect(decodeCursor(made, scope, [ANY, 63, ANY])).toBeUndefined();
	}
});

type Position = readonly [key: number, shard: number, seq: number];

/** A shard that reads at most `scan` rows a call, and passes on those that match. */
function shardPage(
	rows: readonly { position: Position; matches: boolean }[],
	after: Position | null,
	limit: number,
	scan: number,
): ShardPage<Position, Position> {
	const ahead = rows.filter(
		({ position }) => after === null || compareNumbers(position, after) > 0,
	);
	const items: Position[] = [];
	for (const [index, { position, matches }] of ahead.entries()) {
		if (matches) items.push(position);
		const isLast = index === ahead.length - 1;
		if (!isLast && (items.length === limit || index + 1 === scan)) {
			return { items, scannedTo: position };
		}
	}
	return { items, scannedTo: null };
}

const shardRows = (shard: number) =>
	fc
		.array(fc.record({ key: fc.oneof(fc.nat(12), fc.constant(ANY)), matches: fc.boolean() }), {
			maxLength: 40,
		})
		.map((rows) =>
			rows
				.map(({ key, matches }, seq) => ({ position: [key, shard, seq] as const, matches }))
				.sort((a, b) => compareNumbers(a.position, b.position)),
		);

it("[LIST-3] gives out every item of every shard exactly once, in order, however far each looks", () => {
	fc.assert(
		fc.property(
			fc
				.integer({ min: 1, max: 6 })
				.chain((count) =>
					fc.tuple(...Array.from({ length: count }, (_, shard) => shardRows(shard))),
				),
			fc.integer({ min: 1, max: 7 }),
			fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 6, maxLength: 6 }),
			(shards, limit, scans) => {
				const seen: Position[] = [];
				let after: Position | null = null;
				for (let pages = 0; ; pages++) {
					expect(pages).toBeLessThan(1_000);
					const from: Position | null = after;
					const answers: ShardPage<Position, Position>[] = shards.map((rows, i) =>
						shardPage(rows, from, limit, scans[i] ?? 1),
					);
					const page: MergedPage<Position, Position> = mergePages(
						answers,
						limit,
						(item) => item,
						compareNumbers,
					);
					expect(page.items.length).toBeLessThanOrEqual(limit);
					seen.push(...page.items);
					if (page.next === null) break;
					if (from !== null) expect(compareNumbers(page.next, from)).toBeGreaterThan(0);
					after = page.next;
				}
				const expected = shards
					.flatMap((rows) => rows.filter(({ matches }) => matches))
					.map(({ position }) => position)
					.sort(compareNumbers);
				expect(seen).toEqual(expected);
			},
		),
		{ numRuns: 500 },
	);
});

it("[LIST-4] ends a page that holds exactly the last items", () => {
	const pages: ShardPage<Position, Position>[] = [
		{ items: [[1, 0, 1]], scannedTo: null },
		{ items: [[2, 1, 1]], scannedTo: null },
	];
	expect(mergePages(pages, 2, (item) => item, compareNumbers).next).toBeNull();
	expect(mergePages(pages, 1, (item) => item, compareNumbers)).toEqual({
		items: [[1, 0, 1]],
		next: [1, 0, 1],
	});
	expect(mergePages([], 1, (item: Position) => item, compareNumbers).next).toBeNull();
});
