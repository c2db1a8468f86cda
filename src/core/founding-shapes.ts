/**
 * The ways in which the founding systems wrote actions, read as today's: `events.on_expire`,
 * `actionBundle`, `agent_id` and `team`. Input only. What they could express and the network does
 * not do yet is refused by name; nothing is dropped in silence, but for the `id` of a bundle's
 * action, which named it in that system's own logs.
 */
import type { FoundingActionBundle, FoundingEvents } from "../contract/founding.ts";
import type { JsonObject } from "../contract/json.ts";
import { LIMITS } from "../contract/limits.ts";
import type { RetryInput } from "../contract/retry.ts";
import type { TimerCreate } from "../contract/timer.ts";
import { isJsonObject, readFoundingEscalation } from "./founding-escalation.ts";
import type { Flaws } from "./timer-rules.ts";

/** An action that has not been checked yet, and where the caller wrote it. */
export type RawAction = { readonly value: unknown; readonly path: string };

export type FoundingParts = {
	readonly actions: readonly RawAction[];
	readonly message?: string;
	readonly retry?: RetryInput;
};

/** Where a timer may say what it does. */
const WAYS = ["actions", "events", "actionBundle"] as const;

/** What the founding fields of `input` say; nothing when it has none. */
export function readFoundingShapes(input: TimerCreate, flaws: Flaws): FoundingParts {
	const { events, actionBundle, retry } = input;
	const ways = WAYS.filter((way) => input[way] !== undefined);
	if (ways.length > 1) {
		const names = `${ways.slice(0, -1).join(", ")} and ${ways.at(-1)}`;
		for (const way of ways) flaws.invalid(way, `${names} are given, where one may say what to do`);
		return { actions: [] };
	}
	if (events !== undefined) return readEvents(events, input.message, flaws);
	if (actionBundle !== undefined) return readBundle(actionBundle, retry !== undefined, flaws);
	return { actions: [] };
}

/**
 * `agent_id` and `team` become labels, by which timers are found. A label of the same name that
 * says something else is refused.
 */
export function readFoundingLabels(
	input: Pick<TimerCreate, "agent_id" | "team" | "labels">,
	flaws: Flaws,
): Readonly<Record<string, string>> | undefined {
	if (input.agent_id === undefined && input.team === undefined) return input.labels;
	const labels = { ...input.labels };
	for (const name of ["agent_id", "team"] as const) {
		const value = input[name];
		if (value === undefined) continue;
		if ((labels[name] ?? value) !== value) {
			flaws.invalid(name, `becomes the label ${name}, which labels.${name} says otherwise`);
		}
		labels[name] = value;
	}
	return labels;
}

function readEvents(
	{ on_expire }: FoundingEvents,
	message: string | undefined,
	flaws: Flaws,
): FoundingParts {
	const path = "events.on_expire";
	for (const kind of ["command", "file_write"] as const) {
		if (on_expire[kind] !== undefined) flaws.unsupported(`${path}.${kind}`, unsupportedText(kind));
	}
	const { webhook } = on_expire;
	const value = typeof webhook === "string" ? { url: webhook } : webhook;
	const text = readMessage(on_expire.message, message, flaws);
	return {
		actions: value === undefined ? [] : [{ value: asWebhook(value), path: `${path}.webhook` }],
		...(text !== undefined && { message: text }),
	};
}

function readMessage(
	value: unknown,
	timerMessage: string | undefined,
	flaws: Flaws,
): string | undefined {
	const path = "events.on_expire.message";
	if (value === undefined) return undefined;
	if (typeof value === "object" && value !== null) {
		flaws.unsupported(path, "only a message of text is supported, not one for a channel");
	} else if (typeof value !== "string") {
		flaws.invalid(path, `expected text, got ${JSON.stringify(value)}`);
	} else if (value.length > LIMITS.messageLength) {
		flaws.invalid(path, `expected at most ${LIMITS.messageLength} characters, got ${value.length}`);
	} else if (timerMessage !== undefined && timerMessage !== value) {
		flaws.invalid(path, "says otherwise than message; one of them may be given");
	} else {
		return value;
	}
	return undefined;
}

function readBundle(bundle: FoundingActionBundle, hasRetry: boolean, flaws: Flaws): FoundingParts {
	if (bundle.concurrency !== undefined && bundle.concurrency !== 1) {
		const why = "expected 1: actions are delivered independently of each other";
		flaws.invalid("actionBundle.concurrency", why);
	}
	const actions = bundle.actions.flatMap((action, index): RawAction[] => {
		const path = `actionBundle.actions.${index}`;
		const value = ofKind(action.kind, action.parameters, path, flaws);
		const escalation =
			action.escalation === undefined
				? undefined
				: readFoundingEscalation(
						action.escalation,
						`${path}.escalation`,
						(escalated, at) => readEscalated(escalated, at, flaws),
						flaws,
					);
		if (value === undefined) return [];
		return [
			{
				value: escalation === undefined ? value : { ...value, escalation },
				path: `${path}.parameters`,
			},
		];
	});
	const { retryPolicy } = bundle;
	if (retryPolicy === undefined) return { actions };
	if (hasRetry) {
		flaws.invalid("actionBundle.retryPolicy", "retry is given too; one of them may be");
	}
	return { actions, retry: toRetry(retryPolicy) };
}

/** An action of a bundle as today's; undefined when its kind is not carried out. */
function ofKind(
	kind: string,
	parameters: JsonObject,
	path: string,
	flaws: Flaws,
): JsonObject | undefined {
	if (kind === "agent" || kind === "slack_message") return { ...parameters, type: kind };
	if (kind === "webhook") return asWebhook(parameters);
	flaws.unsupported(`${path}.kind`, unsupportedText(kind));
	return undefined;
}

/** The action that another escalates to: as in a bundle, but that nothing has checked it yet. */
function readEscalated(action: JsonObject, path: string, flaws: Flaws): JsonObject | undefined {
	const { kind, parameters } = action;
	if (typeof kind !== "string") {
		flaws.invalid(`${path}.kind`, `expected text, got ${JSON.stringify(kind)}`);
		return undefined;
	}
	if (isJsonObject(parameters)) return ofKind(kind, parameters, path, flaws);
	flaws.invalid(`${path}.parameters`, "expected an object");
	return undefined;
}

/**
 * The founding policy: `delay(n) = initial · multiplier^(n-1)`, unjittered, by default one attempt.
 * Today's exponential only doubles, so the pauses are written out.
 */
function toRetry(policy: NonNullable<FoundingActionBundle["retryPolicy"]>): RetryInput {
	const { maxAttempts = 1, backoffInitialMs = 1_000, backoffMultiplier = 2 } = policy;
	if (maxAttempts === 1) return { maxAttempts };
	const delaysMs = Array.from({ length: maxAttempts - 1 }, (_, index) =>
		Math.min(LIMITS.retryDelayMsMax, Math.round(backoffInitialMs * backoffMultiplier ** index)),
	);
	return { delaysMs };
}

/** Method names were not case-sensitive then. */
function asWebhook(value: object): JsonObject {
	// Bodies are JSON wherever they come from.
	const json = value as JsonObject;
	const { method } = json;
	return {
		...json,
		...(typeof method === "string" && { method: method.toUpperCase() }),
		type: "webhook",
	};
}

/** The sentence for an action of a kind that is known or not, but not carried out. */
function unsupportedText(kind: string): string {
	return `${JSON.stringify(kind.slice(0, 40))} actions are not supported; "webhook" and "agent" are`;
}
