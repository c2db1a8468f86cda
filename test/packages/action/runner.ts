/**
 * Runs the action as GitHub's runner does: what `action.yml` names, in a process of its own, with the
 * inputs in the environment under their hyphenated names, the defaults filled in, and files for
 * outputs and summary. Reads what comes back as the runner does: commands, outputs, masks.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { parse } from "yaml";

const ROOT = resolve(import.meta.dirname, "../../..");
export const ACTION = join(ROOT, "packages", "action");
/** The Node that the tests run on is the one that `runs.using` asks for. */
const NODE = process.execPath;

type Declared = { readonly description?: string; readonly default?: string };
export type Metadata = {
	readonly name: string;
	readonly description: string;
	readonly branding: { readonly icon: string; readonly color: string };
	readonly inputs: Readonly<Record<string, Declared>>;
	readonly outputs: Readonly<Record<string, Declared>>;
	readonly runs: { readonly using: string; readonly main: string };
};

export type Annotation = {
	readonly level: "error" | "warning" | "notice";
	readonly message: string;
};

export type Step = {
	readonly exitCode: number | null;
	readonly outputs: Readonly<Record<string, string>>;
	readonly annotations: readonly Annotation[];
	readonly summary: string;
	/** What the runner was told to mask. */
	readonly masks: readonly string[];
	/** All that was printed, but for the commands that name what to mask. */
	readonly log: string;
};

export type StepOptions = {
	readonly with?: Readonly<Record<string, string>>;
	readonly env?: Readonly<Record<string, string>>;
	/** The job's leg of a matrix. */
	readonly matrix?: unknown;
	/** The action's folder; the repository's unless given. */
	readonly action?: string;
};

/** What a runner says of a job, unless a test says otherwise. */
const JOB = {
	GITHUB_ACTIONS: "true",
	GITHUB_REPOSITORY: "acme/site",
	GITHUB_RUN_ATTEMPT: "1",
	GITHUB_WORKFLOW: "deploy",
	GITHUB_JOB: "release",
	GITHUB_ACTION: "timer",
	GITHUB_REF: "refs/heads/main",
	GITHUB_SERVER_URL: "https://github.com",
	GITHUB_API_URL: "https://api.github.com",
} as const;

let runs = 0;

/** A run of its own, as environment: steps with the same one belong together. */
export function newRun(): Readonly<Record<string, string>> {
	runs += 1;
	return { GITHUB_RUN_ID: `${Date.now()}${runs}` };
}

export async function readMetadata(action = ACTION): Promise<Metadata> {
	return parse(await readFile(join(action, "action.yml"), "utf8"));
}

export async function runStep(options: StepOptions): Promise<Step> {
	const { action = ACTION } = options;
	const metadata = await readMetadata(action);
	const folder = await mkdtemp(join(tmpdir(), "minoots-step-"));
	try {
		const files = { output: join(folder, "output"), summary: join(folder, "summary") };
		for (const file of Object.values(files)) await writeFile(file, "");
		const child = spawn(NODE, [join(action, metadata.runs.main)], {
			cwd: folder,
			env: {
				...JOB,
				...newRun(),
				...options.env,
				...environmentOf(metadata.inputs, options),
				GITHUB_OUTPUT: files.output,
				GITHUB_STEP_SUMMARY: files.summary,
			},
			stdio: ["ignore", "pipe", "pipe"],
		});
		const printed = Promise.all([text(child.stdout), text(child.stderr)]);
		const [exitCode] = await once(child, "close");
		const lines = (await printed).join("").split("\n");
		return {
			exitCode,
			outputs: readOutputs(await readFile(files.output, "utf8")),
			summary: await readFile(files.summary, "utf8"),
			...readLog(lines),
		};
	} finally {
		await rm(folder, { recursive: true });
	}
}

/** `INPUT_` and the name in capitals, hyphens kept; every declared input is there, if only empty. */
function environmentOf(inputs: Metadata["inputs"], options: StepOptions): Record<string, string> {
	const given = options.with ?? {};
	const unknown = Object.keys(given).filter((name) => !(name in inputs));
	if (unknown.length > 0) throw new Error(`action.yml does not declare ${unknown.join(", ")}`);
	const matrix = JSON.stringify(options.matrix ?? null, null, 2);
	const entries = Object.entries(inputs).map(([name, { default: preset = "" }]) => {
		const value = given[name] ?? preset.replace("${{ toJSON(matrix) }}", matrix);
		if (value.includes("${{")) throw new Error(`the default of ${name} is not known here`);
		return [`INPUT_${name.replaceAll(" ", "_").toUpperCase()}`, value];
	});
	return Object.fromEntries(entries);
}

/** `name<<delimiter`, the lines of the value, `delimiter`. */
function readOutputs(file: string): Record<string, string> {
	const found = file.matchAll(/^([\w-]+)<<(\S+)\n([\s\S]*?)\n\2$/gm);
	return Object.fromEntries([...found].map(([, name = "", , value = ""]) => [name, value]));
}

const COMMAND = /^::(add-mask|error|warning|notice)(?: [^:]*)?::(.*)$/;

function readLog(lines: readonly string[]): Pick<Step, "annotations" | "masks" | "log"> {
	const annotations: Annotation[] = [];
	const masks: string[] = [];
	const log: string[] = [];
	for (const line of lines) {
		const [, command, value = ""] = COMMAND.exec(line) ?? [];
		const message = value.replaceAll("%0A", "\n").replaceAll("%0D", "\r").replaceAll("%25", "%");
		if (command === "add-mask") masks.push(message);
		else log.push(line);
		if (command === "error" || command === "warning" || command === "notice") {
			annotations.push({ level: command, message });
		}
	}
	return { annotations, masks, log: log.join("\n") };
}

export function errorsOf({ annotations }: Step): readonly string[] {
	return annotations.filter(({ level }) => level === "error").map(({ message }) => message);
}

export function warningsOf({ annotations }: Step): readonly string[] {
	return annotations.filter(({ level }) => level === "warning").map(({ message }) => message);
}
