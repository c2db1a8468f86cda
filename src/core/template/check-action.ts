/**
 * Reads the templates of an action where it is written, so that its author meets a bad expression at
 * once, by its field. Headers are read here before they are sealed.
 */
import type { ActionInput } from "../../contract/action.ts";
import type { JsonValue } from "../../contract/json.ts";
import { Budget } from "../jmespath/budget.ts";
import type { Flaws } from "../timer-rules.ts";
import { checkTemplates } from "./check.ts";

export function checkActionTemplates(action: ActionInput, path: string, flaws: Flaws): void {
	if (action.type === "agent") check({ command: action.command }, path, flaws);
	else checkRequestTemplates(action, path, flaws);
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
	const { url, headers, body, message, data } = request;
	check({ url, headers, body, message, data }, path, flaws);
}

export function checkTextTemplates(text: string, path: string, flaws: Flaws): void {
	for (const flaw of checkTemplates(text, path, new Budget()))
		flaws.invalid(flaw.path, flaw.message);
}

/** One budget for all, as where they are resolved. */
function check(
	members: Readonly<Record<string, JsonValue | undefined>>,
	path: string,
	flaws: Flaws,
): void {
	const budget = new Budget();
	for (const [name, value] of Object.entries(members)) {
		if (value === undefined) continue;
		for (const flaw of checkTemplates(value, `${path}.${name}`, budget)) {
			flaws.invalid(flaw.path, flaw.message);
		}
	}
}
