/**
 * Crontab text as `crontab -l` prints it: a schedule and a command a line. The network runs no
 * commands, so each becomes the action that the caller of the import has chosen, with the command
 * for its receiver to run. Settings of the file go with the lines after them, as cron has it.
 */

import type { JsonObject } from "../../contract/json.ts";
import { LIMITS } from "../../contract/limits.ts";
import { actionFor, type ImportLine, type ImportOptions, refused } from "./import-line.ts";

const SETTING = /^([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/;
const ALIAS = /^(@[A-Za-z_]+)\s+(.*)$/;
const FIELDS = /^((?:\S+\s+){4}\S+)\s+(.*)$/;
const ZONE_SETTINGS = ["CRON_TZ", "TZ"];

export function readCrontab(text: string, options: ImportOptions): readonly ImportLine[] {
	const environment = new Map<string, string>();
	let timezone = options.timezone;
	const lines: ImportLine[] = [];
	for (const [index, raw] of text.split("\n").entries()) {
		const line = raw.trim();
		if (line === "" || line.startsWith("#")) continue;
		const [, name, value] = SETTING.exec(line) ?? [];
		if (name === undefined) {
			lines.push(lineOf(line, `line ${index + 1}`, timezone, environment, options));
		} else if (ZONE_SETTINGS.includes(name)) {
			timezone = unquote(value ?? "") || options.timezone;
		} else {
			environment.set(name, unquote(value ?? ""));
		}
	}
	return lines;
}

function lineOf(
	line: string,
	source: string,
	timezone: string | undefined,
	environment: ReadonlyMap<string, string>,
	options: ImportOptions,
): ImportLine {
	const [, cron, rest] = ALIAS.exec(line) ?? FIELDS.exec(line) ?? [];
	if (cron === undefined || rest === undefined || rest === "") {
		return refused(source, "expected five fields or an alias such as @daily, and a command");
	}
	if (cron.toLowerCase() === "@reboot") {
		return refused(source, "@reboot names no time: it means the start of the machine cron runs on");
	}
	const { command, stdin } = splitCommand(rest);
	const work: JsonObject = {
		command,
		...(stdin !== undefined && { stdin }),
		...(environment.size > 0 && { environment: Object.fromEntries(environment) }),
	};
	return {
		kind: "timer",
		source,
		body: {
			name: command.slice(0, LIMITS.nameLength),
			schedule: { cron, ...(timezone !== undefined && { timezone }) },
			actions: actionFor(work, options),
			metadata: { crontab: line },
		},
	};
}

/** The first % ends the command; what follows is its input, % standing for newlines. `\%` is a %. */
function splitCommand(text: string): { readonly command: string; readonly stdin?: string } {
	const [command = "", ...lines] = text
		.split(/(?<!\\)%/)
		.map((part) => part.replaceAll("\\%", "%"));
	return lines.length === 0 ? { command } : { command, stdin: lines.join("\n") };
}

function unquote(value: string): string {
	const [, , inner] = /^(["'])(.*)\1$/.exec(value) ?? [];
	return inner ?? value;
}
