/**
 * Names a process so that the name outlives it: pid and start time together, since pids are given
 * out again. Used to tell a live owner of a state folder from a stranger with the same number.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { isJsonObject } from "./files.ts";

export type ProcessIdentity = {
	readonly pid: number;
	/** Opaque; equal only for the same process: boot id and clock ticks on Linux, `ps` elsewhere. */
	readonly startedAt: string;
};

/** The identity of a running process; undefined when there is none, or only its zombie is left. */
export function getProcessIdentity(pid: number): ProcessIdentity | undefined {
	const startedAt = process.platform === "linux" ? linuxStart(pid) : portableStart(pid);
	return startedAt === undefined ? undefined : { pid, startedAt };
}

/** Whether exactly that process is still running. */
export function isRunning(identity: ProcessIdentity): boolean {
	return getProcessIdentity(identity.pid)?.startedAt === identity.startedAt;
}

/** Reads an identity back from a record; undefined when the record is not one. */
export function toProcessIdentity(value: unknown): ProcessIdentity | undefined {
	if (!isJsonObject(value)) return undefined;
	const { pid, startedAt } = value;
	if (typeof pid !== "number" || typeof startedAt !== "string") return undefined;
	return { pid, startedAt };
}

/** proc(5): state and start time are fields 3 and 22; the name before them may hold anything. */
function linuxStart(pid: number): string | undefined {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
		const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
		const [state, ticks] = [fields[0], fields[19]];
		if (state === "Z" || state === "X" || ticks === undefined) return undefined;
		return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}/${ticks}`;
	} catch {
		return undefined; // no such process; it may also go between open and read (ESRCH)
	}
}

function portableStart(pid: number): string | undefined {
	try {
		const output = execFileSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], {
			encoding: "utf8",
			stdio: ["ignore", "pipe", "ignore"],
		}).trim();
		return output === "" || output.startsWith("Z") ? undefined : output.replace(/^\S+\s+/, "");
	} catch {
		return undefined; // ps exits with 1 when there is no such process
	}
}
