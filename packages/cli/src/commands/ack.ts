/** `minoots ack <id…>`: somebody has seen what fired; its escalation ends. */
import type { Command } from "commander";
import { addExamples } from "../frame/examples.ts";
import { configureNoteCommand } from "../frame/note-command.ts";

export function configure(command: Command): void {
	configureNoteCommand(command, "acknowledged", (timers, ...call) => timers.acknowledge(...call));
	addExamples(
		command,
		"minoots ack tmr_0000000000000001",
		'minoots ack tmr_0000000000000001 --note "on it"',
	);
}
