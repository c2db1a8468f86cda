/** Every number of a mailbox, with its unit and its reason. */

/** What becomes of a message. Stored: a number never changes its meaning. */
export const STATE = {
	/** Waits for an agent. */
	ready: 0,
	/** Waits for the end of a delay. */
	delayed: 1,
	leased: 2,
	/** A delivery that ended here; its shard has not answered yet. */
	settled: 3,
	/** Its shard knows. Kept a while, so that a second dispatch finds it. */
	told: 4,
	/** Put in by hand and given up. */
	dead: 5,
} as const;

/** Whether the mailbox is there. Stored. */
export const PRESENCE = { open: 0, removing: 1, removed: 2 } as const;

/** How long, in ms, an acknowledging agent waits for a shard at most: decision 20. */
export const TELL_TIMEOUT_MS = 2_000;

/** How long, in ms, the alarm and a removal wait for shards between two slices. What is not answered
 * by then holds up nothing: leases and delays end meanwhile. */
export const TELL_PAUSE_MS = 250;

/** Earliest repetition of what a shard did not answer: it had its 2 s, and may be starting. */
export const TELL_AGAIN_MS = 5_000;

/** Longest pause between repetitions: a shard that is back learns within this. */
export const TELL_AGAIN_MAX_MS = 5 * 60_000;

/** How long a told delivery is remembered: an envelope's lease is at most 14 minutes, and no sender
 * dispatches from one that has ended; one minute for clocks that differ. */
export const TOLD_KEPT_MS = 15 * 60_000;

/** Rows that one transaction of the alarm works off: a few ms, between which calls are served. */
export const DUE_SLICE = 200;

/** Rows that one transaction of a removal works off. */
export const REMOVE_SLICE = 200;

/** Characters of bodies in one answer or report, two bytes each at most: 8 MB of the 32 MiB that an
 * RPC carries. The first message goes however long it is. */
export const ANSWER_CHARS = 4 * 1_024 * 1_024;

/** Slices of expired messages that one pull works off before it answers with what it has. */
export const EXPIRED_SLICES_PER_PULL = 10;

/** The priorities there are: 1 (most urgent) to 9. */
export const PRIORITIES = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

/** Hexadecimal characters of a lease's secret: 64 bits, which nobody guesses while it lasts. */
export const LEASE_KEY_LENGTH = 16;
