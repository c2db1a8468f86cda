/**
 * Escalation as callers write and read it: what is done when an action fails again and again, or
 * when nobody acknowledges. The schemas take that of an action, which carries an escalation itself.
 */
import { z } from "zod";
import { LIMITS } from "./limits.ts";
import { DurationSchema } from "./time.ts";

const attempts = z.int().min(1).max(LIMITS.attemptsMax);

const EscalationAfterSchema = z.union([
	z.strictObject({
		attempts: attempts.meta({
			description: "Failed attempts of one delivery, or fewer if it dies",
		}),
	}),
	z.strictObject({
		unacknowledgedFor: DurationSchema.meta({ description: "Counted from the firing" }),
	}),
]);

/** @param action what a step may do: an action that escalates no further by itself */
export function escalationOf<T extends z.ZodType>(action: T) {
	const step = z.strictObject({
		after: DurationSchema.optional().meta({
			description: "How long after the step before, or after what sets the first one off",
		}),
		attempts: attempts.optional().meta({
			description: "Failed attempts of an action of the step before; not in the first step",
		}),
		actions: z.array(action).min(1).max(LIMITS.actionsPerTimer).optional().meta({
			description: "Without any, the step is an event and nothing else",
		}),
	});
	return z.strictObject({
		after: EscalationAfterSchema,
		steps: z.array(step).min(1).max(LIMITS.escalationSteps),
	});
}
