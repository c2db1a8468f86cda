/** What a stand-in was sent, in order of arrival, and the wait for so much of it. */

export type Notes<T> = {
	readonly items: T[];
	readonly note: (item: T) => void;
	/** Resolves once `count` items are in; rejects, telling how many are, after `timeoutMs`. */
	readonly waitFor: (count: number, timeoutMs?: number) => Promise<readonly T[]>;
};

const WAIT_MS = 10_000;

export function takeNotes<T>(): Notes<T> {
	const items: T[] = [];
	const watchers = new Set<() => void>();
	return {
		items,
		note: (item) => {
			items.push(item);
			for (const watch of watchers) watch();
		},
		waitFor: (count, timeoutMs = WAIT_MS) =>
			new Promise((resolve, reject) => {
				const end = (settle: () => void) => {
					clearTimeout(timer);
					watchers.delete(watch);
					settle();
				};
				const watch = () => {
					if (items.length >= count) end(() => resolve(items));
				};
				const timer = setTimeout(() => {
					const got = `${items.length} of ${count} requests after ${timeoutMs} ms`;
					end(() => reject(new Error(got)));
				}, timeoutMs);
				watchers.add(watch);
				watch();
			}),
	};
}
