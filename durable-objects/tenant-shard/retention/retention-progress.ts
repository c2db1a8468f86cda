/**
 * What a shard remembers of its retention between two slices. It is lost with the object, which
 * costs only that some rows are looked at again. Read and written by retention and its sweep.
 */
export class RetentionProgress {
	/** Epoch ms up to which chunks are being removed; null while none are. */
	removesTo: number | null = null;
	/** Place in the oldest chunk at which the next slice begins. */
	place = 0;
	/** Epoch ms of the oldest chunk with events in it; undefined where it must be looked up. */
	oldestAt: number | undefined;
	/** The last key that a sweep under way has looked at; null while none is. */
	sweptTo: string | null = null;
	/** The earliest expiry that the sweep has seen and left. */
	firstLeft: number = Number.POSITIVE_INFINITY;
	/** Epoch ms of the next sweep, null for none; undefined where it must be looked up. */
	sweepAt: number | null | undefined;
	/** Epoch ms before which nothing is tried again after a fault. */
	pausedUntil = 0;
}
