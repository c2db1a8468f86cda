/** Medians and quantiles of what was measured. Pure; every phase and the report use it. */

/** The value below which `share` (0 to 1) of the values lie; NaN of none. Sorts a copy. */
export function quantile(values: Iterable<number>, share: number): number {
	const sorted = Float64Array.from(values).sort();
	const index = Math.min(sorted.length - 1, Math.floor(sorted.length * share));
	return sorted[index] ?? Number.NaN;
}

/** The middle value; the mean of the middle two of an even count. */
export function median(values: Iterable<number>): number {
	const sorted = Float64Array.from(values).sort();
	const middle = sorted.length >> 1;
	const upper = sorted[middle] ?? Number.NaN;
	return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
