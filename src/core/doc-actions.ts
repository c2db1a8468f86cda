/**
 * All actions that a document carries: those of a firing, and those of the steps of escalations.
 * What is done to each of them (headers sealed, bodies moved out) need not know where it stands.
 */
import type { ActionDoc, EscalationDoc, TimerDocPatch } from "./timer-doc.ts";

type Carrier = Pick<TimerDocPatch, "actions" | "escalation">;

/** An escalation of a document; without `action`, that of the timer. */
export type OwnEscalation = { readonly action?: number; readonly escalation: EscalationDoc };

export function escalationsOf({ actions, escalation }: Carrier): readonly OwnEscalation[] {
	const own = (actions ?? []).flatMap((each, action) =>
		each.escalation === undefined ? [] : [{ action, escalation: each.escalation }],
	);
	return escalation == null ? own : [...own, { escalation }];
}

/** In a fixed order, an action before those of its own escalation. */
export function actionsIn({ actions, escalation }: Carrier): readonly ActionDoc[] {
	const own = (actions ?? []).flatMap((action) => [action, ...stepActions(action.escalation)]);
	return [...own, ...stepActions(escalation)];
}

/** `doc` with each of `actionsIn(doc)` replaced by the one in its place. */
export function withActions<T extends Carrier>(doc: T, replaced: readonly ActionDoc[]): T {
	const rest = replaced.values();
	const next = (old: ActionDoc) => rest.next().value ?? old;
	const steps = ({ after, steps }: EscalationDoc): EscalationDoc => ({
		after,
		steps: steps.map((step) =>
			step.actions === undefined ? step : { ...step, actions: step.actions.map(next) },
		),
	});
	const actions = doc.actions?.map((old) => {
		const action = next(old);
		return old.escalation === undefined ? action : { ...action, escalation: steps(old.escalation) };
	});
	return {
		...doc,
		...(actions !== undefined && { actions }),
		...(doc.escalation && { escalation: steps(doc.escalation) }),
	};
}

function stepActions(escalation: EscalationDoc | null | undefined): readonly ActionDoc[] {
	return escalation?.steps.flatMap((step) => step.actions ?? []) ?? [];
}
