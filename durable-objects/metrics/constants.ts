/** Numbers of the `metrics` objects and of those who push to them, each with its unit and reason. */
import { SECOND } from "../../src/core/units.ts";

/** Objects that share the load. A name is made of each number: never fewer. */
export const METRICS_OBJECTS = 16;

/** Milliseconds from a change to the push that tells it, and so between two pushes of a source. */
export const PUSH_EVERY_MS = 5 * SECOND;

/**
 * Pushes that may fail one after the other; then it rests until something changes. What is kept meanwhile does not grow: it is one number a series.
 */
export const PUSH_TRIES_MAX = 12;

/** Milliseconds between two writes of an object's counters, and so what a crash may lose. */
export const WRITE_EVERY_MS = 5 * SECOND;

/** Lives of sources whose last push an object remembers; about 100 bytes each. */
export const RUNS_KEPT = 4_096;
