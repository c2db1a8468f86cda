/** How much of what was asked the event of a skipped firing repeats. */

/** Characters of JSON of one condition, and of the value it was asked of. */
export const SHOWN_VALUE_LENGTH = 256;

/** Characters of all of them: a transaction may skip 200 firings, and has one row for its events. */
export const SHOWN_LENGTH = 2_048;
