/**
 * Ends workerd when the launcher is killed. SIGKILL leaves the launcher no last word, so a shell of
 * a few hundred kilobytes waits at the end of a pipe that only the launcher holds: the kernel closes
 * it whatever kills the launcher, and the shell then kills workerd.
 */
import { spawn } from "node:child_process";

/** Reads until the pipe closes. Its own process group, so that Ctrl-C does not end it first. */
const SCRIPT = 'read -r _; kill -KILL "$0"';

/** Guards `pid` from now on. Call the answer once that process is gone: its number may be reused. */
export function guardProcess(pid: number): () => void {
	const guardian = spawn("/bin/sh", ["-c", SCRIPT, String(pid)], {
		stdio: ["pipe", "ignore", "ignore"],
		detached: true,
	});
	guardian.unref();
	return () => guardian.kill("SIGKILL");
}
