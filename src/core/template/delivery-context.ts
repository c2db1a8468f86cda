/** What the templates of a delivery see. The same at every attempt: `now` is when the firing was due. */

import { firingNote } from "../firing-note.ts";
import { formatInstant } from "../instant.ts";
import type { TimerDoc } from "../timer-doc.ts";
import type { FiringContext } from "../webhook-body.ts";
import { TemplateContext } from "./context.ts";

/** A firing row carries its timer's zone; a timer has it in its schedule; it is UTC where neither does. */
export function deliveryContext(
	doc: TimerDoc,
	firing: Pick<FiringContext, "timerId" | "seq" | "dueAt">,
): TemplateContext {
	const roots = {
		params: doc.params ?? {},
		steps: {},
		event: doc.event ?? null,
		timer: {
			id: firing.timerId,
			name: doc.name ?? null,
			labels: { ...doc.labels },
			metadata: doc.metadata ?? {},
			context: doc.context ?? {},
			requestedBy: doc.requestedBy ?? null,
		},
		run: null,
		firing: { seq: firing.seq, dueAt: formatInstant(firing.dueAt), ...firingNote(doc) },
	};
	return new TemplateContext(roots, firing.dueAt, doc.zone ?? doc.schedule?.timezone ?? "UTC");
}
