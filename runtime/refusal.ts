/**
 * How the runtime says no: one line for stderr and an exit code. Expected failures travel as these
 * values up to `main.ts`, the only place that prints and exits.
 */

export type Refusal = { readonly line: string; readonly exitCode: number };

/** The world is not as it should be: a port in use, a folder that cannot be written. */
const EXIT_REFUSED = 1;
/** The command line is wrong. */
const EXIT_USAGE = 2;

export function refusal(line: string): Refusal {
	return { line, exitCode: EXIT_REFUSED };
}

export function usageRefusal(line: string): Refusal {
	return { line, exitCode: EXIT_USAGE };
}
