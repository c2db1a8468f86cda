/** Runs a schema over a value that came from outside. The one place that calls zod on requests. */
import type { z } from "zod";
import type { FieldError } from "../contract/error.ts";
import { err, ok, type Result } from "../core/result.ts";
import { quickest } from "./common-members.ts";
import { EXPLAINABLE, explainIssues } from "./explain-issue.ts";

export type Invalid = {
	readonly code: "validation_failed" | "unsupported_action";
	readonly errors: readonly FieldError[];
};

/** The parsed value, or what is wrong with each field. `value` has passed `checkJson`. */
export function validate<T>(schema: z.ZodType<T>, value: unknown): Result<T, Invalid> {
	const parsed = quickest(schema, value).safeParse(value, EXPLAINABLE);
	if (parsed.success) return ok(parsed.data);
	const { issues } = parsed.error;
	const code = issues.some(isOtherAction) ? "unsupported_action" : "validation_failed";
	return err({ code, errors: explainIssues(issues) });
}

/** An action of another type, known or not: nothing is misspelt until the network has that type. */
function isOtherAction(issue: z.core.$ZodIssue): boolean {
	if (issue.code !== "invalid_union" || issue.discriminator !== "type") return false;
	const { input } = issue;
	return (
		typeof input === "object" && input !== null && "type" in input && typeof input.type === "string"
	);
}
