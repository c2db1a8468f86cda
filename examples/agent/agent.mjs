/**
 * An agent that works on several messages at once: `URL=… KEY=… node agent.mjs <mailbox> <command>…`
 * gives the body of each to the command, keeps its lease while the command runs, and reports exit
 * code and output. Ctrl-C lets it finish what it holds. Plain JavaScript for any Node from 18 on.
 */
import { spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";

const { URL: url, KEY: key, BATCH = "4" } = process.env;
const [mailbox, command, ...args] = process.argv.slice(2);
if (!url || !key || !mailbox || !command) {
	console.error("usage: URL=… KEY=… [BATCH=4] node agent.mjs <mailbox> <command>…");
	process.exit(2);
}

/** A lease lasts this long, in ms; it is extended three times in that time. */
const LEASE_MS = 30_000;
/** How long, in ms, a failed message rests, and the agent after a failed call. */
const REST_MS = 1_000;
/** Characters of output that are reported: its end says most. */
const OUTPUT_LENGTH = 1_000;

const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => stopping.abort());

while (!stopping.signal.aborted) {
	const pull = { batchSize: Number(BATCH), visibilityTimeoutMs: LEASE_MS, waitMs: 30_000 };
	const { messages } = await untilAnswered("pull", pull, stopping.signal);
	await Promise.all(messages.map(handle));
}

/** Works one message off. What is not acknowledged in the end comes again by itself. */
async function handle({ leaseId, id, body }) {
	const extend = { leases: [{ leaseId, byMs: LEASE_MS }] };
	const keeping = setInterval(() => void call("extend", extend).catch(complain), LEASE_MS / 3);
	const result = await run(JSON.stringify(body));
	clearInterval(keeping);
	const reason = `exit code ${result.exitCode}: ${result.output}`.slice(-OUTPUT_LENGTH);
	const outcome =
		result.exitCode === 0
			? { acks: [{ leaseId, result }] }
			: { retries: [{ leaseId, reason, delayMs: REST_MS }] };
	const { acks, retries } = await untilAnswered("ack", outcome);
	for (const one of [...acks, ...retries]) console.log(`${id} ${one.outcome}: ${result.output}`);
}

function run(input) {
	return new Promise((resolve) => {
		// In a process group of its own, so that Ctrl-C reaches only the agent.
		const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"], detached: true });
		let output = "";
		child.stdout.setEncoding("utf8").on("data", (text) => {
			output = (output + text).slice(-OUTPUT_LENGTH);
		});
		child.once("error", (error) => resolve({ exitCode: -1, output: error.message }));
		child.once("close", (exitCode) => resolve({ exitCode: exitCode ?? -1, output }));
		// A command need not read its input.
		child.stdin.on("error", () => {}).end(input);
	});
}

/** Calls again and again while the network is out of reach; a refusal ends the agent. */
async function untilAnswered(what, body, signal) {
	for (;;) {
		try {
			return await call(what, body, signal);
		} catch (error) {
			if (signal?.aborted) return { messages: [] };
			if (error.cause?.isFinal) throw error;
			complain(error);
			await delay(REST_MS);
		}
	}
}

async function call(what, body, signal = null) {
	const response = await fetch(`${url}/v1/mailboxes/${mailbox}/messages/${what}`, {
		method: "POST",
		headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
		body: JSON.stringify(body),
		signal,
	});
	if (response.ok) return response.json();
	const isFinal = response.status < 500 && response.status !== 429;
	throw new Error(`${what}: ${await response.text()}`, { cause: { isFinal } });
}

function complain(error) {
	console.error(error.message);
}
