/** `minoots mailbox watch`: an agent of one line, a local command for every message. */
import type { Command } from "commander";
import { RetryLater } from "../../../sdk/src/mailbox/retry-later.ts";
import type { JsonValue, PulledMessage } from "../../../sdk/src/types.ts";
import type { Context } from "../frame/context.ts";
import { addExamples } from "../frame/examples.ts";
import { usageFailure } from "../frame/failure.ts";
import { readCount } from "../frame/input.ts";
import { readLength } from "../frame/read-lengths.ts";
import { run } from "../frame/run.ts";
import { runMessage } from "./run-message.ts";

type Options = {
	readonly exec: string;
	readonly concurrency?: string;
	readonly lease?: string;
	readonly delay?: string;
	readonly limit?: string;
};

/** What runs when Ctrl-C comes is let come to its end; a second Ctrl-C does not wait. */
const DRAIN = { graceMs: Number.POSITIVE_INFINITY };

export function configureWatch(command: Command): void {
	command
		.argument("<mailbox>", "name of the mailbox")
		.requiredOption("--exec <command>", "run for each message, by the shell")
		.option("--concurrency <n>", "so many at once (1)")
		.option("--lease <duration>", "how long messages are ours; renewed while commands run (1m)")
		.option("--delay <duration>", "a message whose command failed comes again after (backs off)")
		.option("--limit <n>", "end after so many messages")
		.addHelpText("after", ENVIRONMENT)
		.action(run(watch, DRAIN));
	addExamples(
		command,
		"minoots mailbox watch builds --exec ./build.sh",
		"minoots mailbox watch builds --exec 'jq -r .body.url | xargs curl -sf' --concurrency 8",
	);
}

const ENVIRONMENT = `
The command gets the message as JSON on its stdin, and in its environment MINOOTS_MAILBOX,
MINOOTS_MESSAGE_ID, MINOOTS_LEASE_ID, MINOOTS_ATTEMPT, MINOOTS_PRIORITY, MINOOTS_ENQUEUED_AT,
MINOOTS_LEASE_EXPIRES_AT, MINOOTS_BODY and TRACEPARENT. Exit code 0 acknowledges the message with
what was printed as its result; any other gives it back. Ctrl-C and SIGTERM wait for what runs.`;

async function watch(context: Context, mailbox: string, options: Options): Promise<void> {
	const { out, env, signal } = context;
	const concurrency = readCount("--concurrency", options.concurrency) ?? 1;
	const most = readCount("--limit", options.limit) ?? Number.POSITIVE_INFINITY;
	const retryDelayMs = readLength("--delay", options.delay);
	if (options.exec.trim() === "") {
		// The shell would call nothing a success, and each message would be acknowledged.
		throw usageFailure("--exec: expected a command, got none");
	}
	const { mailboxes } = await context.minoots();
	const enough = new AbortController();
	const stop = () => enough.abort();
	signal.addEventListener("abort", stop);
	// How services are told to end: they end well, with exit code 0.
	process.once("SIGTERM", stop);
	let begun = 0;
	let running = 0;
	enough.signal.addEventListener("abort", () => {
		if (begun >= most) return;
		const what = running > 0 ? `${running} running` : "the pull that is under way, 10 s at most";
		out.note(`Waiting for ${what}; Ctrl-C again ends at once.`);
	});
	out.note(`Watching ${mailbox}, ${concurrency} at once. Ctrl-C ends.`);

	const work = async (
		message: PulledMessage,
		{ signal: lost }: { readonly signal: AbortSignal },
	) => {
		// One pull may bring more than were still wanted.
		if (begun >= most) throw new RetryLater("--limit is reached", { delayMs: 0 });
		begun += 1;
		running += 1;
		if (begun >= most) enough.abort();
		const startedAt = Date.now();
		try {
			const result = await runMessage(message, {
				command: options.exec,
				mailbox,
				env,
				signal: lost,
			});
			tell(context, message, { result, startedAt });
			return result;
		} catch (error) {
			tell(context, message, { error, startedAt });
			throw error;
		} finally {
			running -= 1;
		}
	};
	await mailboxes.consume(mailbox, work, {
		concurrency: Math.min(concurrency, most),
		visibilityTimeoutMs: readLength("--lease", options.lease),
		...(retryDelayMs !== undefined && { retryDelayMs }),
		signal: enough.signal,
	});
}

type Outcome = {
	readonly result?: JsonValue | undefined;
	readonly error?: unknown;
	readonly startedAt: number;
};

function tell({ out }: Context, message: PulledMessage, outcome: Outcome): void {
	const { result, error, startedAt } = outcome;
	const { id, attempts } = message;
	const durationMs = Date.now() - startedAt;
	const reason = error instanceof Error ? error.message : undefined;
	if (out.isJson) {
		out.json({ id, attempts, durationMs, done: error === undefined, result, reason });
		return;
	}
	const what = error === undefined ? out.style.green("done") : out.style.red("given back");
	const why = reason === undefined ? "" : `: ${reason}`;
	out.line(`${what} ${id}, attempt ${attempts}, in ${durationMs} ms${why}`);
}
