/** Bounded concurrency over a list. Used by sweeps that ask many objects the same thing. */

/** Runs `work` over `items`, at most `limit` at a time. Rejects with the first error of `work`. */
export async function eachAtMost<T>(
	limit: number,
	items: readonly T[],
	work: (item: T) => Promise<void>,
): Promise<void> {
	let next = 0;
	async function lane(): Promise<void> {
		for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item);
	}
	await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
}
