/** What a timer does with occurrences that are late, that overlap, or that must not come in a crowd. */
import { z } from "zod";
import { LIMITS } from "./limits.ts";
import { DurationSchema } from "./time.ts";

export const MISFIRE_POLICIES = ["skip", "fire_once", "catch_up"] as const;
export type MisfirePolicy = (typeof MISFIRE_POLICIES)[number];

const MisfirePolicySchema = z.enum(MISFIRE_POLICIES);

export const MisfireSchema = z
	.union([
		MisfirePolicySchema,
		z
			.strictObject({
				policy: MisfirePolicySchema,
				grace: DurationSchema.meta({
					description: "How late a firing may start before `skip` leaves it out. Default 30 s",
				}),
				max: z.int().min(1).max(LIMITS.catchUpMax).meta({
					description: "How many missed firings `catch_up` makes, the latest. Default 100",
				}),
				pace: DurationSchema.meta({
					description: "Least time between the starts of two firings caught up. Default 1 s",
				}),
			})
			.partial(),
	])
	.meta({
		id: "Misfire",
		description:
			"For firings that nobody was there to start: `fire_once` (default) fires once for all that were missed, `skip` leaves out what is later than `grace`, `catch_up` fires each",
	});
export type MisfireInput = z.infer<typeof MisfireSchema>;

export const OVERLAP_POLICIES = [
	"skip",
	"buffer_one",
	"buffer_all",
	"cancel_other",
	"allow",
] as const;
export type OverlapPolicy = (typeof OVERLAP_POLICIES)[number];

export const OverlapSchema = z.enum(OVERLAP_POLICIES).meta({
	description:
		"For occurrences that are due while the firing before them is open: `skip` (default) leaves them out, `buffer_one` and `buffer_all` fire the last or all of them when it has ended, `cancel_other` cancels it, `allow` fires beside it",
});

export const WindowSchema = DurationSchema.meta({
	description: "Milliseconds or text, at most a day",
});

export const MisfireViewSchema = z
	.object({
		policy: MisfirePolicySchema,
		graceMs: z.int(),
		max: z.int(),
		paceMs: z.int(),
	})
	.meta({ id: "MisfireView" });
