/** `minoots completion <shell>`: the script for a shell; with words, what the script asks for. */
import type { Command } from "commander";
import { answerFor } from "../completion/answer.ts";
import { findCandidates } from "../completion/find-candidates.ts";
import { findValues } from "../completion/find-values.ts";
import { SCRIPTS, SHELLS, type Shell } from "../completion/scripts.ts";
import { splitLine } from "../completion/split-line.ts";
import type { Context } from "../frame/context.ts";
import { addExamples } from "../frame/examples.ts";
import { usageFailure } from "../frame/failure.ts";
import { readChoice } from "../frame/input.ts";
import { run } from "../frame/run.ts";

export function configure(command: Command): void {
	command
		.argument("<shell>", SHELLS.join(", "))
		.argument("[words...]", "asked by the script itself")
		.action(
			run(async (context, word: string, words: readonly string[]) => {
				const shell = readChoice("shell", word, SHELLS);
				if (shell === undefined) throw usageFailure(`shell: expected ${SHELLS.join(", ")}`);
				if (words.length === 0) context.out.raw(SCRIPTS[shell]);
				else for (const line of await complete(context, shell, words)) context.out.line(line);
			}),
		);
	addExamples(
		command,
		"source <(minoots completion bash)     # in ~/.bashrc",
		"source <(minoots completion zsh)      # in ~/.zshrc, after compinit",
		"minoots completion fish > ~/.config/fish/completions/minoots.fish",
	);
}

/** Bash gives the line and its word breaks, the others the words after the program's name. */
async function complete(
	context: Context,
	shell: Shell,
	given: readonly string[],
): Promise<readonly string[]> {
	const [line = "", wordBreaks = ""] = given;
	const split = splitLine(line);
	const words = shell === "bash" ? split.words.slice(1) : given;
	// Not at the top: the program knows this command, too.
	const { createProgram, loadCommand } = await import("../program.ts");
	const found = await findCandidates(createProgram(), words, loadCommand);
	const { wanted } = found;
	const values = wanted === undefined ? [] : await findValues(wanted, found.given, context);
	const offered =
		values === "files"
			? found.candidates
			: [
					...found.candidates,
					...values.map((one) => ({ ...one, value: `${wanted?.prefix ?? ""}${one.value}` })),
				];
	const typed = { current: words.at(-1) ?? "", typed: split.typed, wordBreaks };
	return answerFor(shell, offered, values === "files", typed);
}
