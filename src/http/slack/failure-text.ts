/** A failure as one sentence for a person in Slack. */
import type { HttpFailure } from "../failure.ts";
import { renderProblem } from "../problem.ts";

export function failureText(failure: HttpFailure): string {
	return renderProblem(failure, "").problem.detail;
}
