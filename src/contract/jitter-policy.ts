/** Whether and how far a tenant's shards make up for wakes that come late. */
import { z } from "zod";
import { LIMITS } from "./limits.ts";

const MaxCompensationSchema = z.int().min(0).max(LIMITS.compensationMsMax).meta({
	description: "How much earlier than needed a shard is woken at most; 0, the default, is never",
});
const SmoothingFactorSchema = z.number().gt(0).max(1).meta({
	description: "Weight of the newest wake in the average of how late they came. Default 0.2",
});
const SMOOTHING_FACTOR_DEFAULT = 0.2;

export const JitterPolicySchema = z
	.object({ maxCompensationMs: MaxCompensationSchema, smoothingFactor: SmoothingFactorSchema })
	.meta({ id: "JitterPolicy" });
export type JitterPolicy = z.infer<typeof JitterPolicySchema>;

/** What is not named has its default, also where another value was set before. */
export const JitterPolicyInputSchema = z.strictObject({
	maxCompensationMs: MaxCompensationSchema.default(0),
	smoothingFactor: SmoothingFactorSchema.default(SMOOTHING_FACTOR_DEFAULT),
});

/** A timer's own; defaults as above. */
export const TimerJitterPolicySchema = z
	.strictObject({
		maxCompensationMs: MaxCompensationSchema,
		smoothingFactor: SmoothingFactorSchema,
	})
	.partial()
	.meta({ id: "TimerJitterPolicy" });
