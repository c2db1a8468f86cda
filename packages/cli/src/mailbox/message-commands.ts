/** `minoots mailbox send` and `pull`: messages in and, under a lease, out. */
import type { Command } from "commander";
import type { JsonValue, PulledMessage } from "../../../sdk/src/types.ts";
import type { Context } from "../frame/context.ts";
import { addExamples } from "../frame/examples.ts";
import { readCount, readFileOrStdin, readJsonOrText } from "../frame/input.ts";
import { readLength } from "../frame/read-lengths.ts";
import { run } from "../frame/run.ts";

type SendOptions = {
	readonly file?: string;
	readonly delay?: string;
	readonly priority?: string;
	readonly ttl?: string;
	readonly ackTimeout?: string;
	readonly maxAttempts?: string;
};

export function configureSend(command: Command): void {
	command
		.argument("<mailbox>", "name of the mailbox; the first message makes it")
		.argument("[body]", "JSON, or text; - for stdin")
		.option("--file <file>", "read the body from a file")
		.option("--delay <duration>", "cannot be pulled before")
		.option("--priority <n>", "1 to 9, 1 first (5)")
		.option("--ttl <duration>", "given up if nobody has acknowledged it by then (14d)")
		.option("--ack-timeout <duration>", "how long an agent that pulled it may take")
		.option("--max-attempts <n>", "given up after so many leases")
		.action(
			run(async (context, name: string, body: string | undefined, options: SendOptions) => {
				const { delay, priority, ttl, ackTimeout, maxAttempts } = options;
				const message = {
					body: await readBody(body, options.file),
					delayMs: readLength("--delay", delay),
					priority: readCount("--priority", priority),
					ttlMs: readLength("--ttl", ttl),
					ackTimeoutMs: readLength("--ack-timeout", ackTimeout),
					maxAttempts: readCount("--max-attempts", maxAttempts),
				};
				const { mailboxes } = await context.minoots();
				const sent = await mailboxes.send(name, message, { signal: context.signal });
				if (context.out.isJson) context.out.json(sent);
				else context.out.line(sent.id);
			}),
		);
	addExamples(
		command,
		`minoots mailbox send builds '{"ref":"main"}'`,
		"git log -1 --format=%H | minoots mailbox send builds - --delay 5m",
	);
}

async function readBody(text: string | undefined, file: string | undefined): Promise<JsonValue> {
	const source = file ?? (text === undefined || text === "-" ? "-" : undefined);
	const read = source === undefined ? (text ?? "") : await readFileOrStdin("--file", source);
	return readJsonOrText(read.trimEnd()) as JsonValue; // parsed from JSON, or text
}

type PullOptions = {
	readonly batch?: string;
	readonly wait?: string;
	readonly lease?: string;
	readonly quiet?: boolean;
};

export function configurePull(command: Command): void {
	command
		.argument("<mailbox>", "name of the mailbox")
		.option("--batch <n>", "so many at most (1)")
		.option("--wait <duration>", "wait for the first, up to 30s")
		.option("--lease <duration>", "how long they are ours (their own deadline)")
		.option("-q, --quiet", "print ids of leases only, one a line")
		.action(
			run(async (context, name: string, { batch, wait, lease, quiet }: PullOptions) => {
				const call = {
					batchSize: readCount("--batch", batch) ?? 1,
					waitMs: readLength("--wait", wait),
					visibilityTimeoutMs: readLength("--lease", lease),
				};
				const { mailboxes } = await context.minoots();
				const { messages, backlog } = await mailboxes.pull(name, call, { signal: context.signal });
				await showMessages(context, messages, quiet === true);
				const some = messages.length === 0 ? "No messages" : "Acknowledge with `mailbox ack`";
				context.out.note(`${some}; ${backlog} more wait.`);
			}),
		);
	addExamples(
		command,
		"minoots mailbox pull builds --wait 30s --lease 5m",
		"minoots mailbox pull builds --batch 10 --json | jq .body",
	);
}

async function showMessages(
	{ out }: Context,
	messages: readonly PulledMessage[],
	quiet: boolean,
): Promise<void> {
	if (out.isJson || quiet) {
		for (const message of messages) out.isJson ? out.json(message) : out.line(message.leaseId);
		return;
	}
	if (messages.length === 0) return;
	await out.table(
		["lease", "message", "attempt", "until", "body"],
		messages.map(({ leaseId, id, attempts, leaseExpiresAt, body }) => [
			leaseId,
			id,
			attempts,
			out.time(leaseExpiresAt),
			JSON.stringify(body),
		]),
	);
}
