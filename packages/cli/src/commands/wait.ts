/** `minoots wait <id…>`: until they have ended; the exit code says how. */
import type { Command } from "commander";
import type { Timer } from "../../../sdk/src/types.ts";
import type { Context } from "../frame/context.ts";
import { addExamples } from "../frame/examples.ts";
import { EXIT, type ExitCode } from "../frame/exit-codes.ts";
import { readIds } from "../frame/input.ts";
import { startProgressBar } from "../frame/progress-bar.ts";
import { run } from "../frame/run.ts";
import { paintStatus } from "../frame/style.ts";

export function configure(command: Command): void {
	command
		.argument("<id...>", "ids of timers, - for those on stdin")
		.addHelpText(
			"after",
			"\nThe exit code is 0 when all of them settled, 1 when one failed, was cancelled or skipped,\nor is still open after --timeout.",
		)
		.action(
			run(async (context, named: readonly string[]) => {
				let code: ExitCode = EXIT.ok;
				for (const id of await readIds(named)) {
					const timer = await waitFor(context, id);
					show(context, timer);
					if (timer.status !== "settled") code = EXIT.failed;
				}
				return code;
			}),
		);
	addExamples(
		command,
		"minoots wait tmr_0000000000000001",
		"minoots wait tmr_0000000000000001 --timeout 10m && make deploy",
		"minoots list --quiet --label batch=7 | minoots wait -",
	);
}

async function waitFor(context: Context, id: string): Promise<Timer> {
	const { globals, out, signal } = context;
	const minoots = await context.minoots();
	const options = { signal, timeoutMs: globals.timeoutMs };
	if (process.stderr.isTTY !== true || out.isJson) return minoots.waitFor(id, options);
	const bar = startProgressBar(process.stderr, out.noteStyle);
	try {
		return await minoots.waitFor(id, { ...options, onProgress: (timer) => bar.update(timer) });
	} finally {
		bar.stop();
	}
}

function show({ out }: Context, timer: Timer): void {
	if (out.isJson) {
		out.json(timer);
		return;
	}
	const { id, name, status, lastFiring, cancelReason, skipReason } = timer;
	const fired =
		lastFiring === null
			? undefined
			: `fired ${out.time(lastFiring.firedAt)}, ${lastFiring.latenessMs} ms late`;
	const parts = [paintStatus(out.style, status), id, name, fired, cancelReason, skipReason];
	out.line(parts.filter((part) => part !== null && part !== undefined).join("  "));
	if (status === "failed") out.note(`\`minoots deliveries ${id}\` shows what was tried.`);
}
