/**
 * A claim leaves the timer's row as it is, so whatever writes that row first afterwards notes that
 * the timer has fired, when, and where the event of it lies. Called by settling, releasing and
 * cancelling.
 */
import type { Trail, TrailEntry } from "../../../src/core/trail.ts";
import { type Claim, firedAtOf } from "../claim/claim-book.ts";
import type { TimerRow } from "../store.ts";

/** What to append to `trail`, the trail of `row`; nothing when it knows of the firing already. */
export function firingEntries(
	row: Pick<TimerRow, "firing" | "fire_at" | "nominal">,
	trail: Trail,
	claim: Pick<Claim, "chunk" | "claimedAt" | "aheadMs">,
): TrailEntry[] {
	const { firing, fire_at: dueAt, nominal } = row;
	if (trail.some((entry) => entry[0] === "f" && entry[1] === firing)) return [];
	const fired: TrailEntry =
		nominal === null
			? ["f", firing, dueAt, firedAtOf(claim)]
			: ["f", firing, dueAt, firedAtOf(claim), nominal];
	return claim.chunk === null ? [fired] : [["c", claim.chunk], fired];
}
