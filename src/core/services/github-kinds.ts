/**
 * The two kinds of actions that start workflows on GitHub. Limits are those of its REST API of
 * 2022-11-28, so that their author meets them before a firing does.
 */
import type { FieldError } from "../../contract/error.ts";
import type { JsonObject, JsonValue } from "../../contract/json.ts";
import { LIMITS } from "../../contract/limits.ts";
import { GITHUB_API_URL } from "../../contract/service-action.ts";
import type { RepositoryDispatchDoc, WorkflowDispatchDoc } from "../timer-doc.ts";
import type { ServiceKind } from "./service-kind.ts";

type Located = Pick<RepositoryDispatchDoc, "repository" | "apiUrl">;

export const REPOSITORY_DISPATCH_KIND: ServiceKind<RepositoryDispatchDoc> = {
	templated: ["clientPayload"],
	flawsOf: (action) => [
		...apiUrlFlaws(action),
		...objectFlaws("clientPayload", action.clientPayload, LIMITS.githubPayloadMembers),
	],
	urlOf: (action) => `${repositoryUrl(action)}/dispatches`,
	shownOf: ({ apiUrl = GITHUB_API_URL }) => ({ apiUrl }),
	targetOf: ({ repository, eventType }) => ({ repository, eventType }),
};

export const WORKFLOW_DISPATCH_KIND: ServiceKind<WorkflowDispatchDoc> = {
	templated: ["ref", "inputs"],
	flawsOf: (action) => [
		...apiUrlFlaws(action),
		...refFlaws(action.ref),
		...objectFlaws("inputs", action.inputs, LIMITS.githubInputs),
		...Object.entries(action.inputs ?? {}).flatMap(([name, value]) =>
			isScalar(value) ? [] : [flaw(`inputs.${name}`, "expected a text, a number or a boolean")],
		),
	],
	urlOf: (action) =>
		`${repositoryUrl(action)}/actions/workflows/${encodeURIComponent(action.workflow)}/dispatches`,
	shownOf: ({ apiUrl = GITHUB_API_URL }) => ({ apiUrl }),
	targetOf: ({ repository, workflow, ref }) => ({ repository, workflow, ref }),
};

function repositoryUrl({ apiUrl = GITHUB_API_URL, repository }: Located): string {
	return `${apiUrl.replace(/\/+$/, "")}/repos/${repository}`;
}

/** What stands behind a `?` or `#` would swallow the path that is added. */
function apiUrlFlaws({ apiUrl }: Located): FieldError[] {
	if (apiUrl === undefined || !/[?#]/.test(apiUrl)) return [];
	return [flaw("apiUrl", `expected an address without query or fragment, got ${apiUrl}`)];
}

function refFlaws(ref: string): FieldError[] {
	if (ref !== "" && ref.length <= LIMITS.githubRefLength) return [];
	return [flaw("ref", `expected 1 to ${LIMITS.githubRefLength} characters, got ${ref.length}`)];
}

/** GitHub bounds both. */
function objectFlaws(
	path: string,
	object: JsonObject | undefined,
	membersMax: number,
): FieldError[] {
	if (object === undefined) return [];
	const members = Object.keys(object).length;
	if (members > membersMax) {
		return [flaw(path, `expected at most ${membersMax} members, as GitHub takes, got ${members}`)];
	}
	const { length } = JSON.stringify(object);
	const most = LIMITS.githubPayloadLength;
	if (length <= most) return [];
	return [
		flaw(path, `expected at most ${most} characters of JSON, as GitHub takes, got ${length}`),
	];
}

function isScalar(value: JsonValue): boolean {
	return typeof value !== "object";
}

function flaw(path: string, message: string): FieldError {
	return { path, message };
}
