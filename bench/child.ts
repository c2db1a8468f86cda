/**
 * Runs one of this folder's helper processes (echo, receiver, baseline): waits for its first message,
 * which says where it listens, and ends it by closing the channel. A helper in its own process takes
 * none of the load generator's event loop.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

export type Helper = {
	readonly child: ChildProcess;
	/** `http://127.0.0.1:<port>` */
	readonly origin: string;
	stop(): Promise<void>;
};

/** `entry` is relative to this folder; its first message must be `{port}`. */
export async function startHelper(entry: string, args: readonly string[] = []): Promise<Helper> {
	const child = fork(join(import.meta.dirname, entry), args, { serialization: "advanced" });
	const ended = once(child, "exit");
	const first = await Promise.race([once(child, "message"), ended]);
	const [message] = first;
	if (typeof message !== "object" || message === null || !("port" in message)) {
		throw new Error(`${entry} ended before it listened (exit code ${String(message)})`);
	}
	return {
		child,
		origin: `http://127.0.0.1:${String(message.port)}`,
		async stop() {
			if (child.connected) child.disconnect();
			await ended;
		},
	};
}
