/** Instants that were set by a clock which may since have been set back. Pure. */
import { SECOND } from "./units.ts";

/** Milliseconds by which two readings of one clock may come in the wrong order. */
const DISORDER_MS = SECOND;

/**
 * Whether `until` still lies ahead, which was set no more than `keptMs` ahead. More is left than ever
 * was once the clock has been set back: then it counts as over, instead of holding for hours.
 */
export function liesAhead(until: number, keptMs: number, now: number): boolean {
	const leftMs = until - now;
	return leftMs > 0 && leftMs <= keptMs + DISORDER_MS;
}
