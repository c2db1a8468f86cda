/**
 * Turns an escalation as a caller wrote it, its shape already checked, into what is stored: durations
 * in milliseconds, the actions of its steps judged as all actions are.
 */
import type { ActionInput, EscalationInput } from "../contract/action.ts";
import { LIMITS } from "../contract/limits.ts";
import { formatDuration, parseDuration } from "./duration.ts";
import type { ActionDoc, EscalationDoc, EscalationStepDoc } from "./timer-doc.ts";
import type { Flaws } from "./timer-rules.ts";

type NormaliseAction = (action: ActionInput, path: string) => ActionDoc;

/** @param path where the caller wrote it */
export function normaliseEscalation(
	{ after, steps }: EscalationInput,
	path: string,
	flaws: Flaws,
	normaliseAction: NormaliseAction,
): EscalationDoc {
	return {
		after:
			"attempts" in after
				? after
				: {
						unacknowledgedMs: readPause(
							after.unacknowledgedFor,
							`${path}.after.unacknowledgedFor`,
							flaws,
						),
					},
		steps: steps.map((step, index): EscalationStepDoc => {
			const at = `${path}.steps.${index}`;
			if (step.attempts !== undefined && index === 0) {
				flaws.invalid(`${at}.attempts`, "there is no step before whose attempts could fail");
			}
			if (step.attempts !== undefined && steps[index - 1]?.actions === undefined && index > 0) {
				flaws.invalid(`${at}.attempts`, "the step before has no actions that could fail");
			}
			return {
				...(step.after !== undefined && { afterMs: readPause(step.after, `${at}.after`, flaws) }),
				...(step.attempts !== undefined && { attempts: step.attempts }),
				...(step.actions !== undefined && {
					actions: step.actions.map((action, i) => normaliseAction(action, `${at}.actions.${i}`)),
				}),
			};
		}),
	};
}

function readPause(input: unknown, path: string, flaws: Flaws): number {
	const pause = parseDuration(input);
	if (!pause.ok) {
		flaws.invalid(path, pause.error.message);
		return 0;
	}
	if (pause.value <= LIMITS.escalationPauseMsMax) return pause.value;
	const most = formatDuration(LIMITS.escalationPauseMsMax);
	flaws.invalid(path, `expected at most ${most}, got ${formatDuration(pause.value)}`);
	return 0;
}
