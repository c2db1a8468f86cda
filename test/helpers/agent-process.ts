/** An agent of the examples as a process, and what it says. It ends with its test. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { onTestFinished } from "vitest";

export type Agent = {
	readonly child: ChildProcess;
	/** Resolves with all output once it holds `text`; rejects when the agent ends before. */
	readonly see: (text: string) => Promise<string>;
};

/** Its own processes are killed with it. */
export function startProcess(
	env: Readonly<Record<string, string>>,
	command: string,
	...args: readonly string[]
): Agent {
	const child = spawn(command, args, {
		env: { ...process.env, ...env },
		stdio: ["ignore", "pipe", "pipe"],
		detached: true,
	});
	const closed = once(child, "close");
	onTestFinished(async () => {
		if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
		await closed;
	});
	let output = "";
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding("utf8").on("data", (text: string) => {
			output += text;
			child.emit("output");
		});
	}
	async function see(text: string): Promise<string> {
		while (!output.includes(text)) {
			if (child.exitCode !== null) throw new Error(`it ended without "${text}":\n${output}`);
			await Promise.race([once(child, "output"), closed]);
		}
		return output;
	}
	return { child, see };
}
