/** What a timer waits for before its time begins to run: the ends of other timers. */
import { z } from "zod";
import { TimerIdSchema } from "./ids.ts";
import { LIMITS } from "./limits.ts";

/** Position in this list is the number stored with an edge: append only. */
export const DEPENDENCY_CONDITIONS = ["success", "failure", "always"] as const;

export const DependencyConditionSchema = z.enum(DEPENDENCY_CONDITIONS).meta({
	description: "How the dependency must end: settled, failed, or in any way. Default success",
});
export type DependencyCondition = z.infer<typeof DependencyConditionSchema>;

export const DependsOnSchema = z
	.array(
		z.union([
			TimerIdSchema,
			z.strictObject({ timer: TimerIdSchema, on: DependencyConditionSchema.optional() }),
		]),
	)
	.max(LIMITS.dependencies)
	.meta({
		description:
			"The timer is `pending` until each of these has ended as asked; `in` counts from then",
	});

/** The founding systems released a dependent however its dependency had ended: `on` is `always`. */
export const FoundingDependenciesSchema = z.array(TimerIdSchema).max(LIMITS.dependencies);

export const DependencyViewSchema = z
	.object({ timer: TimerIdSchema, on: DependencyConditionSchema })
	.meta({ id: "Dependency" });
export type DependencyView = z.infer<typeof DependencyViewSchema>;
