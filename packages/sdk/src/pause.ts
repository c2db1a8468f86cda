/** Waiting, and ending early what waits: the only timers of this client. */

/** Resolves after `ms`, or at once when the signal aborts; whoever waits looks at the signal. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		if (signal?.aborted) return resolve();
		const end = () => {
			clearTimeout(timer);
			signal?.removeEventListener("abort", end);
			resolve();
		};
		const timer = setTimeout(end, ms);
		signal?.addEventListener("abort", end);
	});
}

/** Aborts when `signal` does, or when `ms` are over: then `expired` is true. */
export class Deadline {
	readonly #controller = new AbortController();
	readonly #outer: AbortSignal | undefined;
	#timer: ReturnType<typeof setTimeout> | undefined;
	expired = false;

	constructor(ms: number, outer: AbortSignal | undefined) {
		this.#outer = outer;
		this.restart(ms);
		if (outer?.aborted) this.#abort();
		else outer?.addEventListener("abort", this.#abort);
	}

	get signal(): AbortSignal {
		return this.#controller.signal;
	}

	/** Counts `ms` anew. */
	restart(ms: number): void {
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => {
			this.expired = true;
			this.#controller.abort();
		}, ms);
	}

	/** Lets go of the timer and the signal; aborts nothing. */
	clear(): void {
		clearTimeout(this.#timer);
		this.#outer?.removeEventListener("abort", this.#abort);
	}

	readonly #abort = (): void => this.#controller.abort(this.#outer?.reason);
}
