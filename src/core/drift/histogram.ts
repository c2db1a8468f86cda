/**
 * A histogram of milliseconds in fixed buckets: exact below 16, then eight to every power of two. So
 * a quantile is read at most an eighth too high and never too low, histograms of several shards add
 * up, and what is stored is only the buckets that were met. No clock, no storage.
 */

/** Buckets to every power of two, and so how exact a quantile is. */
const STEPS = 8;
/** `STEPS` is two to the power of this. */
const STEP_BITS = 3;
/** Milliseconds that buckets tell apart: 24 days. What is later counts there; `maxMs` is exact. */
const LAST_MS = 2 ** 31 - 1;

export type Histogram = {
	readonly count: number;
	readonly sumMs: number;
	readonly maxMs: number;
	/** Observations by bucket, ascending; none of them 0. */
	readonly buckets: readonly (readonly [bucket: number, count: number])[];
};

export const EMPTY: Histogram = { count: 0, sumMs: 0, maxMs: 0, buckets: [] };

/** The bucket of a duration. Negative ones, as of a clock that stepped back, count as 0. */
export function bucketOf(ms: number): number {
	const whole = Math.min(LAST_MS, Math.max(0, Math.floor(ms)));
	if (whole < 2 * STEPS) return whole;
	const power = 31 - Math.clz32(whole);
	return (power - STEP_BITS) * STEPS + (whole >>> (power - STEP_BITS));
}

/** The greatest whole number of milliseconds that a bucket holds. */
export function upperBoundOf(bucket: number): number {
	if (bucket < 2 * STEPS) return bucket;
	const shift = Math.floor(bucket / STEPS) - 1;
	return ((bucket % STEPS) + STEPS + 1) * 2 ** shift - 1;
}

/** Collects observations. */
export class HistogramFold {
	#count = 0;
	#sumMs = 0;
	#maxMs = 0;
	readonly #buckets = new Map<number, number>();

	observe(ms: number): void {
		const late = Math.max(0, ms);
		this.#count += 1;
		this.#sumMs += late;
		this.#maxMs = Math.max(this.#maxMs, late);
		this.#add(bucketOf(late), 1);
	}

	add({ count, sumMs, maxMs, buckets }: Histogram): void {
		this.#count += count;
		this.#sumMs += sumMs;
		this.#maxMs = Math.max(this.#maxMs, maxMs);
		for (const [bucket, by] of buckets) this.#add(bucket, by);
	}

	read(): Histogram {
		const buckets = [...this.#buckets].toSorted(([a], [b]) => a - b);
		return { count: this.#count, sumMs: this.#sumMs, maxMs: this.#maxMs, buckets };
	}

	#add(bucket: number, by: number): void {
		this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + by);
	}
}

/**
 * The duration that a share `q` (0 < q ≤ 1) of the observations does not pass, as far as buckets
 * tell: at least the true one, and above it by at most an eighth. 0 without observations.
 */
export function quantileOf({ count, maxMs, buckets }: Histogram, q: number): number {
	const rank = Math.max(1, Math.ceil(q * count));
	let seen = 0;
	for (const [bucket, by] of buckets) {
		seen += by;
		if (seen < rank) continue;
		const bound = upperBoundOf(bucket);
		return bound >= LAST_MS ? maxMs : Math.min(bound, maxMs);
	}
	return maxMs;
}
