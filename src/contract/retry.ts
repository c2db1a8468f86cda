/** The retry policy of a timer, as callers write it. `core/retry-policy.ts` computes with it. */
import { z } from "zod";
import { LIMITS } from "./limits.ts";

const DelayMsSchema = z.int().min(0).max(LIMITS.retryDelayMsMax);

export const BackoffRetrySchema = z.strictObject({
	maxAttempts: z.int().min(1).max(LIMITS.attemptsMax).optional(),
	backoff: z.enum(["exponential", "linear", "fixed"]).optional(),
	baseMs: DelayMsSchema.min(1).optional(),
	capMs: DelayMsSchema.min(1).optional(),
	jitter: z.enum(["full", "equal", "none"]).optional(),
});

export const ListRetrySchema = z.strictObject({
	delaysMs: z
		.array(DelayMsSchema)
		.min(1)
		.max(LIMITS.attemptsMax - 1),
});

export const RetrySchema = z.union([ListRetrySchema, BackoffRetrySchema]).meta({
	id: "RetryPolicy",
	description:
		"Backoff with jitter (default: exponential, base 2 s, cap 1 h, full jitter, 6 attempts), or an explicit list of pauses",
});
export type RetryInput = z.infer<typeof RetrySchema>;
