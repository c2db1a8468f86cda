/**
 * Wraps what a command does into a commander action: builds its context, lets Ctrl-C abort it, and
 * takes its exit code. Errors go on to `program.ts`, which shows them.
 */
import type { Command } from "commander";
import { type Context, createContext } from "./context.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { readGlobals } from "./globals.ts";
import { createOutput } from "./output.ts";
import { styleFor } from "./style.ts";

/** How long what was interrupted may take to come to its end; a second Ctrl-C does not wait. */
const GRACE_MS = 1_000;

export type RunOptions = {
	/** How long `work` may take after Ctrl-C; without end where it says so. */
	readonly graceMs?: number;
};

/**
 * `work` is given the arguments that the command declares, then its options. What it answers is the
 * exit code, 0 unless it answers something.
 */
export function run<Arguments extends readonly unknown[]>(
	work: (context: Context, ...args: Arguments) => Promise<ExitCode | undefined> | Promise<void>,
	{ graceMs = GRACE_MS }: RunOptions = {},
): (...args: unknown[]) => Promise<void> {
	return async (...all) => {
		const command = all.at(-1) as Command; // commander's last argument
		const options = command.optsWithGlobals();
		const globals = readGlobals(options);
		const colours = options["color"] !== false;
		if (!colours) process.env["NO_COLOR"] = "1"; // for the prompts, which read only this
		const out = createOutput(process, {
			isJson: globals.json,
			styleOf: (target) => styleFor(target, colours, process.env),
		});
		const interrupt = new AbortController();
		// One listener for both: a second signal may come while the first is worked off.
		process.on("SIGINT", () => {
			if (interrupt.signal.aborted) process.exit(EXIT.interrupted);
			interrupt.abort();
			if (Number.isFinite(graceMs)) {
				setTimeout(() => process.exit(EXIT.interrupted), graceMs).unref();
			}
		});
		try {
			const context = createContext(globals, out, interrupt.signal);
			// As the command declares them; behind them commander passes itself.
			const code = await work(context, ...(all.slice(0, -1) as unknown as Arguments));
			if (code !== undefined) process.exitCode = code;
		} catch (error) {
			if (!interrupt.signal.aborted) throw error;
		}
		if (interrupt.signal.aborted) process.exitCode = EXIT.interrupted;
	};
}
