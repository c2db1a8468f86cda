/**
 * Joins callers who want the same thing done: each is served by a round that began after it asked,
 * and only one round runs at a time. However many ask, each waits for two rounds at most. Used where
 * objects ask each other for quota.
 */

/** @param round what is to be done; where it rejects, all whom it served see it */
export function shareRounds(round: () => Promise<void>): () => Promise<void> {
	let running: Promise<void> | undefined;
	let next: Promise<void> | undefined;

	function join(): Promise<void> {
		if (running === undefined) {
			running = round().finally(() => {
				running = undefined;
			});
			return running;
		}
		next ??= running.then(joinNext, joinNext);
		return next;
	}

	function joinNext(): Promise<void> {
		next = undefined;
		return join();
	}

	return join;
}
