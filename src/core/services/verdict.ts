/** What a service has answered, and what that means for the delivery. Only types. */

export type ServiceAnswer = {
	readonly status: number;
	readonly headers: Pick<Headers, "get">;
	/** The beginning of the body, `ANSWER_BYTES` of it at most. */
	readonly body: string;
	/** Epoch ms. */
	readonly answeredAt: number;
};

export type Verdict =
	/** `excerpt` is kept with the attempt instead of the beginning of the body. */
	| { readonly kind: "delivered"; readonly excerpt?: string }
	/** `retryAfterMs`: at least that long; null where the service does not say. */
	| { readonly kind: "retryable"; readonly error: string; readonly retryAfterMs: number | null }
	/** The same request would meet the same answer. `error` says what its author can do. */
	| { readonly kind: "terminal"; readonly error: string };
