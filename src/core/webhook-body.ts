/**
 * The body a webhook receives unless its action brings one. Called by the sender. The body is the
 * same at every attempt, byte by byte: nothing in it depends on when or how often it is sent.
 */
import type { WebhookMethodSchema } from "../contract/action.ts";
import type { DeliveryId, TimerId } from "../contract/ids.ts";
import type { JsonObject, JsonValue } from "../contract/json.ts";
import { firingNote } from "./firing-note.ts";
import { formatInstant } from "./instant.ts";
import type { TimerDoc, WebhookDoc } from "./timer-doc.ts";

export type FiringContext = {
	readonly timerId: TimerId;
	readonly deliveryId: DeliveryId;
	/** Number of the firing, from 1, and the epoch ms it was due. */
	readonly seq: number;
	readonly dueAt: number;
};

/** `POST` unless the action says otherwise. */
export function methodOf(action: WebhookDoc): (typeof WebhookMethodSchema)["options"][number] {
	return action.method ?? "POST";
}

/** What to send as JSON, or `undefined` for a GET. A `bodyRef` is fetched by the caller instead. */
export function webhookBody(
	doc: TimerDoc,
	action: WebhookDoc,
	firing: FiringContext,
): JsonValue | undefined {
	if (methodOf(action) === "GET") return undefined;
	// `null` is a body too.
	return action.body === undefined ? defaultWebhookBody(doc, action, firing) : action.body;
}

/**
 * The default body. `timestamp` is the instant the firing was due: the instant of sending would
 * differ between attempts, and is in `webhook-timestamp`. `timer`, `event`, `timestamp` and
 * `message` stand at top level, where receivers of the founding system read them. The action's
 * `data` cannot replace `firing` and `deliveryId`, which a receiver relies on.
 */
function defaultWebhookBody(
	doc: Pick<TimerDoc, "name" | "message" | "escalated" | "replayOf">,
	action: Pick<WebhookDoc, "message" | "data">,
	firing: FiringContext,
): JsonObject {
	const dueAt = formatInstant(firing.dueAt);
	return {
		type: "timer.fired",
		timestamp: dueAt,
		event: "timer_expired",
		timer: { id: firing.timerId, name: doc.name ?? null },
		message: action.message ?? doc.message ?? null,
		data: {
			...action.data,
			firing: { seq: firing.seq, dueAt, ...firingNote(doc) },
			deliveryId: firing.deliveryId,
		},
	};
}
