/**
 * Due timers that could not be claimed because their row is at fault. They are passed over for a
 * while, so that one of them does not hold up all that are due after it. Only memory: an object that
 * starts tries them again at once.
 */
import { liesAhead } from "../../../src/core/lies-ahead.ts";

export type FaultyRow = { readonly lane: number; readonly due: number; readonly id: number };

/** How long a row at fault is left alone, in milliseconds. */
const SET_ASIDE_MS = 60_000;

export class SetAside {
	#rows: FaultyRow[] = [];
	#until: number | null = null;

	/** Epoch ms at which they are to be tried again; null when there are none. */
	get until(): number | null {
		return this.#until;
	}

	add(row: FaultyRow, now: number): void {
		this.#rows.push(row);
		this.#until ??= now + SET_ASIDE_MS;
	}

	/** Hands back all of them once their time has come. */
	takeBack(now: number): readonly FaultyRow[] {
		if (this.#until === null || liesAhead(this.#until, SET_ASIDE_MS, now)) return [];
		const rows = this.#rows;
		this.#rows = [];
		this.#until = null;
		return rows;
	}
}
