/** Which dead letters are meant, as the command line says it. */
import type { Command } from "commander";
import { collect, readInstant, readPairs } from "../frame/input.ts";

export type FilterOptions = {
	readonly name?: string;
	readonly label?: readonly string[];
	readonly host?: string;
	readonly deadBefore?: string;
	readonly deadAfter?: string;
};

export function addFilterOptions(command: Command): Command {
	return command
		.option("--name <name>", "only of timers of this name")
		.option("--label <key=value>", "only of timers with this label; all of several", collect)
		.option("--host <host>", "only for destinations at this host, without its port")
		.option("--dead-before <instant>", "only given up before, as 2026-12-01T09:00Z")
		.option("--dead-after <instant>", "only given up after");
}

/** As the list and the bulk replay take it; an empty object where nothing was said. */
export function readFilter({ name, label, host, deadBefore, deadAfter }: FilterOptions) {
	return {
		...(name !== undefined && { name }),
		...(label !== undefined && { labels: readPairs("--label", label) }),
		...(host !== undefined && { host }),
		...(deadBefore !== undefined && { deadBefore: readInstant("--dead-before", deadBefore) }),
		...(deadAfter !== undefined && { deadAfter: readInstant("--dead-after", deadAfter) }),
	};
}
