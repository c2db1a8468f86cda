/** `minoots profiles`: what `login` has kept, and which of it is current. Keys are not shown whole. */
import type { Command } from "commander";
import { configPath, readConfig, writeConfig } from "../frame/config-file.ts";
import { addExamples } from "../frame/examples.ts";
import { usageFailure } from "../frame/failure.ts";
import { run } from "../frame/run.ts";

/** As long as the previews of keys that the API shows. */
const PREVIEW_LENGTH = 12;

export function configure(command: Command): void {
	command.action(
		run(async ({ globals, out, env }) => {
			const { current, profiles } = readConfig(configPath(env));
			const chosen = globals.profile ?? (env["MINOOTS_PROFILE"] || current);
			const all = Object.entries(profiles).map(([name, { url, apiKey }]) => ({
				name,
				current: name === chosen,
				url,
				keyPreview: `${apiKey.slice(0, PREVIEW_LENGTH)}…`,
			}));
			if (out.isJson) {
				for (const profile of all) out.json(profile);
				return;
			}
			if (all.length === 0) return out.note("No profiles: `minoots login` makes one.");
			const rows = all.map((one) => [one.current ? "*" : "", one.name, one.url, one.keyPreview]);
			await out.table(["", "name", "url", "key"], rows);
		}),
	);
	const use = command
		.command("use")
		.summary("choose the current profile")
		.description("Choose the profile that is used when none is named.")
		.argument("<name>", "name of a profile")
		.action(
			run(async ({ out, env }, name: string) => {
				const path = configPath(env);
				const { profiles } = readConfig(path);
				if (profiles[name] === undefined) {
					const known = Object.keys(profiles).join(", ") || "none";
					throw usageFailure(`there is no profile "${name}"; known: ${known}`);
				}
				writeConfig(path, { current: name, profiles });
				if (out.isJson) out.json({ current: name });
				else out.line(`Profile "${name}" is current.`);
			}),
		);
	addExamples(use, "minoots profiles use work");
	addExamples(
		command,
		"minoots profiles",
		"minoots profiles use work",
		"minoots list --profile work",
	);
}
