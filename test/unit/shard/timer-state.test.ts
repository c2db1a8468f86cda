import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	DELIVERY_ROW_STATES,
	type DeliveryRowState,
	decideCancel,
	deliveryStateCode,
	deliveryStateOf,
	isEnded,
	type StoredTimerState,
	standingOf,
	TIMER_STATES,
	timerStateCode,
	timerStateOf,
} from "../../../src/core/timer-state.ts";

describe("stored states", () => {
	it("[SHARD-7] keep their numbers: databases hold them", () => {
		expect(TIMER_STATES.map(timerStateCode)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
		expect(TIMER_STATES).toEqual([
			"scheduled",
			"firing",
			"settled",
			"failed",
			"cancelled",
			"paused",
			"pending",
			"skipped",
		]);
		expect(DELIVERY_ROW_STATES.map(deliveryStateCode)).toEqual([0, 1, 2, 3, 4]);
		expect(DELIVERY_ROW_STATES).toEqual(["retrying", "delivered", "dead", "cancelled", "accepted"]);
		for (const state of TIMER_STATES) expect(timerStateOf(timerStateCode(state))).toBe(state);
		for (const state of DELIVERY_ROW_STATES) {
			expect(deliveryStateOf(deliveryStateCode(state))).toBe(state);
		}
	});

	it("[SHARD-7] that are unknown are an error, not a guess", () => {
		expect(() => timerStateOf(8)).toThrow(/timer state 8/);
		expect(() => deliveryStateOf(-1)).toThrow(/delivery state -1/);
	});

	it("[SHARD-7] settled, failed, cancelled and skipped are ends", () => {
		expect(TIMER_STATES.filter(isEnded)).toEqual(["settled", "failed", "cancelled", "skipped"]);
	});
});

describe("decideCancel", () => {
	it.each<readonly [StoredTimerState, boolean, string, string]>([
		["scheduled", false, "cancelled", "cancel"],
		["scheduled", true, "in_flight", "let_finish"],
		["firing", false, "cancelled", "cancel"],
		["firing", true, "in_flight", "let_finish"],
		["paused", false, "cancelled", "cancel"],
		["paused", true, "in_flight", "let_finish"],
		["pending", false, "cancelled", "cancel"],
		["skipped", false, "already_fired", "none"],
		["settled", false, "already_fired", "none"],
		["settled", true, "already_fired", "none"],
		["failed", false, "already_fired", "none"],
		["failed", true, "already_fired", "none"],
		["paused", false, "cancelled", "cancel"],
		["paused", true, "in_flight", "let_finish"],
		["pending", false, "cancelled", "cancel"],
		["skipped", false, "already_fired", "none"],
		["cancelled", false, "cancelled", "none"],
		["cancelled", true, "cancelled", "none"],
	])(
		"[CANCEL-12] of a %s timer, claim open %s, answers %s",
		(state, claimOpen, outcome, change) => {
			expect(decideCancel(state, claimOpen)).toEqual({ outcome, change });
		},
	);
});

describe("standingOf", () => {
	it.each<readonly [string, readonly (DeliveryRowState | undefined)[], boolean, StoredTimerState]>([
		["all delivered", ["delivered", "delivered"], false, "settled"],
		["one dead", ["delivered", "dead"], false, "failed"],
		["one dropped", ["delivered", "cancelled"], false, "failed"],
		["one waits for its retry", ["dead", "retrying"], false, "firing"],
		["one held by a mailbox", ["dead", "accepted"], false, "firing"],
		["one not tried yet", ["dead", undefined], false, "firing"],
		["cancelled, all delivered after all", ["delivered", "delivered"], true, "settled"],
		["cancelled, one dropped", ["delivered", "cancelled"], true, "cancelled"],
		["cancelled, one dead", ["dead", "delivered"], true, "cancelled"],
		["cancelled, one in flight", ["cancelled", undefined], true, "firing"],
		["no action", [], false, "settled"],
	])("[SETTLE-15] %s", (_, states, cancelRequested, standing) => {
		expect(standingOf(states, cancelRequested)).toBe(standing);
	});

	it("[SETTLE-15] ends exactly when every delivery has, in any order", () => {
		const state = fc.constantFrom(...DELIVERY_ROW_STATES, undefined);
		fc.assert(
			fc.property(fc.array(state, { minLength: 1 }), fc.boolean(), (states, cancelled) => {
				const open = states.some(
					(one) => one === undefined || one === "retrying" || one === "accepted",
				);
				expect(isEnded(standingOf(states, cancelled))).toBe(!open);
				expect(standingOf(states.toReversed(), cancelled)).toBe(standingOf(states, cancelled));
			}),
		);
	});
});
