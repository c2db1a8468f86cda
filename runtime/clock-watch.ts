/**
 * Notices that the machine's clock was set, or has gone on while the machine slept: workerd's alarms
 * count from when they were armed, and would ring late by as much. Whoever is told wakes the shards.
 */
import { SECOND } from "../src/core/units.ts";

const LOOK_EVERY_MS = SECOND;
/** Steps above this are told. A clock that is only being steered moves half a millisecond a second. */
const STEP_MS = 250;

export type Clocks = {
	/** Epoch ms. */
	readonly wall: () => number;
	/** Milliseconds since some instant; never set, and standing still while the machine sleeps. */
	readonly steady: () => number;
};

const MACHINE: Clocks = { wall: () => Date.now(), steady: () => performance.now() };

/** Calls `onSet` with every step of the clock, in ms, back or ahead. Answers how to end it. */
export function watchClock(onSet: (stepMs: number) => void, clocks = MACHINE): () => void {
	let aheadMs = clocks.wall() - clocks.steady();
	const look = () => {
		const nowAheadMs = clocks.wall() - clocks.steady();
		const stepMs = nowAheadMs - aheadMs;
		aheadMs = nowAheadMs;
		if (Math.abs(stepMs) > STEP_MS) onSet(Math.round(stepMs));
	};
	const timer = setInterval(look, LOOK_EVERY_MS);
	timer.unref();
	return () => clearInterval(timer);
}
