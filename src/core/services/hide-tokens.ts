/**
 * A timer as a caller wrote it, to be told back without the tokens that it carries: what an import
 * answers that creates nothing.
 */
import type { ActionInput, EscalationInput } from "../../contract/action.ts";
import type { TimerCreate } from "../../contract/timer.ts";
import { previewOfToken } from "./service-token.ts";

export function withHiddenTokens(timer: TimerCreate): TimerCreate {
	const { actions, escalation, temporalGraph } = timer;
	return {
		...timer,
		...(actions && { actions: actions.map(hideAction) }),
		...(escalation && { escalation: hideSteps(escalation) }),
		...(temporalGraph && {
			temporalGraph: {
				...temporalGraph,
				nodes: temporalGraph.nodes.map((node) => ({
					...node,
					...(node.actions && { actions: node.actions.map(hideAction) }),
				})),
			},
		}),
	};
}

function hideAction(action: ActionInput): ActionInput {
	const { escalation } = action;
	return {
		...action,
		...("token" in action && { token: previewOfToken(action.token) }),
		...(escalation && { escalation: hideSteps(escalation) }),
	};
}

function hideSteps({ after, steps }: EscalationInput): EscalationInput {
	return {
		after,
		steps: steps.map((step) => ({
			...step,
			...(step.actions && { actions: step.actions.map(hideAction) }),
		})),
	};
}
