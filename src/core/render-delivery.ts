/** The wire shapes of deliveries, their attempts and dead letters, from what a shard answers. */

import type {
	AttemptOutcome,
	AttemptView,
	DeadLetterView,
	DeliveryState,
	DeliveryView,
	PostponeReason,
	StoredPatch,
} from "../contract/delivery.ts";
import type { JsonValue } from "../contract/json.ts";
import { formatInstant } from "./instant.ts";
import type { IdSpace } from "./public-id.ts";
import { renderAction } from "./render-timer.ts";
import { kindOf } from "./services/service-kinds.ts";
import {
	type ActionDoc,
	isServiceDoc,
	requireAction,
	type ServiceDoc,
	type TimerDoc,
	type WebhookDoc,
} from "./timer-doc.ts";

/** The shape of a shard's `AttemptRecord`. */
type Attempt = {
	readonly attempt: number;
	readonly at: number;
	readonly durationMs: number | null;
	readonly outcome: AttemptOutcome;
	readonly status: number | null;
	readonly error: string | null;
	readonly excerpt: string | null;
};

/** The shape of a shard's `DeliveryRecord`. */
type Delivery = {
	readonly timer: number;
	readonly firing: number;
	readonly action: number;
	readonly state: DeliveryState;
	readonly attempts: number;
	readonly nextAttemptAt: number | null;
	readonly settledAt: number | null;
	readonly history: readonly Attempt[];
	readonly patch: StoredPatch | null;
	/** Its action, where it is not that of the document. */
	readonly request: ActionDoc | null;
	/** JSON text of what an agent acknowledged with. */
	readonly result: string | null;
	readonly postponed: {
		readonly until: number;
		readonly reason: PostponeReason;
		readonly host: string;
	} | null;
};

/** Whose shard the delivery lies in. */
type Home = { readonly ids: IdSpace; readonly shard: number };

/**
 * What goes to a webhook: the action, with the edit of a replay over it. An edited body takes the
 * place of whatever the action carried, also of a body in R2; a GET carries nothing.
 */
export function requestOf(stored: WebhookDoc, patch: StoredPatch | null): WebhookDoc {
	if (patch === null) return stored;
	const { url, method = stored.method, timeoutMs = stored.timeoutMs } = patch;
	return {
		type: stored.type,
		url: url ?? stored.url,
		...(method !== undefined && { method }),
		...headersOf(stored, patch),
		...(timeoutMs !== undefined && { timeoutMs }),
		...(method !== "GET" && carriedBy(stored, patch)),
	};
}

/** What a service is asked for: the action, with the token of a replay in place of its own. */
export function callOf<Doc extends ServiceDoc>(stored: Doc, patch: StoredPatch | null): Doc {
	if (patch?.sealedToken === undefined) return stored;
	const { sealedToken, tokenPreview = "..." } = patch;
	return { ...stored, sealedToken, tokenPreview };
}

/** Headers are replaced as a whole, sealed or in the open. */
function headersOf(
	stored: WebhookDoc,
	patch: StoredPatch,
): Pick<WebhookDoc, "headers" | "sealedHeaders"> {
	const isEdited = patch.headers !== undefined || patch.sealedHeaders !== undefined;
	const { headers, sealedHeaders } = isEdited ? patch : stored;
	if (sealedHeaders !== undefined) return { sealedHeaders };
	return headers === undefined ? {} : { headers };
}

type Carried = Pick<WebhookDoc, "body" | "bodyRef" | "message" | "data">;

function carriedBy(stored: WebhookDoc, patch: StoredPatch): Carried {
	if (patch.body !== undefined) return { body: patch.body };
	const { body, bodyRef, message, data } = stored;
	return {
		...(body !== undefined && { body }),
		...(bodyRef !== undefined && { bodyRef }),
		...(message !== undefined && { message }),
		...(data !== undefined && { data }),
	};
}

/** What the deliveries of each type say of where they go. */
type Target = TargetOf<DeliveryView>;
type TargetOf<View> = View extends DeliveryView
	? Omit<View, Exclude<keyof DeliveryView, "type">>
	: never;

export function renderDelivery(record: Delivery, doc: TimerDoc, home: Home): DeliveryView {
	const { timer: seq, firing, action } = record;
	const last = record.history.at(-1);
	return {
		...targetOf(actionOf(record, doc), record.result),
		id: home.ids.delivery({ shard: home.shard, seq, firing, action }),
		timerId: home.ids.timer({ shard: home.shard, seq }),
		firing,
		action,
		status: record.state,
		attempts: record.attempts,
		nextAttemptAt: formatOrNull(record.nextAttemptAt),
		settledAt: formatOrNull(record.settledAt),
		lastAttempt: last === undefined ? null : renderAttempt(last),
		postponed:
			record.postponed === null
				? null
				: { ...record.postponed, until: formatInstant(record.postponed.until) },
	};
}

/** Messages for agents are not edited. */
function actionOf({ action, request, patch }: Delivery, doc: TimerDoc): ActionDoc {
	const stored = request ?? requireAction(doc, action);
	if (isServiceDoc(stored)) return callOf(stored, patch);
	return stored.type === "webhook" ? requestOf(stored, patch) : stored;
}

function targetOf(action: ActionDoc, result: string | null): Target {
	if (isServiceDoc(action)) {
		// A kind names what the deliveries of its type have.
		return { type: action.type, ...kindOf(action).targetOf(action) } as Target;
	}
	if (action.type === "webhook") return { type: action.type, url: action.url };
	const { type, mailbox } = action;
	return { type, mailbox, result: result === null ? null : (JSON.parse(result) as JsonValue) };
}

export function renderDeadLetter(
	record: Delivery & { readonly deadAt: number; readonly reason: string },
	doc: TimerDoc,
	home: Home,
): DeadLetterView {
	return {
		...renderDelivery(record, doc, home),
		timerName: doc.name ?? null,
		labels: { ...doc.labels },
		deadAt: formatInstant(record.deadAt),
		reason: record.reason,
		request: renderAction(actionOf(record, doc)),
		history: record.history.map(renderAttempt),
	};
}

function renderAttempt(attempt: Attempt): AttemptView {
	const { attempt: number, at, durationMs, outcome, status, error, excerpt } = attempt;
	return { attempt: number, at: formatInstant(at), durationMs, outcome, status, error, excerpt };
}

function formatOrNull(at: number | null): string | null {
	return at === null ? null : formatInstant(at);
}
