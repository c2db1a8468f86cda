/** What the program's exit code says. Documented in the README and in `minoots --help`. */

export const EXIT = {
	ok: 0,
	/** The network refused, could not be reached, or what was waited for did not end well. */
	failed: 1,
	/** Wrong usage: nothing was sent. */
	usage: 2,
	/** Ctrl-C: 128 and the signal's number, as shells have it. */
	interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
