/** `/v1/dev/clock`: the tenant's time, which users' tests move on the local runtime. */
import { z } from "zod";
import { DurationSchema, InstantSchema } from "./timer.ts";

export const ClockMoveSchema = z
	.strictObject({
		advance: DurationSchema.meta({ description: "How far to move on from the tenant's time" }),
		set: InstantSchema.meta({ description: "The instant to move on to; it must lie ahead" }),
	})
	.partial()
	.meta({ id: "ClockMove", description: "One of `advance` and `set` says how far" });
export type ClockMove = z.infer<typeof ClockMoveSchema>;

export const ClockSchema = z
	.object({
		now: InstantSchema.meta({ description: "The tenant's time" }),
		realNow: InstantSchema.meta({ description: "The machine's time" }),
		aheadMs: z.int().meta({ description: "How far the tenant's time is ahead" }),
	})
	.meta({ id: "Clock" });

export const ClockMovedSchema = ClockSchema.extend({
	reached: z.boolean().meta({
		description: "False when the answer came first: set the clock to `target` to go on",
	}),
	target: InstantSchema.meta({ description: "Where the clock was to move to" }),
	fired: z.int().meta({ description: "Firings that have begun on the way" }),
	steps: z.int().meta({ description: "Instants at which the clock stood on the way" }),
}).meta({ id: "ClockMoved" });
export type ClockMovedView = z.infer<typeof ClockMovedSchema>;
