/**
 * Gathers calls into one transaction (decision 16): one row per request is bounded by what a commit
 * costs, and a group pays it once. The first call commits at once; those that come while its commit
 * becomes durable are the next group. So a lone call waits for nothing, and the busier the object
 * is, the larger its groups are. The output gate holds every answer until its commit is durable.
 *
 * A call decides and then writes, seeing what earlier calls of its group wrote. One that throws
 * takes its group's transaction with it; the group then runs again one by one, so that only the
 * faulty call fails.
 *
 * Measured with 32 connections and with one, in creates a second: so 4,700 and 1,300; gathering for
 * a timer of 0 ms, which takes 1.2 ms, 4,600 and 490; not gathering 2,450 and 1,280.
 */
import { GROUP_COMMIT_CALLS } from "./constants.ts";
import type { Transaction } from "./transaction.ts";

type Call = {
	readonly work: (tx: Transaction) => unknown;
	readonly resolve: (value: unknown) => void;
	readonly reject: (reason: unknown) => void;
};

export class GroupCommit {
	readonly #transact: <T>(work: (tx: Transaction) => T) => T;
	readonly #sync: () => Promise<void>;
	#waiting: Call[] = [];
	#isCommitting = false;

	/** @param sync resolves when what has been written is durable */
	constructor(transact: <T>(work: (tx: Transaction) => T) => T, sync: () => Promise<void>) {
		this.#transact = transact;
		this.#sync = sync;
	}

	/** Runs `work` in the next group; resolves with its answer, rejects with what it threw. */
	submit<T>(work: (tx: Transaction) => T): Promise<T> {
		return new Promise<T>((resolve, reject) => {
			// `resolve` takes what `work` answers, which is a T.
			this.#waiting.push({ work, resolve: resolve as (value: unknown) => void, reject });
			if (this.#isCommitting) return;
			this.#isCommitting = true;
			// Calls that arrived in the same turn of the event loop come along.
			queueMicrotask(() => this.#commit());
		});
	}

	#commit(): void {
		this.#flush();
		const next = () => {
			if (this.#waiting.length > 0) this.#commit();
			else this.#isCommitting = false;
		};
		// A commit that fails breaks the object, which then starts over from what is stored; calls
		// that still wait fail with it.
		this.#sync().then(next, next);
	}

	#flush(): void {
		const group = this.#waiting.splice(0, GROUP_COMMIT_CALLS);
		const answers = this.#tryAll(group);
		if (answers !== undefined) {
			group.forEach((call, index) => {
				call.resolve(answers[index]);
			});
		} else {
			for (const call of group) this.#runAlone(call);
		}
	}

	#tryAll(group: readonly Call[]): unknown[] | undefined {
		try {
			return this.#transact((tx) => group.map((call) => call.work(tx)));
		} catch (error) {
			if (group.length > 1) return undefined;
			group[0]?.reject(error);
			return [];
		}
	}

	#runAlone(call: Call): void {
		try {
			call.resolve(this.#transact((tx) => call.work(tx)));
		} catch (error) {
			call.reject(error);
		}
	}
}
