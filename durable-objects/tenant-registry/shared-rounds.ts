/**
 * Joins callers who want the same thing done: every caller is served by a round that began after it
 * asked, and only one round runs at a time. However many ask, at most two rounds are ahead of them.
 */

/** @param round must not reject */
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
		next ??= running.then(() => {
			next = undefined;
			return join();
		});
		return next;
	}

	return join;
}
