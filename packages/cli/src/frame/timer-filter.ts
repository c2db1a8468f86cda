/** Which timers are meant by calls on many, as the command line says it. */
import type { Command } from "commander";
import { TIMER_STATUSES } from "../../../../src/contract/timer-statuses.ts";
import type { TimerFilter, TimerStatus } from "../../../sdk/src/types.ts";
import { collect, readChoice, readInstant, readPairs } from "./input.ts";

export type TimerFilterOptions = {
	readonly status?: readonly string[];
	readonly label?: readonly string[];
	readonly name?: string;
	readonly dueBefore?: string;
	readonly dueAfter?: string;
};

export function addTimerFilter(command: Command): Command {
	return command
		.option("--status <status>", `${TIMER_STATUSES.join(", ")}; may be repeated`, collect)
		.option("--label <key=value>", "only timers with this label; all of several", collect)
		.option("--name <name>", "only timers of this name")
		.option("--due-before <instant>", "only timers due before, as 2026-12-01T09:00Z")
		.option("--due-after <instant>", "only timers due after");
}

/** An empty object where nothing was said. */
export function readTimerFilter(options: TimerFilterOptions): TimerFilter {
	const { status, label, name, dueBefore, dueAfter } = options;
	return {
		...(status !== undefined && { status: readStatuses(status) }),
		...(label !== undefined && { labels: readPairs("--label", label) }),
		...(name !== undefined && { name }),
		...(dueBefore !== undefined && { dueBefore: readInstant("--due-before", dueBefore) }),
		...(dueAfter !== undefined && { dueAfter: readInstant("--due-after", dueAfter) }),
	};
}

function readStatuses(texts: readonly string[]): TimerStatus[] {
	const named = texts.flatMap((text) => text.split(","));
	return named.flatMap((text) => readChoice("--status", text, TIMER_STATUSES) ?? []);
}
