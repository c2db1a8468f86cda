/** The two dispatches as requests to GitHub's REST API. What its answers mean is `github-answer.ts`. */
import type { JsonObject } from "../../contract/json.ts";
import { err, ok, type Result } from "../../core/result.ts";
import { judgeGithub } from "../../core/services/github-answer.ts";
import type { RepositoryDispatchDoc, WorkflowDispatchDoc } from "../../core/timer-doc.ts";
import { USER_AGENT } from "../../core/webhook-request.ts";
import type { NoRequest, Service, ServiceRequest } from "./service.ts";

/** The version that GitHub's own servers and those of enterprises know alike. */
const API_VERSION = "2022-11-28";
/** Paths of an enterprise's server, whose releases lag behind: it may refuse a parameter it lacks. */
const ENTERPRISE_PATH = /\/api\/v3\/*$/;

export const REPOSITORY_DISPATCH_SERVICE: Service<RepositoryDispatchDoc> = {
	call: ({ action: { eventType, clientPayload }, token }) =>
		request(token, {
			event_type: eventType,
			...(clientPayload !== undefined && { client_payload: clientPayload }),
		}),
	judge: (answer, { repository }) =>
		judgeGithub(answer, {
			target: `the repository ${repository}`,
			permission: "Contents: write",
		}),
};

export const WORKFLOW_DISPATCH_SERVICE: Service<WorkflowDispatchDoc> = {
	call: ({ action: { ref, inputs, apiUrl = "" }, token }) =>
		request(token, {
			ref,
			...(inputs !== undefined && { inputs: textsOf(inputs) }),
			...(!ENTERPRISE_PATH.test(apiUrl) && { return_run_details: true }),
		}),
	judge: (answer, { repository, workflow }) =>
		judgeGithub(answer, {
			target: `the repository ${repository}, or in it the workflow ${workflow}`,
			permission: "Actions: write",
		}),
};

/** What GitHub's own command line and pages send, whatever the type of an input is. */
function textsOf(inputs: JsonObject): JsonObject {
	return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, String(value)]));
}

function request(token: string | undefined, body: JsonObject): Result<ServiceRequest, NoRequest> {
	if (token === undefined) return err({ kind: "terminal", error: "the action carries no token" });
	return ok({
		method: "POST",
		headers: {
			accept: "application/vnd.github+json",
			authorization: `Bearer ${token}`,
			"content-type": "application/json",
			"user-agent": USER_AGENT,
			"x-github-api-version": API_VERSION,
		},
		body: JSON.stringify(body),
	});
}
