/** Lanes are the priority classes as numbers, most urgent first: what a row and an index hold. */
import { PRIORITY_CLASSES, type PriorityClass } from "../../src/contract/envelope.ts";
import { priorityClassOf } from "../../src/core/timer-flags.ts";

export const LANES: readonly number[] = PRIORITY_CLASSES.map((_, lane) => lane);

export function laneOf(flags: number): number {
	return PRIORITY_CLASSES.indexOf(priorityClassOf(flags));
}

export function classOfLane(lane: number): PriorityClass {
	return PRIORITY_CLASSES[lane] ?? "medium";
}
