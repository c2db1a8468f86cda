/** The timer that a step asks for, from its inputs. Sends nothing. */
import type { JsonObject } from "../../../src/contract/json.ts";
import { identify, requestId } from "./identity.ts";
import { type Inputs, isObject } from "./inputs.ts";
import type { InputName } from "./names.ts";
import { readSchedule } from "./schedule-text.ts";
import { readActions, type SourcedAction } from "./timer-actions.ts";
import type { WorkflowRun } from "./workflow-run.ts";

/** Under which the founding scheduler and its clients kept a timer's region. */
export const REGION_LABEL = "minoots.io/region";
/** By which the timers of a repository are listed. */
const REPOSITORY_LABEL = "github.com/repository";
const DEFAULT_NAME = "github-timer";
const DEDUPE_MODES = ["keep", "replace", "merge", "reject"] as const;
const WHEN = ["duration", "fire-at", "schedule"] as const;
/** How GitHub's own short-lived tokens begin, that of the job among them. */
const SHORT_LIVED_TOKEN = /^ghs_/;

export type Stamp = Readonly<Record<"runId" | "attempt" | "request", string>>;

export type TimerRequest = {
	readonly body: JsonObject;
	/** By index, like `actions` of the body. */
	readonly actions: readonly SourcedAction[];
	/** Undefined where no runner says which run this is. */
	readonly idempotencyKey: string | undefined;
	/** In the timer's metadata: where it comes from. */
	readonly stamp: Stamp;
	/** Whether other steps are meant to have the same timer. */
	readonly isShared: boolean;
	readonly warnings: readonly string[];
};

export function readTimerRequest(inputs: Inputs, run: WorkflowRun): TimerRequest {
	const name = inputs.text("name") ?? DEFAULT_NAME;
	const matrix = inputs.text("matrix") ?? "";
	const mode = inputs.choice("dedupe-mode", DEDUPE_MODES);
	const identity = identify(run, { key: inputs.text("dedupe-key"), matrix, name });
	const isShared = identity?.isShared === true;
	const actions = readActions(inputs, run);
	const actionBundle = inputs.jsonObject("action-bundle");
	if (actionBundle !== undefined && actions.length > 0) {
		inputs.refuse("action-bundle", `and \`${actions[0]?.input}\` are given: leave one of them out`);
	}
	const schedule = readSchedule(inputs);
	const wanted: JsonObject = {
		...readDuration(inputs),
		...textOf(inputs, "fire-at", "fireAt"),
		...(schedule !== undefined && { schedule }),
		...textOf(inputs, "tenant-id", "tenantId"),
		name,
		requestedBy: inputs.text("requested-by") ?? "github-action",
		...(actions.length > 0 && { actions: actions.map(({ action }) => action) }),
		...(actionBundle !== undefined && { actionBundle }),
		...objectOf(inputs, "agent-binding", "agentBinding"),
		labels: readLabels(inputs, run),
		...(identity !== undefined && {
			dedupe: {
				key: identity.dedupeKey,
				mode: mode ?? (isShared ? "replace" : "keep"),
			},
		}),
	};
	const given = WHEN.filter((when) => inputs.text(when) !== undefined);
	if (given.length !== 1) refuseWhen(inputs, given);
	const metadata = inputs.jsonObject("metadata") ?? {};
	const request = requestId(run, matrix, { ...wanted, metadata });
	const { repository, workflow, job, runId, attempt, url = "" } = run;
	const stamp = { repository, workflow, job, runId, attempt, url, request };
	return {
		body: { ...wanted, metadata: { github: stamp, ...metadata } },
		actions,
		idempotencyKey: identity === undefined ? undefined : `github:${request}`,
		stamp,
		isShared,
		warnings: warningsOf(inputs, isShared),
	};
}

/** Whether two steps of one attempt mean the same timer unawares: they ask for different ones. */
export function isOfAnotherStep({ stamp, isShared }: TimerRequest, metadata: unknown): boolean {
	if (isShared) return false;
	const other = isObject(metadata) ? metadata["github"] : undefined;
	if (!isObject(other) || other["request"] === stamp.request) return false;
	return other["runId"] === stamp.runId && other["attempt"] === stamp.attempt;
}

/** Milliseconds are a number on the wire; an input is always text. */
function readDuration(inputs: Inputs): JsonObject {
	const text = inputs.text("duration");
	if (text === undefined) return {};
	return { duration: /^\d+$/.test(text) ? Number(text) : text };
}

function readLabels(inputs: Inputs, { repository }: WorkflowRun): JsonObject {
	const region = inputs.text("region");
	return {
		...(repository !== "" && { [REPOSITORY_LABEL]: repository }),
		...inputs.jsonObject("labels"),
		...(region !== undefined && { [REGION_LABEL]: region }),
	};
}

function refuseWhen(inputs: Inputs, given: readonly InputName[]): void {
	const names = WHEN.map((name) => `\`${name}\``).join(", ");
	const got = given.length === 0 ? "none" : given.map((name) => `\`${name}\``).join(" and ");
	inputs.refuse(
		given[0] ?? "duration",
		`expected one of ${names} to say when the timer fires, got ${got}`,
	);
}

function warningsOf(inputs: Inputs, isShared: boolean): string[] {
	const warnings: string[] = [];
	if (inputs.text("schedule") !== undefined && !isShared) {
		warnings.push(
			"Each run of this workflow makes another timer with this schedule. Give `dedupe-key` to have one timer that later runs change.",
		);
	}
	if (SHORT_LIVED_TOKEN.test(inputs.text("github-token") ?? "")) {
		warnings.push(
			"`github-token` is a token that GitHub lets expire: the job's with the job, an app's after an hour. A timer that fires later needs a fine-grained or classic token of your own.",
		);
	}
	return warnings;
}

function textOf(inputs: Inputs, input: InputName, member: string): JsonObject {
	const text = inputs.text(input);
	return text === undefined ? {} : { [member]: text };
}

function objectOf(inputs: Inputs, input: InputName, member: string): JsonObject {
	const object = inputs.jsonObject(input);
	return object === undefined ? {} : { [member]: object };
}
