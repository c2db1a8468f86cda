/**
 * Holds back what is done some seconds later (pushes of figures, writes of lateness), in the Workers
 * that shards and mailboxes are tested in.
 */
import { PUSH_EVERY_MS } from "../../durable-objects/metrics/constants.ts";
import { LATENESS_WRITE_EVERY_MS } from "../../durable-objects/tenant-shard/constants.ts";

/**
 * They wait until the test lets them go, not for seconds: a timer that runs holds up the end of its
 * object.
 */
const held = new Map<number | undefined, (() => void)[]>([
	[PUSH_EVERY_MS, []],
	[LATENESS_WRITE_EVERY_MS, []],
]);
const setTimer = globalThis.setTimeout.bind(globalThis);
Object.defineProperty(globalThis, "setTimeout", {
	value: (callback: () => void, ms?: number) =>
		held.get(ms)?.push(callback) ?? setTimer(callback, ms),
});

/** Forgets what shards of earlier tests have planned. */
export function dropPushes(): void {
	for (const callbacks of held.values()) callbacks.length = 0;
}

/** Lets go of all pushes that are planned. Call it inside the object that has planned them. */
export function releasePushes(): void {
	release(PUSH_EVERY_MS);
}

/** The same of the writes of lateness. */
export function releaseWrites(): void {
	release(LATENESS_WRITE_EVERY_MS);
}

function release(ms: number): void {
	for (const callback of held.get(ms)?.splice(0) ?? []) callback();
}
