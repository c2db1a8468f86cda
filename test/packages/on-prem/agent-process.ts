/** The shell agent of the examples as a process, and what it says. It ends with its test. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { onTestFinished } from "vitest";

export const ROOT = resolve(import.meta.dirname, "../../..");
export const AGENT = resolve(ROOT, "examples/shell-agent/agent.sh");

export type Agent = {
	readonly child: ChildProcess;
	/** Resolves with all output once it holds `text`; rejects when the agent ends before. */
	readonly see: (text: string) => Promise<string>;
};

export function startAgent(env: Readonly<Record<string, string>>, ...args: string[]): Agent {
	const child = spawn("sh", [AGENT, ...args], {
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
