/**
 * Jitter and spread: how much later than its occurrence a firing starts. Both are computed, not
 * drawn, so that a restart, a preview and a reader all see the same instant. A `spread` is one
 * offset for all firings of a timer; `jitter` differs from firing to firing.
 */

export type OffsetPolicy = {
	/** Widths of the windows in milliseconds; absent or 0 for none. */
	readonly jitterMs?: number;
	readonly spreadMs?: number;
};

/**
 * @param seed the timer's sequence, and its shard
 * @param nominalAt epoch ms of the occurrence
 * @returns milliseconds, 0 or more and less than the sum of both windows
 */
export function firingOffsetMs(
	policy: OffsetPolicy,
	seed: { readonly shard: number; readonly timer: number },
	nominalAt: number,
): number {
	const { jitterMs = 0, spreadMs = 0 } = policy;
	if (jitterMs === 0 && spreadMs === 0) return 0;
	const own = mix(mix(seed.shard + 1) ^ mix(seed.timer));
	const spread = spreadMs === 0 ? 0 : within(own, spreadMs);
	if (jitterMs === 0) return spread;
	const seconds = Math.floor(nominalAt / 1_000);
	return spread + within(mix(own ^ mix(seconds) ^ (nominalAt % 1_000)), jitterMs);
}

/** The finaliser of MurmurHash3 (Appleby): every bit of the input reaches every bit of the output. */
function mix(value: number): number {
	let hash = value | 0;
	hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
	hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
	return (hash ^ (hash >>> 16)) >>> 0;
}

function within(hash: number, windowMs: number): number {
	return Math.floor((hash / 2 ** 32) * windowMs);
}
