/** What the benchmark and its receiver process tell each other. */

export type ToReceiver =
	/** Say so when `count` different timers of the run have come. */
	| { readonly kind: "watch"; readonly run: number; readonly count: number }
	| { readonly kind: "collect"; readonly run: number };

export type FromReceiver =
	| { readonly kind: "reached"; readonly run: number }
	| ({ readonly kind: "arrivals"; readonly run: number } & Arrivals);

/** In the order of arrival: which timer, and when (epoch ms). */
export type Arrivals = {
	readonly index: Uint32Array;
	readonly at: Float64Array;
	/** Repeats whose `webhook-id` was not that of the first; always 0 if the network keeps its word. */
	readonly changedIds: number;
};
