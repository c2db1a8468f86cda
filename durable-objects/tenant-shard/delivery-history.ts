/** The `history` column of a delivery: its attempts, and what a replay changed. */
import type { StoredPatch } from "../../src/contract/delivery.ts";
import { ATTEMPTS_KEPT } from "./constants.ts";
import type { AttemptRecord } from "./rpc.ts";

export type DeliveryHistory = {
	/** Oldest first, the newest `ATTEMPTS_KEPT`. */
	readonly attempts: readonly AttemptRecord[];
	/** Attempts made before the last replay: its policy counts from here. */
	readonly base: number;
	readonly patch?: StoredPatch;
	/** Why it is dead, in words. */
	readonly reason?: string;
	/** JSON text of what an agent acknowledged with. */
	readonly result?: string;
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
	return { ...history, attempts: [...history.attempts, attempt].slice(-ATTEMPTS_KEPT) };
}
