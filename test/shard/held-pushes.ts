/** Holds the pushes of figures back, in the Workers that shards and mailboxes are tested in. */
import { PUSH_EVERY_MS } from "../../durable-objects/metrics/constants.ts";

/**
 * Pushes of figures wait until the test lets them go, not for seconds: a timer that runs holds up the
 * end of its object.
 */
const heldPushes: (() => void)[] = [];
const setTimer = globalThis.setTimeout.bind(globalThis);
Object.defineProperty(globalThis, "setTimeout", {
	value: (callback: () => void, ms?: number) =>
		ms === PUSH_EVERY_MS ? heldPushes.push(callback) : setTimer(callback, ms),
});

/** Forgets what shards of earlier tests have planned. */
export function dropPushes(): void {
	heldPushes.length = 0;
}

/** Lets go of all pushes that are planned. Call it inside the object that has planned them. */
export function releasePushes(): void {
	for (const release of heldPushes.splice(0)) release();
}
