import fc from "fast-check";
import { expect, it } from "vitest";
import {
	decodeStreamCursor,
	encodeStreamCursor,
	STREAM_CURSOR_LENGTH_MAX,
} from "../../../src/core/stream-cursor.ts";

const position = fc.record({
	chunk: fc.integer({ min: 0, max: 2 ** 39 - 1 }),
	index: fc.integer({ min: 0, max: 512 }),
});
const cursors = fc
	.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 63 }), position), {
		maxLength: 64,
		selector: ([shard]) => shard,
	})
	.map((entries) => new Map(entries));

it("[STREAM-50] a cursor is read as it was written, whatever the order of its shards", () => {
	fc.assert(
		fc.property(cursors, (cursor) => {
			const text = encodeStreamCursor(cursor, "acme");
			expect(text).toMatch(/^[\w-]+$/);
			expect(text.length).toBeLessThanOrEqual(STREAM_CURSOR_LENGTH_MAX);
			expect(decodeStreamCursor(text, "acme")).toEqual(cursor);
			const reversed = new Map([...cursor].reverse());
			expect(encodeStreamCursor(reversed, "acme")).toBe(text);
			expect(decodeStreamCursor(text, "acme2")).toBeUndefined();
		}),
	);
});

it("[STREAM-50] a cursor with one character changed, cut or added is refused", () => {
	fc.assert(
		fc.property(
			cursors,
			fc.nat(),
			fc.constantFrom("A", "b", "7", "-", "_"),
			(cursor, at, letter) => {
				const text = encodeStreamCursor(cursor, "acme");
				const place = at % text.length;
				const changed = text.slice(0, place) + letter + text.slice(place + 1);
				if (changed !== text) expect(decodeStreamCursor(changed, "acme")).toBeUndefined();
				expect(decodeStreamCursor(text.slice(0, -1), "acme")).toBeUndefined();
				expect(decodeStreamCursor(text + letter, "acme")).toBeUndefined();
			},
		),
	);
});

it("[STREAM-50] text that is no cursor is refused and never throws", () => {
	fc.assert(
		fc.property(fc.string({ unit: "binary" }), (text) => {
			expect(decodeStreamCursor(text, "acme")).toBeUndefined();
		}),
	);
	for (const text of ["", "====", "A".repeat(10_000), "__________________"]) {
		expect(decodeStreamCursor(text, "acme")).toBeUndefined();
	}
});
