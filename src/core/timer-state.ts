/**
 * The states of timers and deliveries as they are stored, and the two decisions that change them:
 * what a cancel does, and how a timer stands given its deliveries. `armed` is not stored: it is
 * derived on reading; neither is `firing` while nothing but the claim says so.
 */
import type { CancelOutcome } from "../contract/timer-calls.ts";

/** Position is the stored number: append only. */
export const TIMER_STATES = [
	"scheduled",
	"firing",
	"settled",
	"failed",
	"cancelled",
	"paused",
	"pending",
	"skipped",
] as const;
export type StoredTimerState = (typeof TIMER_STATES)[number];

/** Position is the stored number: append only. `dead` must stay 2: a partial index names it. */
export const DELIVERY_ROW_STATES = [
	"retrying",
	"delivered",
	"dead",
	"cancelled",
	"accepted",
] as const;
export type DeliveryRowState = (typeof DELIVERY_ROW_STATES)[number];

export function timerStateOf(code: number): StoredTimerState {
	return TIMER_STATES[code] ?? corrupt("timer state", code);
}

export function timerStateCode(state: StoredTimerState): number {
	return TIMER_STATES.indexOf(state);
}

export function deliveryStateOf(code: number): DeliveryRowState {
	return DELIVERY_ROW_STATES[code] ?? corrupt("delivery state", code);
}

export function deliveryStateCode(state: DeliveryRowState): number {
	return DELIVERY_ROW_STATES.indexOf(state);
}

/** The states of a timer that will never fire again by itself. */
export type EndState = Extract<StoredTimerState, "settled" | "failed" | "cancelled" | "skipped">;

export function isEnded(state: StoredTimerState): state is EndState {
	return state === "settled" || state === "failed" || state === "cancelled" || state === "skipped";
}

/**
 * What a cancel does ("Semantics settled once"):
 *
 * | state | claim open | outcome | becomes |
 * |---|---|---|---|
 * | scheduled, firing, paused, pending | no | cancelled | cancelled at once; retries dropped, attempts kept |
 * | scheduled, firing, paused | yes | in_flight | what is claimed finishes, nothing is retried |
 * | settled, failed, skipped | – | already_fired | unchanged |
 * | cancelled | – | cancelled | unchanged |
 */
export function decideCancel(
	state: StoredTimerState,
	claimOpen: boolean,
): { readonly outcome: CancelOutcome; readonly change: "cancel" | "let_finish" | "none" } {
	switch (state) {
		case "scheduled":
		case "firing":
		case "paused":
		case "pending":
			return claimOpen
				? { outcome: "in_flight", change: "let_finish" }
				: { outcome: "cancelled", change: "cancel" };
		case "settled":
		case "failed":
		case "skipped":
			return { outcome: "already_fired", change: "none" };
		case "cancelled":
			return { outcome: "cancelled", change: "none" };
	}
}

/**
 * How a timer stands, given the states of all its deliveries: `undefined` stands for one that has
 * not been tried to an end yet, `accepted` for one that a mailbox holds. A cancelled timer whose claim was open ends `settled` only if
 * everything was delivered after all.
 */
export function standingOf(
	deliveries: readonly (DeliveryRowState | undefined)[],
	cancelRequested: boolean,
): StoredTimerState {
	const isOpen = (state: DeliveryRowState | undefined) =>
		state === undefined || state === "retrying" || state === "accepted";
	if (deliveries.some(isOpen)) return "firing";
	if (deliveries.every((state) => state === "delivered")) return "settled";
	return cancelRequested ? "cancelled" : "failed";
}

function corrupt(what: string, code: number): never {
	throw new Error(`Unknown ${what} ${code}: the database is of a later release or damaged.`);
}
