/**
 * A claim leaves the timer's row as it is, so whatever writes that row first afterwards notes that
 * the timer has fired, when, and where the event of it lies. Called by settling, releasing and
 * cancelling.
 */
import type { Trail, TrailEntry } from "../../src/core/trail.ts";
import type { Claim } from "./claim-book.ts";
import type { TimerRow } from "./store.ts";

/** What to append to `trail`, the trail of `row`; nothing when it knows of the firing already. */
export function firingEntries(
	row: TimerRow,
	trail: Trail,
	claim: Pick<Claim, "chunk" | "claimedAt">,
): TrailEntry[] {
	if (trail.some((entry) => entry[0] === "f")) return [];
	const fired: TrailEntry = ["f", 1, row.fire_at, claim.claimedAt];
	return claim.chunk === null ? [fired] : [["c", claim.chunk], fired];
}
