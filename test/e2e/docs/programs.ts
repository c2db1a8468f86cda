/**
 * Runs what a reader would type: commands to their end, and programs that stay in a terminal of
 * their own. Output is watched, so nobody has to wait for longer than it takes.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** What a person would call broken. The slowest block bundles the Worker. */
const TIMEOUT_MS = 60_000;

export type Place = {
	/** The folder that a reader stands in. */
	readonly folder: string;
	readonly env: Readonly<Record<string, string | undefined>>;
};

export type Run = {
	readonly code: number | null;
	readonly stdout: string;
	readonly stderr: string;
};

export type Program = {
	/** Resolves when the output holds `text`; rejects with the output when it ends before, or is late. */
	readonly waitFor: (text: string) => Promise<void>;
	/** Ctrl-C, and all that it started with it. */
	readonly stop: () => Promise<void>;
};

/** Runs `command` to its end. */
export async function run(place: Place, command: string, args: readonly string[]): Promise<Run> {
	const child = spawn(command, args, {
		cwd: place.folder,
		env: place.env,
		stdio: ["ignore", "pipe", "pipe"],
		timeout: TIMEOUT_MS,
		killSignal: "SIGKILL",
	});
	const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
	const [code] = await once(child, "close");
	return { code, stdout: stdout.text, stderr: stderr.text };
}

/** Starts `command` and leaves it running, in a process group of its own as in a terminal. */
export function start(place: Place, command: string, args: readonly string[]): Program {
	const child = spawn(command, args, {
		cwd: place.folder,
		env: place.env,
		stdio: ["ignore", "pipe", "pipe"],
		detached: true,
	});
	const outputs = [collect(child.stdout), collect(child.stderr)];
	const ended = once(child, "close");
	const output = () => outputs.map(({ text }) => text).join("");
	return {
		waitFor: (text) => waitForText(child, output, text),
		async stop() {
			interrupt(child);
			await ended;
		},
	};
}

type Output = { text: string };

function collect(stream: NodeJS.ReadableStream | null): Output {
	const output: Output = { text: "" };
	stream?.setEncoding("utf8").on("data", (chunk: string) => {
		output.text += chunk;
	});
	return output;
}

function waitForText(child: ChildProcess, output: () => string, text: string): Promise<void> {
	return new Promise((resolve, reject) => {
		const end = (why?: string) => {
			clearTimeout(timer);
			child.stdout?.off("data", look);
			child.stderr?.off("data", look);
			child.off("close", onClose);
			if (why === undefined) resolve();
			else reject(new Error(`${why}, without printing "${text}":\n${output()}`));
		};
		const look = () => {
			if (output().includes(text)) end();
		};
		const onClose = () => end("it ended");
		const timer = setTimeout(() => end(`${TIMEOUT_MS} ms went by`), TIMEOUT_MS);
		child.stdout?.on("data", look);
		child.stderr?.on("data", look);
		child.once("close", onClose);
		if (child.exitCode !== null) onClose();
		look();
	});
}

function interrupt(child: ChildProcess): void {
	if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
	process.kill(-child.pid, "SIGINT");
}
