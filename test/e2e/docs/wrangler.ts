/**
 * What can be proven of deployment without an account: that wrangler knows the commands and options
 * of a block, and that `wrangler deploy` bundles the Worker with all its bindings.
 */
import { ROOT } from "./pages.ts";
import { type Run, run } from "./programs.ts";

const PLACE = { folder: ROOT, env: { ...process.env, WRANGLER_SEND_METRICS: "false" } };

/** The wrangler commands of a block. */
export function wranglerCommands(code: string): string[] {
	return code.split("\n").flatMap((line) => /npx wrangler (.+)$/.exec(line)?.[1] ?? []);
}

/** Asks wrangler for the help of a command; it prints that of its parent when there is none such. */
export function askHelp(command: string): Promise<Run> {
	return run(PLACE, "npx", ["wrangler", ...command.split(/\s+/), "--help"]);
}

/** Whether help's first line (`wrangler queues create <name>`) is of exactly this command. */
export function isHelpOf(command: string, help: string): boolean {
	const words = command.split(/\s+/);
	const title = /^.*?wrangler (.+)$/m.exec(help)?.[1]?.split(/\s+/) ?? [];
	const names = title.filter((word) => /^[a-z]/.test(word));
	const operands = words.slice(names.length).filter((word) => !word.startsWith("-"));
	return (
		names.length > 0 &&
		names.every((name, index) => name === words[index]) &&
		operands.length <= title.length - names.length
	);
}

/** Bundles what would be deployed into `folder`, and sends it nowhere. */
export function deployDry(folder: string): Promise<Run> {
	return run(PLACE, "npx", ["wrangler", "deploy", "--dry-run", "--outdir", folder]);
}
