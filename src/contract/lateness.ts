/** How late a tenant's firings were, as it reads it. */
import { z } from "zod";
import { PRIORITY_CLASSES } from "./envelope.ts";
import { InstantSchema } from "./timer.ts";

/** The ways of a delivery, in order; the last one is all of it. */
export const LATENESS_HOPS = [
	"due_to_claimed",
	"claimed_to_sent",
	"sent_to_answered",
	"due_to_answered",
] as const;
export type LatenessHop = (typeof LATENESS_HOPS)[number];

const AtMost = z.int().min(0);

export const LatenessHistogramSchema = z
	.object({
		hop: z.enum(LATENESS_HOPS).meta({
			description:
				"`due_to_claimed` and `due_to_answered` are of first attempts; a retry waits on purpose",
		}),
		class: z.enum(PRIORITY_CLASSES),
		count: z.int().min(1),
		sumMs: z.number().min(0),
		p50Ms: AtMost.meta({ description: "Estimates: never too low, too high by an eighth at most" }),
		p90Ms: AtMost,
		p99Ms: AtMost,
		maxMs: AtMost.meta({ description: "Exact" }),
		buckets: z
			.array(z.object({ upToMs: AtMost, count: z.int().min(1) }))
			.meta({ description: "Ascending, not cumulative, without empty ones" }),
	})
	.meta({ id: "LatenessHistogram" });

const LatenessSinceSchema = z.object({
	since: InstantSchema.nullable().meta({ description: "Null while nothing was counted" }),
	histograms: z.array(LatenessHistogramSchema),
});

export const LatenessSchema = z
	.object({ total: LatenessSinceSchema, lastHour: LatenessSinceSchema })
	.meta({ id: "Lateness" });
export type LatenessView = z.infer<typeof LatenessSchema>;
