/** `minoots logout`: a profile and its key, forgotten on this machine. The key itself lives on. */
import type { Command } from "commander";
import { configPath, readConfig, writeConfig } from "../frame/config-file.ts";
import { addExamples } from "../frame/examples.ts";
import { usageFailure } from "../frame/failure.ts";
import { run } from "../frame/run.ts";

export function configure(command: Command): void {
	command.option("--all", "forget every profile").action(
		run(async ({ globals, out, env }, { all }: { readonly all?: boolean }) => {
			const path = configPath(env);
			const { current, profiles } = readConfig(path);
			const named = globals.profile ?? (env["MINOOTS_PROFILE"] || current);
			if (all !== true && (named === undefined || profiles[named] === undefined)) {
				const known = Object.keys(profiles).join(", ") || "none";
				const what =
					named === undefined ? "no profile is current" : `there is no profile "${named}"`;
				throw usageFailure(`${what} to forget; known: ${known}`);
			}
			const removed = all === true ? Object.keys(profiles) : [named ?? ""];
			const kept = Object.entries(profiles).filter(([name]) => !removed.includes(name));
			writeConfig(path, {
				current: kept.some(([name]) => name === current) ? current : undefined,
				profiles: Object.fromEntries(kept),
			});
			if (out.isJson) return out.json({ removed });
			for (const name of removed) out.line(`Forgot profile "${name}".`);
			out.note("The key itself still works: `minoots keys` revokes keys.");
		}),
	);
	addExamples(command, "minoots logout", "minoots logout --profile work", "minoots logout --all");
}
