/** Runs a schema over a value that came from outside. The one place that calls zod on requests. */
import type { z } from "zod";
import type { FieldError } from "../contract/error.ts";
import { err, ok, type Result } from "../core/result.ts";
import { EXPLAINABLE, explainIssues } from "./explain-issue.ts";

/** The parsed value, or what is wrong with each field. `value` has passed `checkJson`. */
export function validate<T>(
	schema: z.ZodType<T>,
	value: unknown,
): Result<T, readonly FieldError[]> {
	const parsed = schema.safeParse(value, EXPLAINABLE);
	return parsed.success ? ok(parsed.data) : err(explainIssues(parsed.error.issues));
}
