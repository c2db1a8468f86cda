/** Characters of JSON that an event repeats of a value that a condition was asked of. */
export const SHOWN_VALUE_LENGTH = 512;
