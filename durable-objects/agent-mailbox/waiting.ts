/**
 * The long polls of a mailbox, first come first served. They cost memory while they wait, and no
 * storage operation. Who serves them is `serve.ts`.
 */
import type { PullAnswer, PullCall } from "./rpc.ts";

export type Poll = {
	readonly pull: PullCall;
	readonly answer: (answer: PullAnswer) => void;
};

export class Waiting {
	/** In order of arrival. */
	readonly #polls = new Set<Poll>();

	get size(): number {
		return this.#polls.size;
	}

	/** The poll that has waited longest. */
	get first(): Poll | undefined {
		return this.#polls.values().next().value;
	}

	/** Resolves with what the poll was served, or with nothing after its `waitMs`. */
	join(pull: PullCall, backlog: () => number): Promise<PullAnswer> {
		return new Promise((resolve) => {
			const answer = (served: PullAnswer) => {
				clearTimeout(timer);
				this.#polls.delete(poll);
				resolve(served);
			};
			const poll: Poll = { pull, answer };
			const timer = setTimeout(() => answer({ messages: [], backlog: backlog() }), pull.waitMs);
			this.#polls.add(poll);
		});
	}
}
