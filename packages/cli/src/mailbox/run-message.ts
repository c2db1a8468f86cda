/**
 * One message, worked off by a local command: JSON on its stdin, the rest in its environment. Exit 0
 * is its acknowledgement, and what it printed the result; anything else gives the message back.
 */
import { spawn } from "node:child_process";
import type { JsonValue, PulledMessage } from "../../../sdk/src/types.ts";
import { readJsonOrText } from "../frame/input.ts";

/** Characters of stdout that become the result: what the network takes with an acknowledgement. */
const RESULT_LENGTH_MAX = 256 * 1_024;
/** Time for a command that lost its lease to end by itself. */
const KILL_AFTER_MS = 5_000;

export type Work = {
	readonly command: string;
	readonly mailbox: string;
	readonly env: Readonly<Record<string, string | undefined>>;
	/** Aborted when the lease is lost: the command is told to end. */
	readonly signal: AbortSignal;
};

/** Processes at work; none outlives us, whose second Ctrl-C does not wait for them. */
const running = new Set<number>();
process.once("exit", () => {
	for (const pid of running) signalGroup(pid, "SIGTERM");
});

/** What it printed, as JSON if it is; undefined for nothing. Throws when it failed. */
export async function runMessage(
	message: PulledMessage,
	work: Work,
): Promise<JsonValue | undefined> {
	const { code, signal, output } = await execute(message, work);
	if (code !== 0) {
		const how = signal === null ? `exit code ${code}` : `ended by ${signal}`;
		throw new Error(how);
	}
	if (output.length > RESULT_LENGTH_MAX) {
		throw new Error(
			`it printed more than ${RESULT_LENGTH_MAX} characters, which no result may have`,
		);
	}
	const text = output.trim();
	return text === "" ? undefined : (readJsonOrText(text) as JsonValue); // parsed JSON, or text
}

type Ended = {
	readonly code: number | null;
	readonly signal: NodeJS.Signals | null;
	readonly output: string;
};

function execute(message: PulledMessage, work: Work): Promise<Ended> {
	return new Promise((resolve, reject) => {
		const child = spawn(work.command, {
			shell: true,
			// Ctrl-C is for us alone: it lets what runs come to its end.
			detached: process.platform !== "win32",
			stdio: ["pipe", "pipe", "inherit"],
			env: { ...work.env, ...environmentOf(message, work.mailbox) },
		});
		let output = "";
		child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
			if (output.length <= RESULT_LENGTH_MAX) output += chunk;
		});
		child.stdin.on("error", () => {}); // it need not read what it is given
		child.stdin.end(`${JSON.stringify(message)}\n`);
		const { pid } = child;
		if (pid !== undefined) running.add(pid);
		const end = () => endGroup(pid);
		work.signal.addEventListener("abort", end, { once: true });
		child.once("error", reject);
		child.once("close", (code, signal) => {
			work.signal.removeEventListener("abort", end);
			if (pid !== undefined) running.delete(pid);
			resolve({ code, signal, output });
		});
	});
}

/** The command and what it started; by force where it does not listen. */
function endGroup(pid: number | undefined): void {
	if (pid === undefined) return;
	signalGroup(pid, "SIGTERM");
	setTimeout(() => running.has(pid) && signalGroup(pid, "SIGKILL"), KILL_AFTER_MS).unref();
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
	try {
		process.kill(process.platform === "win32" ? pid : -pid, signal);
	} catch {
		// It has ended by itself.
	}
}

function environmentOf(message: PulledMessage, mailbox: string): Record<string, string> {
	const { id, leaseId, attempts, priority, enqueuedAt, leaseExpiresAt, body, traceparent } =
		message;
	return {
		MINOOTS_MAILBOX: mailbox,
		MINOOTS_MESSAGE_ID: id,
		MINOOTS_LEASE_ID: leaseId,
		MINOOTS_ATTEMPT: String(attempts),
		MINOOTS_PRIORITY: String(priority),
		MINOOTS_ENQUEUED_AT: enqueuedAt,
		MINOOTS_LEASE_EXPIRES_AT: leaseExpiresAt,
		...(fitsEnvironment(body) && { MINOOTS_BODY: textOf(body) }),
		...(traceparent !== null && { TRACEPARENT: traceparent }),
	};
}

/** Systems allow 128 KiB for one variable; the whole is on stdin anyway. */
function fitsEnvironment(body: JsonValue): boolean {
	return Buffer.byteLength(textOf(body)) < 100 * 1_024;
}

function textOf(body: JsonValue): string {
	return typeof body === "string" ? body : JSON.stringify(body);
}
