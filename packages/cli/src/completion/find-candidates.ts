/**
 * What can stand where the cursor is: commands and options by the tree of commands itself, so that
 * nothing here is written twice; for values, whose they are. It asks no network.
 */
import type { Argument, Command, Option } from "commander";

export type Candidate = { readonly value: string; readonly description: string };

/** The value of an option, or an argument. */
export type Wanted = {
	/** `id`, `mailbox`, `--tz`: name of the argument or the option. */
	readonly name: string;
	/** What the option's value is called in its help. */
	readonly placeholder: string;
	/** Words of the command: `dlq show`. */
	readonly command: string;
	/** Stands before each value in the word that is being written: `--status=`. */
	readonly prefix: string;
};

export type Found = {
	readonly candidates: readonly Candidate[];
	readonly wanted: Wanted | undefined;
	/** Options of all commands that were given a value: `profile`, `url`. */
	readonly given: Readonly<Record<string, string>>;
};

/** @param words after the program's name; the last is being written @param load declares a command */
export async function findCandidates(
	program: Command,
	words: readonly string[],
	load: (command: Command) => Promise<void>,
): Promise<Found> {
	const current = words.at(-1) ?? "";
	const at = await walk(program, words.slice(0, -1), load);
	const { given } = at;
	const nothing = { candidates: [], given };
	if (at.open !== undefined) return { ...nothing, wanted: wantedBy(at, at.open, "") };
	const [, flag] = /^(--[^=]+)=/.exec(current) ?? [];
	if (flag !== undefined && !at.isLiteral) {
		const option = optionOf(at.command, flag);
		return { ...nothing, wanted: option && wantedBy(at, option, `${flag}=`) };
	}
	if (current.startsWith("-") && !at.isLiteral) {
		return { candidates: optionsOf(at.command, current), wanted: undefined, given };
	}
	const candidates = at.operands.length === 0 ? commandsOf(at.command, current) : [];
	const argument = argumentAt(at.command, at.operands.length);
	return { candidates, wanted: argument && wantedArgument(at, argument), given };
}

type Place = {
	readonly command: Command;
	readonly operands: readonly string[];
	/** An option whose value comes next. */
	readonly open: Option | undefined;
	/** `--` stands before: nothing is an option any more. */
	readonly isLiteral: boolean;
	readonly given: Readonly<Record<string, string>>;
};

async function walk(
	program: Command,
	words: readonly string[],
	load: (command: Command) => Promise<void>,
): Promise<Place> {
	let command = program;
	let open: Option | undefined;
	let isLiteral = false;
	const operands: string[] = [];
	const given: Record<string, string> = {};
	for (const word of words) {
		if (open !== undefined) {
			given[open.attributeName()] = word;
			open = undefined;
		} else if (!isLiteral && word === "--") {
			isLiteral = true;
		} else if (!isLiteral && word.startsWith("-")) {
			const [, flag = word, value] = /^([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
			const option = optionOf(command, flag);
			if (value !== undefined && option !== undefined) given[option.attributeName()] = value;
			else if (option?.required) open = option;
		} else {
			const sub = operands.length === 0 ? commandOf(command, word) : undefined;
			if (sub === undefined) operands.push(word);
			else {
				if (command === program) await load(sub);
				command = sub;
			}
		}
	}
	return { command, operands, open, isLiteral, given };
}

function commandOf({ commands }: Command, word: string): Command | undefined {
	return commands.find((one) => one.name() === word || one.aliases().includes(word));
}

function commandsOf({ commands }: Command, current: string): readonly Candidate[] {
	return commands
		.filter((one) => one.name().startsWith(current))
		.map((one) => ({ value: one.name(), description: one.summary() }));
}

/** An option of the command, or of those above it. */
function optionOf(command: Command | null, flag: string): Option | undefined {
	if (command === null) return undefined;
	return (
		command.options.find(({ long, short }) => flag === long || flag === short) ??
		optionOf(command.parent, flag)
	);
}

const HELP: Candidate = { value: "--help", description: "show help" };

function optionsOf(command: Command, current: string): readonly Candidate[] {
	const all: Candidate[] = [];
	for (let at: Command | null = command; at !== null; at = at.parent) {
		for (const { long, short, description, hidden } of at.options) {
			const value = long ?? short;
			if (!hidden && value != null) all.push({ value, description });
		}
	}
	return [...all, HELP].filter(({ value }) => value.startsWith(current));
}

/** The last one takes all the rest where it is variadic. */
function argumentAt({ registeredArguments: list }: Command, at: number): Argument | undefined {
	const last = list.at(-1);
	return list[at] ?? (last?.variadic ? last : undefined);
}

function wantedBy({ command }: Place, option: Option, prefix: string): Wanted {
	const [, placeholder = ""] = /<([^>]+)>/.exec(option.flags) ?? [];
	return { name: option.long ?? option.flags, placeholder, command: pathOf(command), prefix };
}

function wantedArgument({ command }: Place, argument: Argument): Wanted {
	const name = argument.name();
	return { name, placeholder: name, command: pathOf(command), prefix: "" };
}

function pathOf(command: Command): string {
	const { parent } = command;
	if (parent === null) return "";
	const above = pathOf(parent);
	return above === "" ? command.name() : `${above} ${command.name()}`;
}
