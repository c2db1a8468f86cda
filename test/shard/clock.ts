/**
 * A clock that stands still unless the test moves it. It is set far ahead of the machine's: an
 * alarm that the shard sets never rings by itself, so the test alone decides what happens when.
 */
import { afterEach, beforeEach, vi } from "vitest";

/** Epoch ms at which every test begins. */
export const START = Date.UTC(2090, 0, 1);

/** Call once at the top of a test file. */
export function standStill(): void {
	beforeEach(() => {
		// Only the date: transactions of several calls wait for real timers.
		vi.useFakeTimers({ toFake: ["Date"], now: START });
	});
	afterEach(() => {
		vi.useRealTimers();
	});
}

/** Sets the clock, also back. */
export function setClock(at: number): void {
	vi.setSystemTime(at);
}
