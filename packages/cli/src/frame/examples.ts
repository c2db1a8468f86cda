/** The examples at the end of a command's help. */
import type { Command } from "commander";

/** Each a command line without the `$`, and what it does where that is not plain. */
export function addExamples(command: Command, ...lines: readonly string[]): void {
	command.addHelpText("after", `\nExamples:\n${lines.map((line) => `  $ ${line}`).join("\n")}`);
}
