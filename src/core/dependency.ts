/**
 * How the end of a timer decides about those that depend on it ("Semantics settled once"). Pure;
 * called by the shard of the dependent, when it is created and whenever a dependency has ended.
 */
import type { DependencyCondition } from "../contract/dependency.ts";
import { DEPENDENCY_CONDITIONS } from "../contract/dependency.ts";
import { LIMITS } from "../contract/limits.ts";
import type { EndState } from "./timer-state.ts";

/** How a dependency ended, or one firing of it where it recurs. */
export type DependencyEnd = EndState | "deleted";

/** Stands for the due time of a timer that does not know it yet: later than any instant. */
export const NO_INSTANT = LIMITS.instantMax + 1;

/** When a timer needs its shard for an instant that it may not know yet. */
export function dueOrNever(at: number): number | null {
	return at === NO_INSTANT ? null : at;
}

export function conditionCode(on: DependencyCondition): number {
	return DEPENDENCY_CONDITIONS.indexOf(on);
}

export function conditionOf(code: number): DependencyCondition {
	const on = DEPENDENCY_CONDITIONS[code];
	if (on === undefined) throw new Error(`Unknown condition ${code} of a dependency.`);
	return on;
}

/**
 * Whether a dependency that ended as `end` satisfies its edge; if not, no later end of it will.
 *
 * | on | settled | failed | cancelled, skipped, deleted |
 * |---|---|---|---|
 * | success | yes | no | no |
 * | failure | no | yes | no |
 * | always | yes | yes | yes |
 */
export function isSatisfied(on: DependencyCondition, end: DependencyEnd): boolean {
	if (on === "always") return true;
	return end === (on === "success" ? "settled" : "failed");
}

/**
 * What becomes of a dependent that can no longer be satisfied: whoever cancels or deletes a timer
 * means what would have followed from it too; in all other cases the dependent is passed over.
 */
export function endOfUnsatisfied(end: DependencyEnd): "cancelled" | "skipped" {
	return end === "cancelled" || end === "deleted" ? "cancelled" : "skipped";
}

/**
 * When a dependent is due (epoch ms) that waits for nothing any more.
 * @param readyAt when its last dependency satisfied it
 * @param delayMs counted from then; undefined where the timer names its instant
 * @param at that instant
 */
export function releasedDue(readyAt: number, delayMs: number | undefined, at: number): number {
	if (delayMs === undefined && at === NO_INSTANT) return NO_INSTANT;
	const due = delayMs === undefined ? Math.max(readyAt, at) : readyAt + delayMs;
	return Math.min(due, LIMITS.instantMax);
}
