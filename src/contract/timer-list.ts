/** Filters over timers: the query of a list, and the `filter` of a bulk call. */
import { z } from "zod";
import { LIMITS } from "./limits.ts";
import { PageQuerySchema } from "./page.ts";
import { InstantSchema, LabelsSchema, TimerStatusSchema } from "./timer.ts";

/** A query parameter that may stand once or several times. */
function repeatable<T extends z.ZodType>(item: T) {
	return z.preprocess(
		(value) => (value === undefined || Array.isArray(value) ? value : [value]),
		z.array(item).max(LIMITS.labels).optional(),
	);
}

export const TimerListQuerySchema = z.strictObject({
	...PageQuerySchema.shape,
	status: repeatable(TimerStatusSchema),
	label: repeatable(z.string().regex(/^[^:]+:.*$/s, "expected key:value")),
	name: z.string().min(1).max(LIMITS.nameLength).optional(),
	dueBefore: InstantSchema.optional(),
	dueAfter: InstantSchema.optional(),
	order: z.enum(["due", "created"]).default("created"),
	tenantId: z.string().max(64).optional(),
});
export type TimerListQuery = z.infer<typeof TimerListQuerySchema>;

export const TimerFilterSchema = z
	.strictObject({
		status: z.array(TimerStatusSchema).min(1).optional(),
		labels: LabelsSchema.optional(),
		name: z.string().min(1).max(LIMITS.nameLength).optional(),
		dueBefore: InstantSchema.optional(),
		dueAfter: InstantSchema.optional(),
	})
	.meta({ id: "TimerFilter", description: "Everything named must match; {} matches all" });
export type TimerFilterInput = z.infer<typeof TimerFilterSchema>;
