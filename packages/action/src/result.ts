/** What a step has to tell when it succeeds: outputs, a summary, and what deserves a warning. */
import type { Timer } from "../../sdk/src/index.ts";
import { ActionFailure, type Problem } from "./failure.ts";
import { isObject } from "./inputs.ts";
import type { OutputName } from "./names.ts";
import { REGION_LABEL } from "./timer-request.ts";

export type Result = {
	readonly outputs: Readonly<Partial<Record<OutputName, string>>>;
	/** One line: the log's, and the heading of the summary. */
	readonly headline: string;
	readonly timer: Timer;
	readonly warnings: readonly string[];
	/** Why the step fails although the network did as it was told. */
	readonly problems?: readonly Problem[];
};

/** Whatever answers with other JSON is no network: a portal, or another service's API. */
export function requireTimer(answer: unknown): Timer {
	if (isObject(answer) && typeof answer["id"] === "string" && isObject(answer["labels"])) {
		return answer as Timer; // the network is trusted with the rest
	}
	const message = "answers without a timer: is it that of a Minoots network?";
	throw new ActionFailure([{ input: "api-base-url", message }]);
}

export function resultOf(
	timer: Timer,
	answer: unknown,
	told: Pick<Result, "headline"> & Partial<Omit<Result, "timer">>,
): Result {
	return {
		warnings: [],
		...told,
		timer,
		outputs: {
			"timer-id": timer.id,
			"fire-at": fireAtOf(timer) ?? "",
			status: timer.status,
			region: timer.labels[REGION_LABEL] ?? "",
			"response-json": JSON.stringify(answer),
			...told.outputs,
		},
	};
}

/** When it fires next, or else when it has fired; null where it waits for something else. */
export function fireAtOf({ nextFireAt, lastFiring, at }: Timer): string | null {
	return nextFireAt ?? lastFiring?.dueAt ?? at;
}
