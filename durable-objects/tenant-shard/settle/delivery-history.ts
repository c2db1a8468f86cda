/** The `history` column of a delivery: its attempts, and what a replay changed. */
import type { StoredPatch } from "../../../src/contract/delivery.ts";
import type { JsonObject } from "../../../src/contract/json.ts";
import type { ActionDoc } from "../../../src/core/timer-doc.ts";
import type { TopicEvent } from "../../../src/core/topic-event.ts";
import { ATTEMPTS_KEPT } from "../constants.ts";
import type { AttemptRecord, PostponedRecord } from "../rpc.ts";

export type PastFiring = {
	/** Epoch ms, in the tenant's time. */
	readonly dueAt: number;
	readonly nominalAt: number;
	readonly firedAt: number;
	/** What its document had besides its timer's. */
	readonly event?: TopicEvent;
	readonly params?: JsonObject;
};

export type DeliveryHistory = {
	/** Oldest first, the newest `ATTEMPTS_KEPT`. */
	readonly attempts: readonly AttemptRecord[];
	/** Attempts made before the last replay: its policy counts from here. */
	readonly base: number;
	readonly patch?: StoredPatch;
	/** Its action, where its timer's document has another one: see keep-requests.ts. */
	readonly request?: ActionDoc;
	/** Of a dead letter: what its firing stood for, where no row tells that once it has ended. */
	readonly firing?: PastFiring;
	/** Why it is dead, in words. */
	readonly reason?: string;
	/** JSON text of what an agent acknowledged with. */
	readonly result?: string;
	/** Set while it waits to spare its host; the next attempt clears it. */
	readonly postponed?: PostponedRecord & {
		/** Epoch ms of the first of the postponements in a row. */
		readonly since: number;
	};
};

const EMPTY: DeliveryHistory = { attempts: [], base: 0 };

export function parseHistory(text: string | undefined): DeliveryHistory {
	// Only `formatHistory` writes this text.
	return text === undefined ? EMPTY : (JSON.parse(text) as DeliveryHistory);
}

export function formatHistory(history: DeliveryHistory): string {
	return JSON.stringify(history);
}

export function addAttempt(history: DeliveryHistory, attempt: AttemptRecord): DeliveryHistory {
	const { postponed: _, ...before } = history;
	return { ...before, attempts: [...before.attempts, attempt].slice(-ATTEMPTS_KEPT) };
}
