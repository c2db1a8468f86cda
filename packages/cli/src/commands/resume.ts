/** `minoots resume <id…>`. */
import type { Command } from "commander";
import { addExamples } from "../frame/examples.ts";
import { configureNoteCommand } from "../frame/note-command.ts";

export function configure(command: Command): void {
	configureNoteCommand(command, "resumed", (timers, ...call) => timers.resume(...call));
	addExamples(
		command,
		"minoots resume tmr_0000000000000001",
		"minoots list --quiet --status paused | minoots resume -",
	);
}
