/**
 * Gathers the calls that arrive within about a millisecond into one transaction (decision 16): one
 * row per request is bounded by the disk's fsync, and a group pays it once. A call decides and then
 * writes, seeing what earlier calls of its group wrote. The output gate holds every answer until
 * the transaction is durable.
 *
 * A call that throws takes its group's transaction with it; the group then runs again one by one,
 * so that only the faulty call fails.
 */
import { GROUP_COMMIT_CALLS, GROUP_COMMIT_MS } from "./constants.ts";
import type { Transaction } from "./transaction.ts";

type Call = {
	readonly work: (tx: Transaction) => unknown;
	readonly resolve: (value: unknown) => void;
	readonly reject: (reason: unknown) => void;
};

export class GroupCommit {
	readonly #transact: <T>(work: (tx: Transaction) => T) => T;
	#waiting: Call[] = [];
	#timer: ReturnType<typeof setTimeout> | null = null;

	constructor(transact: <T>(work: (tx: Transaction) => T) => T) {
		this.#transact = transact;
	}

	/** Runs `work` in the next group; resolves with its answer, rejects with what it threw. */
	submit<T>(work: (tx: Transaction) => T): Promise<T> {
		return new Promise<T>((resolve, reject) => {
			// `resolve` takes what `work` answers, which is a T.
			this.#waiting.push({ work, resolve: resolve as (value: unknown) => void, reject });
			if (this.#waiting.length >= GROUP_COMMIT_CALLS) this.#flush();
			else if (this.#timer === null) this.#open();
		});
	}

	#open(): void {
		this.#timer = setTimeout(() => this.#flush(), GROUP_COMMIT_MS);
	}

	#flush(): void {
		if (this.#timer !== null) clearTimeout(this.#timer);
		this.#timer = null;
		const group = this.#waiting;
		this.#waiting = [];
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
