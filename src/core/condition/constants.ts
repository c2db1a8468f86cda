/** Bounds of conditions. */

/** Comparisons of one timer: each is looked at before every firing. */
export const CONDITIONS_MAX = 64;

/** Characters of a path. */
export const PATH_LENGTH_MAX = 256;

/** Characters of JSON that an event repeats of a value it was compared with. */
export const SHOWN_VALUE_LENGTH = 512;
