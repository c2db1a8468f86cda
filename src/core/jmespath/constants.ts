/** What an expression may cost. It is a caller's text, and it runs between the deliveries of others. */
import { LIMITS } from "../../contract/limits.ts";

/**
 * Steps that everything evaluated for one delivery may take together. A step is a node visited, an
 * element handled or a few characters copied: some 20 to 100 ns, so that no delivery holds up its
 * neighbours by more than about 50 ms.
 */
export const STEPS_MAX = 500_000;

/** Steps to read a character of an expression; parsing costs more than scanning. */
export const STEPS_PER_CHARACTER_READ = 4;

/** Characters that text functions handle in a step. */
export const CHARACTERS_PER_STEP = 8;

/** Characters of JSON, about, that one value may take: as much as a request may carry. */
export const VALUE_SIZE_MAX = LIMITS.bodyBytes;

/** Levels of nesting: a template and the value put into it are each bounded by `LIMITS.jsonDepth`. */
export const VALUE_DEPTH_MAX = 2 * LIMITS.jsonDepth;

/** Compiled expressions kept in memory: some megabytes at the longest. */
export const EXPRESSIONS_KEPT = 1_000;
