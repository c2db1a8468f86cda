/** `minoots mailbox ack` and `extend`: leases, settled or kept. */
import type { Command } from "commander";
import type { JsonValue, LeaseOutcome } from "../../../sdk/src/types.ts";
import type { Context } from "../frame/context.ts";
import { addExamples } from "../frame/examples.ts";
import { EXIT, type ExitCode } from "../frame/exit-codes.ts";
import { usageFailure } from "../frame/failure.ts";
import { readIds, readJsonOrText } from "../frame/input.ts";
import { readLength } from "../frame/read-lengths.ts";
import { run } from "../frame/run.ts";

type AckOptions = {
	readonly result?: string;
	readonly retry?: boolean;
	readonly delay?: string;
	readonly reason?: string;
};

export function configureAck(command: Command): void {
	command
		.argument("<mailbox>", "name of the mailbox")
		.argument("<lease...>", "ids of leases, - for those on stdin")
		.option("--result <value>", "JSON, or text; kept with the delivery")
		.option("--retry", "not done: give them back")
		.option("--delay <duration>", "with --retry: come again after")
		.option("--reason <text>", "with --retry: why")
		.action(
			run(async (context, name: string, named: readonly string[], options: AckOptions) => {
				const { result, retry, delay, reason } = options;
				if (retry && result !== undefined)
					throw usageFailure("--retry and --result exclude each other");
				if (!retry && (delay !== undefined || reason !== undefined)) {
					throw usageFailure("--delay and --reason belong to --retry");
				}
				const leases = await readIds(named);
				const delayMs = readLength("--delay", delay);
				const value = result === undefined ? {} : { result: readJsonOrText(result) as JsonValue };
				const call = retry
					? { retries: leases.map((leaseId) => ({ leaseId, delayMs, reason })) }
					: { acks: leases.map((leaseId) => ({ leaseId, ...value })) };
				const { mailboxes } = await context.minoots();
				const answer = await mailboxes.ack(name, call, { signal: context.signal });
				return tell(context, answer, [...answer.acks, ...answer.retries]);
			}),
		);
	addExamples(
		command,
		`minoots mailbox ack builds 1-1-30ab056ef0b84561 --result '{"artifact":"a.tar"}'`,
		'minoots mailbox ack builds 1-1-30ab056ef0b84561 --retry --delay 1m --reason "no space"',
	);
}

export function configureExtend(command: Command): void {
	command
		.argument("<mailbox>", "name of the mailbox")
		.argument("<lease...>", "ids of leases, - for those on stdin")
		.requiredOption("--by <duration>", "longer than now")
		.action(
			run(
				async (
					context,
					name: string,
					named: readonly string[],
					{ by }: { readonly by: string },
				) => {
					const byMs = readLength("--by", by);
					const leases = (await readIds(named)).map((leaseId) => ({ leaseId, byMs }));
					const { mailboxes } = await context.minoots();
					const answer = await mailboxes.extend(name, { leases }, { signal: context.signal });
					return tell(context, answer, answer.leases);
				},
			),
		);
	addExamples(command, "minoots mailbox extend builds 1-1-30ab056ef0b84561 --by 5m");
}

/** One that had ended before is a failure: somebody else may have its message by now. */
function tell({ out }: Context, answer: unknown, outcomes: readonly LeaseOutcome[]): ExitCode {
	if (out.isJson) out.json(answer);
	for (const { leaseId, outcome, leaseExpiresAt } of outcomes) {
		if (out.isJson) continue;
		const until = leaseExpiresAt === undefined ? "" : ` until ${out.time(leaseExpiresAt)}`;
		out.line(`${outcome} ${leaseId}${until}`);
	}
	const stale = outcomes.filter(({ outcome }) => outcome === "stale");
	if (stale.length === 0) return EXIT.ok;
	out.note("A stale lease has ended before: nothing was changed, and its message comes again.");
	return EXIT.failed;
}
