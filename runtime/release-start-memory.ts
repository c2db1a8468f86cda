/**
 * Gives back what the start has left on the heap: bundling the Worker and loading Miniflare allocate
 * far more than waiting for signals needs. Called once, when the network is ready; Node collects such
 * garbage only when it needs room, and a launcher that idles for months never does.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

export function releaseStartMemory(): void {
	setFlagsFromString("--expose-gc");
	const collect: unknown = runInNewContext("gc");
	if (typeof collect === "function") collect();
	setFlagsFromString("--no-expose-gc");
}
