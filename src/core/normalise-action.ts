/**
 * Turns an action as a caller wrote it into the one that is stored, or says what is wrong with it:
 * where it may send, which headers it may set, what it may carry. Called for the actions of new
 * timers and of changes, and for the request of a dead letter that is replayed with an edit.
 */

import type {
	ActionInput,
	AgentActionInput,
	EscalationInput,
	ServiceActionInput,
	WebhookActionInput,
} from "../contract/action.ts";
import { normaliseEscalation } from "./normalise-escalation.ts";
import { kindOf } from "./services/service-kinds.ts";
import { previewOfToken, tokenFlaw } from "./services/service-token.ts";
import { checkActionTemplates } from "./template/check-action.ts";
import { judgeableUrl } from "./template/templated-url.ts";
import type { ActionDoc, AgentDoc, EscalationDoc, ServiceDoc, WebhookDoc } from "./timer-doc.ts";
import type { Flaws, TimerRules } from "./timer-rules.ts";
import { checkActionHeaders } from "./webhook-headers.ts";

type ActionRules = Pick<TimerRules, "judge">;

/** The action to store. `path` is where the caller wrote it. */
export function normaliseAction(
	input: ActionInput,
	path: string,
	rules: ActionRules,
	flaws: Flaws,
): ActionDoc {
	checkActionTemplates(input, path, flaws);
	const action = actionDoc(input, path, rules, flaws);
	if (input.escalation === undefined) return action;
	const at = `${path}.escalation`;
	return { ...action, escalation: readEscalation(input.escalation, at, rules, flaws) };
}

function actionDoc(input: ActionInput, path: string, rules: ActionRules, flaws: Flaws): ActionDoc {
	switch (input.type) {
		case "agent":
			return agentDoc(input);
		case "webhook":
			return webhookDoc(input, path, rules, flaws);
		default:
			return serviceDoc(input, path, rules, flaws);
	}
}

/** The escalation to store, of an action or of a timer. */
export function readEscalation(
	input: EscalationInput,
	path: string,
	rules: ActionRules,
	flaws: Flaws,
): EscalationDoc {
	return normaliseEscalation(input, path, flaws, (action, at) =>
		normaliseAction(action, at, rules, flaws),
	);
}

function agentDoc({ type, mailbox, command, ackTimeoutMs, ttlMs }: AgentActionInput): AgentDoc {
	return {
		type,
		mailbox,
		...(command !== undefined && { command }),
		...(ackTimeoutMs !== undefined && { ackTimeoutMs }),
		...(ttlMs !== undefined && { ttlMs }),
	};
}

function serviceDoc(
	{ escalation: _, ...input }: ServiceActionInput,
	path: string,
	rules: ActionRules,
	flaws: Flaws,
): ServiceDoc {
	if ("token" in input) checkToken(input.token, path, flaws);
	// It came from JSON, which has no `undefined`: what is optional is there or is not.
	const action = {
		...input,
		...("token" in input && { tokenPreview: previewOfToken(input.token) }),
	} as ServiceDoc;
	const kind = kindOf(action);
	for (const flaw of kind.flawsOf(action)) flaws.invalid(`${path}.${flaw.path}`, flaw.message);
	const destination = rules.judge(kind.urlOf(action));
	if (!destination.ok) flaws.destination(`${path}.apiUrl`, destination.error.message);
	return action;
}

/** The token of an action, or of an edit of one. */
export function checkToken(token: string, path: string, flaws: Flaws): void {
	const flaw = tokenFlaw(token);
	if (flaw !== undefined) flaws.invalid(`${path}.token`, flaw);
}

/** The URL is kept as it came: the sender judges it again and fetches the normalised one. */
function webhookDoc(
	input: WebhookActionInput,
	path: string,
	rules: ActionRules,
	flaws: Flaws,
): WebhookDoc {
	readUrl(input.url, `${path}.url`, rules, flaws);
	checkCarried(input, path, flaws);
	const headers = input.headers === undefined ? {} : readHeaders(input.headers, path, flaws);
	const { type, url, method, body, timeoutMs, message, data } = input;
	return {
		type,
		url,
		...(method !== undefined && { method }),
		...(hasMembers(headers) && { headers }),
		...(body !== undefined && { body }),
		...(timeoutMs !== undefined && { timeoutMs }),
		...(message !== undefined && { message }),
		...(data !== undefined && { data }),
	};
}

/** Judges where a url may lead, as far as its templates let that be known before they are resolved. */
export function readUrl(url: string, path: string, rules: ActionRules, flaws: Flaws): void {
	const judgeable = judgeableUrl(url);
	if (!judgeable.ok) flaws.invalid(path, judgeable.error);
	else if (judgeable.value !== undefined) {
		const destination = rules.judge(judgeable.value);
		if (!destination.ok) flaws.destination(path, destination.error.message);
	}
}

function checkCarried(input: WebhookActionInput, path: string, flaws: Flaws): void {
	const carried = (["body", "message", "data"] as const).filter((key) => input[key] !== undefined);
	if (input.method === "GET") {
		for (const key of carried) flaws.invalid(`${path}.${key}`, "a GET request carries no body");
	} else if (input.body !== undefined) {
		for (const key of carried.slice(1)) {
			const why = `${key} belongs to the default body, which the action's own body replaces`;
			flaws.invalid(`${path}.${key}`, why);
		}
	}
}

/** The headers to store; what is wrong with them is told under `path`. */
export function readHeaders(
	headers: Readonly<Record<string, string>>,
	path: string,
	flaws: Flaws,
): Record<string, string> {
	const checked = checkActionHeaders(headers);
	if (checked.ok) return checked.value;
	for (const issue of checked.error) {
		const name = issue.path === "" ? "" : `.${issue.path}`;
		flaws.invalid(`${path}.headers${name}`, issue.message);
	}
	return {};
}

function hasMembers(object: object): boolean {
	for (const _ in object) return true;
	return false;
}
