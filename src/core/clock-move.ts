/** Reads how far the tenant's time is to be moved. Time only goes forward: what has fired has fired. */
import type { ClockMove } from "../contract/dev-clock.ts";
import { LIMITS } from "../contract/limits.ts";
import { parseDuration } from "./duration.ts";
import { formatInstant, parseInstant } from "./instant.ts";
import { err, ok, type Result } from "./result.ts";

export type ClockMoveFlaw = { readonly path: "advance" | "set"; readonly message: string };

/**
 * The instant (epoch ms) to move to.
 * @param now the tenant's time
 */
export function readClockMove(
	{ advance, set }: ClockMove,
	now: number,
): Result<number, ClockMoveFlaw> {
	if (advance !== undefined && set !== undefined) {
		return flaw("set", "advance and set are given, where one may say how far");
	}
	if (set !== undefined) return readSet(set, now);
	if (advance === undefined)
		return flaw("advance", "is missing: one of advance and set says how far");
	const duration = parseDuration(advance);
	if (!duration.ok) return flaw("advance", duration.error.message);
	return now + duration.value <= LIMITS.instantMax
		? ok(now + duration.value)
		: flaw("advance", `leads past the year 9999: it is ${formatInstant(now)}`);
}

function readSet(set: string, now: number): Result<number, ClockMoveFlaw> {
	const instant = parseInstant(set);
	if (!instant.ok) return flaw("set", instant.error.message);
	if (instant.value >= now) return instant;
	const message = `${set} has passed: it is ${formatInstant(now)}, and time is not turned back; a later instant is expected`;
	return flaw("set", message);
}

function flaw(path: ClockMoveFlaw["path"], message: string): Result<never, ClockMoveFlaw> {
	return err({ path, message });
}
