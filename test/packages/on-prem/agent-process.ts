/** The shell agent of the examples as a process. */
import { resolve } from "node:path";
import { type Agent, startProcess } from "../../helpers/agent-process.ts";

export const ROOT = resolve(import.meta.dirname, "../../..");
export const AGENT = resolve(ROOT, "examples/shell-agent/agent.sh");

export function startAgent(env: Readonly<Record<string, string>>, ...args: string[]): Agent {
	return startProcess(env, "sh", AGENT, ...args);
}
