/**
 * Puts the program together and runs it: global options, commands loaded as they are named, errors
 * and exit codes. Called by `main.ts`, and by the completion, which asks what there is.
 */
import { Command, CommanderError } from "commander";
import packageJson from "../package.json" with { type: "json" };
import { COMMANDS, GROUPS } from "./commands.ts";
import { EXIT } from "./frame/exit-codes.ts";
import { usageFailure } from "./frame/failure.ts";
import { addGlobalOptions } from "./frame/globals.ts";
import { explainError, renderError } from "./frame/show-error.ts";
import { styleFor } from "./frame/style.ts";

const HELP_END = `
Examples:
  $ minoots create 30s "coffee break"
  $ minoots create --cron "0 9 * * MON-FRI" --tz Europe/Berlin stand-up
  $ minoots wait $(minoots create 3s --quiet)
  $ minoots list --json | jq -r .id

Exit codes: ${EXIT.ok} done, ${EXIT.failed} refused or failed, ${EXIT.usage} wrong usage, ${EXIT.interrupted} interrupted.
Environment: MINOOTS_API_KEY, MINOOTS_URL, MINOOTS_PROFILE, MINOOTS_CONFIG, NO_COLOR, FORCE_COLOR.`;

export function createProgram(): Command {
	const program = new Command("minoots")
		.description("A durable timer network, from a terminal.")
		.version(packageJson.version, "-V, --version", "print the version")
		.helpOption("-h, --help", "show help")
		.helpCommand(false)
		.usage("<command> [options]")
		.exitOverride()
		.showSuggestionAfterError()
		.configureHelp({ showGlobalOptions: true })
		// Errors are shown by `runProgram`, the same way whoever finds them.
		.configureOutput({ outputError: () => {}, writeErr: tellHelp })
		.addHelpText("after", HELP_END);
	addGlobalOptions(program);
	for (const { name, summary, group } of COMMANDS) {
		program.command(name).summary(summary).description(`${summary}.`).helpGroup(GROUPS[group]);
	}
	program.hook("preSubcommand", async (_program, command) => loadCommand(command));
	return program;
}

/** Commands that were declared in full, by name. */
const loaded = new Map<string, Command>();

/** Declares the rest of a command, once. */
export async function loadCommand(command: Command): Promise<void> {
	const entry = COMMANDS.find(({ name }) => name === command.name());
	const { configure } = (await entry?.load()) ?? {};
	configure?.(command);
	loaded.set(command.name(), command);
}

/** Runs the words of a command line. Sets the exit code; ends nothing that still writes. */
export async function runProgram(words: readonly string[]): Promise<void> {
	endQuietlyWithReader(words);
	try {
		await createProgram().parseAsync(normalised(words), { from: "user" });
	} catch (error) {
		process.exitCode = tell(error, words);
	}
}

/** `minoots help create` asks for the help of `create`, and no word at all for all of it. */
function normalised(words: readonly string[]): string[] {
	if (words.length === 0) return ["--help"];
	return words[0] === "help" ? [...words.slice(1), "--help"] : [...words];
}

/** Shows an error and answers its exit code. */
function tell(error: unknown, words: readonly string[]): number {
	const isJson = words.includes("--json");
	if (error instanceof CommanderError && error.exitCode === EXIT.ok) return EXIT.ok;
	const isHelp = error instanceof CommanderError && error.code === "commander.help";
	if (isHelp && !isJson) return EXIT.usage; // a group alone: its help was shown
	const { exitCode, view } = explainError(
		error instanceof CommanderError ? toUsage(error, words) : error,
	);
	const style = styleFor(process.stderr, !words.includes("--no-color"), process.env);
	const text = isJson ? JSON.stringify({ error: view }) : renderError(view, style);
	process.stderr.write(`${text}\n`);
	const isBug = view.code === "unexpected" && words.includes("--verbose");
	if (isBug && error instanceof Error) process.stderr.write(`${error.stack}\n`);
	return exitCode;
}

function toUsage(error: CommanderError, words: readonly string[]) {
	const message =
		error.code === "commander.help"
			? "one of its commands is missing"
			: error.message.replace(/^error: /, "");
	const help = ["minoots", ...commandOf(words), "--help"].join(" ");
	return usageFailure(message, `\`${help}\` shows what there is.`);
}

/** The words that name the command, and the one of its group: `mailbox pull`. */
function commandOf(words: readonly string[]): readonly string[] {
	// The first: `delete` of `calendars delete` is a command of its own as well.
	const name = words.find((word) => COMMANDS.some((command) => command.name === word));
	if (name === undefined) return [];
	const next = words[words.indexOf(name) + 1] ?? "";
	const group = loaded.get(name)?.commands ?? [];
	return group.some((command) => command.name() === next) ? [name, next] : [name];
}

/** The help of a group that was called alone, on stderr; a program gets an object instead. */
function tellHelp(text: string): void {
	if (!process.argv.includes("--json")) process.stderr.write(text);
}

/**
 * What reads our output may end first, as `head` does: that is no error. Streams are made when they
 * are first used, so it is caught where an error of any of them arrives that nobody listens for.
 */
function endQuietlyWithReader(words: readonly string[]): void {
	process.on("uncaughtException", (error: NodeJS.ErrnoException) => {
		const isClosedPipe = error.code === "EPIPE" && error.syscall === "write";
		process.exit(isClosedPipe ? (process.exitCode ?? EXIT.ok) : tell(error, words));
	});
}
