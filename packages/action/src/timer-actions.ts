/** What a timer does when it fires, from the inputs that say so. */
import type { JsonObject } from "../../../src/contract/json.ts";
import type { Inputs } from "./inputs.ts";
import type { InputName } from "./names.ts";
import { GITHUB_API, type WorkflowRun } from "./workflow-run.ts";

/** An action, and the inputs that made it: what the network says of it is said of those. */
export type SourcedAction = {
	readonly action: JsonObject;
	readonly input: InputName;
	/** Of the members that have an input of their own. */
	readonly inputOf?: Readonly<Record<string, InputName>>;
};

const OF_DISPATCH = ["client-payload"] as const;
const OF_WORKFLOW = ["ref", "workflow-inputs"] as const;
const OF_BOTH = ["repository"] as const;
const INPUT_OF_CALL = { repository: "repository", token: "github-token" } as const;

export function readActions(inputs: Inputs, run: WorkflowRun): readonly SourcedAction[] {
	const url = inputs.text("webhook-url");
	const actions: SourcedAction[] = [];
	if (url !== undefined) actions.push({ action: { type: "webhook", url }, input: "webhook-url" });
	const eventType = inputs.text("dispatch");
	const workflow = inputs.text("workflow");
	if (eventType !== undefined) actions.push(dispatchOf(eventType, inputs, run));
	else refuseStray(inputs, OF_DISPATCH, "`dispatch`");
	if (workflow !== undefined) actions.push(workflowOf(workflow, inputs, run));
	else refuseStray(inputs, OF_WORKFLOW, "`workflow`");
	if (eventType === undefined && workflow === undefined) {
		refuseStray(inputs, OF_BOTH, "`dispatch` or `workflow`");
	}
	return actions;
}

function dispatchOf(eventType: string, inputs: Inputs, run: WorkflowRun): SourcedAction {
	const clientPayload = inputs.jsonObject("client-payload");
	const action = {
		type: "repository_dispatch",
		...callOf(inputs, run),
		eventType,
		...(clientPayload !== undefined && { clientPayload }),
	};
	const inputOf = { ...INPUT_OF_CALL, clientPayload: "client-payload" } as const;
	return { action, input: "dispatch", inputOf };
}

function workflowOf(workflow: string, inputs: Inputs, run: WorkflowRun): SourcedAction {
	const ref = inputs.text("ref") ?? run.ref;
	if (ref === undefined) {
		inputs.refuse(
			"ref",
			"is missing: this run is of no branch or tag that `workflow` could run on",
		);
	}
	const given = inputs.jsonObject("workflow-inputs");
	const action = {
		type: "workflow_dispatch",
		...callOf(inputs, run),
		workflow,
		ref: ref ?? "",
		...(given !== undefined && { inputs: given }),
	};
	const inputOf = { ...INPUT_OF_CALL, ref: "ref", inputs: "workflow-inputs" } as const;
	return { action, input: "workflow", inputOf };
}

/** Whom GitHub is asked for, and with which token. */
function callOf(inputs: Inputs, run: WorkflowRun): JsonObject {
	const repository = inputs.text("repository") ?? run.repository;
	const token = inputs.requireText(
		"github-token",
		"GitHub asks for one when the timer fires; give a token of your own from a secret",
	);
	return { repository, token, ...(run.apiUrl !== GITHUB_API && { apiUrl: run.apiUrl }) };
}

function refuseStray(inputs: Inputs, names: readonly InputName[], without: string): void {
	for (const name of names) {
		if (inputs.text(name) !== undefined) inputs.refuse(name, `is of no use without ${without}`);
	}
}
