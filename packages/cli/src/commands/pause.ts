/** `minoots pause <id…>`. */
import type { Command } from "commander";
import { addExamples } from "../frame/examples.ts";
import { configureNoteCommand } from "../frame/note-command.ts";

export function configure(command: Command): void {
	configureNoteCommand(command, "paused", (timers, ...call) => timers.pause(...call));
	addExamples(
		command,
		'minoots pause tmr_0000000000000001 --note "the database is being moved"',
		"minoots list --quiet --label team=ops | minoots pause -",
	);
}
