/**
 * One ordered page out of the answers of all shards of a tenant. Shards answer independently and
 * may stop early (a page reads a bounded number of rows), so an item may be given out only once
 * every shard has looked past it: otherwise a later page could not be in order.
 */

/** What one shard found after the cursor, in ascending order. */
export type ShardPage<Item, Position> = {
	readonly items: readonly Item[];
	/** How far the shard has looked; null when it has looked at everything. */
	readonly scannedTo: Position | null;
};

export type MergedPage<Item, Position> = {
	readonly items: readonly Item[];
	/** Where the next page starts after; null at the end. */
	readonly next: Position | null;
};

/** An order over positions: negative, zero or positive, as `Array.prototype.sort` takes it. */
export type Comparison<Position> = (a: Position, b: Position) => number;

/** Compares tuples of numbers, the first difference deciding. Infinity equals itself. */
export function compareNumbers(a: readonly number[], b: readonly number[]): number {
	for (let i = 0; i < a.length; i++) {
		const left = a[i] ?? 0;
		const right = b[i] ?? 0;
		if (left !== right) return left < right ? -1 : 1;
	}
	return 0;
}

/**
 * Merges the answers that all shards gave to the same call. At most `limit` items come out; the page
 * may be empty though there are more, and only `next: null` is the end.
 */
export function mergePages<Item, Position>(
	pages: readonly ShardPage<Item, Position>[],
	limit: number,
	positionOf: (item: Item) => Position,
	compare: Comparison<Position>,
): MergedPage<Item, Position> {
	const horizon = pages
		.flatMap(({ scannedTo }) => (scannedTo === null ? [] : [scannedTo]))
		.reduce<Position | null>((least, one) => {
			return least === null || compare(one, least) < 0 ? one : least;
		}, null);
	const found = pages
		.flatMap(({ items }) => items)
		.filter((item) => horizon === null || compare(positionOf(item), horizon) <= 0)
		.sort((a, b) => compare(positionOf(a), positionOf(b)));
	const items = found.slice(0, limit);
	const last = items.at(-1);
	const isCut = found.length > items.length;
	return { items, next: isCut && last !== undefined ? positionOf(last) : horizon };
}
