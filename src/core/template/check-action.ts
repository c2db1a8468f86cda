/**
 * Reads the templates of an action where it is written, so that its author meets a bad expression at
 * once, by its field. Headers are read here before they are sealed.
 */
import type { ActionInput, ServiceActionInput } from "../../contract/action.ts";
import type { JsonValue } from "../../contract/json.ts";
import { Budget } from "../jmespath/budget.ts";
import { kindOf } from "../services/service-kinds.ts";
import type { ServiceDoc } from "../timer-doc.ts";
import type { Flaws } from "../timer-rules.ts";
import { checkTemplates, holdsMark } from "./check.ts";

const REQUEST_MEMBERS = ["url", "headers", "body", "message", "data"] as const;
const AGENT_MEMBERS = ["command"] as const;

export function checkActionTemplates(action: ActionInput, path: string, flaws: Flaws): void {
	if (action.type === "agent") check(action, AGENT_MEMBERS, path, flaws);
	else if (action.type === "webhook") checkRequestTemplates(action, path, flaws);
	else checkServiceTemplates(action, path, flaws);
}

function checkServiceTemplates(action: ServiceActionInput, path: string, flaws: Flaws): void {
	const { escalation: _, ...input } = action;
	// As written it has what its kind looks at; a document adds what storing does.
	const { templated } = kindOf(input as ServiceDoc);
	check(input as Readonly<Record<string, JsonValue | undefined>>, templated, path, flaws);
}

/** What a request is made of, or an edit of it. */
type Request = {
	readonly url?: string | undefined;
	readonly headers?: Readonly<Record<string, string>> | undefined;
	readonly body?: JsonValue | undefined;
	readonly message?: string | undefined;
	readonly data?: JsonValue | undefined;
};

export function checkRequestTemplates(request: Request, path: string, flaws: Flaws): void {
	check(request, REQUEST_MEMBERS, path, flaws);
}

export function checkTextTemplates(text: string, path: string, flaws: Flaws): void {
	if (!holdsMark(text)) return;
	for (const flaw of checkTemplates(text, path, new Budget()))
		flaws.invalid(flaw.path, flaw.message);
}

/** One budget for all, as where they are resolved. */
function check<Member extends string>(
	action: { readonly [Name in Member]?: JsonValue | undefined },
	members: readonly Member[],
	path: string,
	flaws: Flaws,
): void {
	let budget: Budget | undefined;
	for (const member of members) {
		const value = action[member];
		if (value === undefined || !holdsMark(value)) continue;
		budget ??= new Budget();
		for (const flaw of checkTemplates(value, `${path}.${member}`, budget)) {
			flaws.invalid(flaw.path, flaw.message);
		}
	}
}
