/**
 * Lanes: what a row and the due-index hold. A lane is the class of a priority, most urgent first, and
 * the clock that its due times are on: the real one, or the tenant's, which only the local runtime
 * tells apart.
 */
import { PRIORITY_CLASSES, type PriorityClass } from "../../src/contract/envelope.ts";
import { priorityClassOf } from "../../src/core/timer-flags.ts";

export const CLASSES = PRIORITY_CLASSES.length;

/** The lanes of the real clock, which are all there are in a deployment. */
export const LANES: readonly number[] = PRIORITY_CLASSES.map((_, lane) => lane);

/** The lanes of both clocks, the most urgent first. */
export const LANES_OF_BOTH: readonly number[] = LANES.flatMap((lane) => [lane, lane + CLASSES]);

/** The lane of what waits for the real clock. */
export function laneOf(flags: number): number {
	return PRIORITY_CLASSES.indexOf(priorityClassOf(flags));
}

/** The lane of the same class on the real clock, or on the tenant's. */
export function laneOn(clock: "real" | "tenant", lane: number): number {
	return (lane % CLASSES) + (clock === "tenant" ? CLASSES : 0);
}

/** Whether the due times of a lane are in the tenant's time. */
export function isTenantLane(lane: number): boolean {
	return lane >= CLASSES;
}

export function classOfLane(lane: number): PriorityClass {
	return PRIORITY_CLASSES[lane % CLASSES] ?? "medium";
}
