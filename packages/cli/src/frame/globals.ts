/** The options that every command has, wherever they stand on the line. */
import type { Command } from "commander";
import { usageFailure } from "./failure.ts";
import { parseDurationMs } from "./times.ts";

export type Globals = {
	readonly json: boolean;
	readonly verbose: boolean;
	readonly profile: string | undefined;
	readonly url: string | undefined;
	readonly apiKey: string | undefined;
	/** How long one request, or a wait, may take. */
	readonly timeoutMs: number | undefined;
};

export function addGlobalOptions(program: Command): void {
	program
		.option("--json", "print the API's JSON, lists as one object a line (NDJSON)")
		.option("--profile <name>", "use this profile of the configuration")
		.option("--url <url>", "address of the network")
		.option(
			"--api-key <key>",
			"key to use; better in MINOOTS_API_KEY, where no process list shows it",
		)
		.option("--timeout <duration>", "give a request, or a wait, up after this long: 30s, 5m")
		.option("--no-color", "no colours, as with NO_COLOR=1")
		.option("--verbose", "show every request on stderr");
}

export function readGlobals(options: Readonly<Record<string, unknown>>): Globals {
	return {
		json: options["json"] === true,
		verbose: options["verbose"] === true,
		profile: textOf(options["profile"]),
		url: textOf(options["url"]),
		apiKey: textOf(options["apiKey"]),
		timeoutMs: readTimeout(textOf(options["timeout"])),
	};
}

function textOf(value: unknown): string | undefined {
	return typeof value === "string" ? value : undefined;
}

function readTimeout(text: string | undefined): number | undefined {
	if (text === undefined) return undefined;
	const ms = parseDurationMs(text);
	if (ms !== undefined && ms > 0) return ms;
	throw usageFailure(`--timeout: expected a length of time like 500ms, 30s or 5m, got "${text}"`);
}
