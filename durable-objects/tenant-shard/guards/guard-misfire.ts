/** The guard of a one-shot timer, or a firing row, that is not to start late. */
import { toMisfire } from "../../../src/core/firing/policy.ts";
import { RECURRING } from "../../../src/core/timer-flags.ts";
import { hasQueued } from "../concurrency/turns.ts";
import type { Guard } from "./guards.ts";

/** A recurring timer's occurrences are judged with what else was missed: late-start.ts. */
export const keepWithinGrace: Guard = (shard, tx, row, doc) => {
	if (doc.misfire === undefined || (row.flags & RECURRING) !== 0) return undefined;
	if (hasQueued(shard, row)) return undefined;
	const { policy, graceMs } = toMisfire(doc.misfire);
	const lateMs = tx.tenantNow - row.fire_at;
	if (policy !== "skip" || lateMs <= graceMs) return undefined;
	return { kind: "skip", reason: "misfire", data: { latenessMs: lateMs, graceMs } };
};
