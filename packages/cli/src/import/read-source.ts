/**
 * What `minoots import` is given, read: stdin, a file, or a folder of the founding module's timers.
 * What it answers goes to the network in parts that it takes in one call.
 */
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { usageFailure } from "../frame/failure.ts";
import { readStdin } from "../frame/input.ts";

export const FORMATS = ["json", "ical", "crontab"] as const;
export type Format = (typeof FORMATS)[number];

/** Text as the network takes it, and where each of its timers stands, if it stands in a file alone. */
export type Source = {
	readonly format: Format;
	readonly text: string;
	/** By index of the timers; absent where they all come from one text. */
	readonly files?: readonly string[];
	/** Files that are not what they should be, and why: the network is not asked about them. */
	readonly unreadable: readonly { readonly file: string; readonly message: string }[];
	/** Processes of the founding module that the files name. */
	readonly pids: readonly number[];
};

const BY_EXTENSION: Readonly<Record<string, Format>> = {
	".json": "json",
	".ndjson": "json",
	".jsonl": "json",
	".ics": "ical",
	".ical": "ical",
	".crontab": "crontab",
	".cron": "crontab",
};

export async function readSource(path: string, format: Format | undefined): Promise<Source> {
	if (path === "-") return ofText(await readStdin(), format, "");
	const isFolder = await isDirectory(path);
	if (!isFolder) return ofText(await readFile(path, "utf8"), format, path);
	if (format === undefined || format === "json") return readFolder(path);
	throw usageFailure(`${path} is a folder, whose timers are JSON, not ${format}`);
}

function ofText(text: string, format: Format | undefined, path: string): Source {
	return { format: format ?? formatOf(path, text), text, unreadable: [], pids: [] };
}

/** By the file's name, else by how the text begins. */
export function formatOf(path: string, text: string): Format {
	const named = BY_EXTENSION[extname(path).toLowerCase()];
	if (named !== undefined) return named;
	if (text.trim() === "") return "json";
	if (/^\s*BEGIN:VCALENDAR/i.test(text)) return "ical";
	return /^\s*[[{]/.test(text) ? "json" : "crontab";
}

/** A founding `active_timers/`: a file a timer, beside logs. Any folder of such files is read. */
async function readFolder(folder: string): Promise<Source> {
	const names = (await readdir(folder)).filter((name) => name.endsWith(".json")).sort();
	if (names.length === 0) throw usageFailure(`${folder} holds no *.json, which timers would be`);
	const lines: string[] = [];
	const files: string[] = [];
	const pids: number[] = [];
	const unreadable: { file: string; message: string }[] = [];
	for (const name of names) {
		const read = parseTimer(await readFile(join(folder, name), "utf8"));
		if (typeof read === "string") {
			unreadable.push({ file: name, message: read });
			continue;
		}
		lines.push(JSON.stringify(read));
		files.push(basename(name));
		const { pid, status } = read;
		if (Number.isInteger(pid) && status === "running") pids.push(Number(pid));
	}
	// A line more than there are timers makes it lines, also where there is one.
	return { format: "json", text: `${lines.join("\n")}\n`, files, unreadable, pids };
}

/** A timer, or why it is none. */
function parseTimer(text: string): Readonly<Record<string, unknown>> | string {
	try {
		const value: unknown = JSON.parse(text);
		if (typeof value === "object" && value !== null && !Array.isArray(value)) {
			return value as Readonly<Record<string, unknown>>; // an object, by the line above
		}
		return "expected a timer, which is a JSON object";
	} catch (error) {
		return `not JSON: ${error instanceof Error ? error.message : String(error)}`;
	}
}

async function isDirectory(path: string): Promise<boolean> {
	try {
		return (await stat(path)).isDirectory();
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		throw usageFailure(`${path} cannot be read (${reason})`);
	}
}
