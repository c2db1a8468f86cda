/** `minoots dlq replay`: one, several, edited, or all that a filter selects. */
import type { Command } from "commander";
import type { DeadLetterPatch } from "../../../sdk/src/types.ts";
import { confirm } from "../frame/confirm.ts";
import type { Context } from "../frame/context.ts";
import { eachId } from "../frame/each-id.ts";
import { addExamples } from "../frame/examples.ts";
import { EXIT, type ExitCode } from "../frame/exit-codes.ts";
import { usageFailure } from "../frame/failure.ts";
import { collect } from "../frame/input.ts";
import { run } from "../frame/run.ts";
import { addFilterOptions, type FilterOptions, readFilter } from "./filter.ts";
import { changesHeaders, readPatch } from "./read-patch.ts";

type Options = FilterOptions & {
	readonly set?: readonly string[];
	readonly edit?: boolean;
	readonly all?: boolean;
	readonly rate?: string;
	readonly yes?: boolean;
};

export function configureReplay(command: Command): void {
	command
		.argument("[id...]", "ids of dead letters, - for those on stdin; none with a filter")
		.option(
			"--set <member=value>",
			"change the request first: url, method, timeoutMs, body, headers.<name>",
			collect,
		)
		.option("-e, --edit", "change the request first, in $VISUAL or $EDITOR");
	addFilterOptions(command)
		.option("--all", "all dead letters, where no filter says which")
		.option("--rate <n>", "so many a second, with a filter (100)")
		.option("-y, --yes", "do not ask before --all")
		.action(
			run(async (context, ids: readonly string[], options: Options) => {
				return ids.length > 0
					? replayEach(context, ids, options)
					: replayMatching(context, options);
			}),
		);
	addExamples(
		command,
		"minoots dlq replay dlv_…",
		"minoots dlq replay dlv_… --set url=https://api.example.com/v2 --set headers.x-tenant=acme",
		"minoots dlq replay dlv_… --edit",
		"minoots dlq replay --host api.example.com --dead-after 2026-12-01T09:00Z --rate 50",
		"minoots dlq list --quiet --name invoice | minoots dlq replay - --set timeoutMs=30000",
	);
}

async function replayEach(
	context: Context,
	ids: readonly string[],
	options: Options,
): Promise<ExitCode> {
	const { set = [], edit = false, all, rate } = options;
	const filter = Object.keys(readFilter(options));
	if (all || rate !== undefined || filter.length > 0) {
		throw usageFailure("ids and a filter (or --all, --rate) are given, where one may say which");
	}
	readPatch(set); // a mistake in it is told before anything is sent
	const { deadLetters } = await context.minoots();
	const { out, signal } = context;
	const replay = async (id: string) => {
		const patch =
			edit || changesHeaders(set) ? await patchFor(context, id, set, edit) : readPatch(set);
		return deadLetters.replay(id, Object.keys(patch).length === 0 ? {} : { patch }, { signal });
	};
	return eachId(context, ids, replay, ({ nextAttemptAt }, id) =>
		out.line(`replayed ${id}, due ${out.time(nextAttemptAt)}`),
	);
}

/** The change of a request that has to be looked at first. */
async function patchFor(
	{ minoots, env, signal }: Context,
	id: string,
	set: readonly string[],
	edit: boolean,
): Promise<DeadLetterPatch> {
	const { deadLetters } = await minoots();
	const { request } = await deadLetters.get(id, { signal });
	if (request.type !== "webhook") {
		throw usageFailure(`${id} went to a mailbox: the requests of webhooks can be changed`);
	}
	const patch = readPatch(set, request.headers);
	if (!edit) return patch;
	const { editPatch } = await import("./edit-patch.ts");
	return editPatch(request, patch, env);
}

async function replayMatching(context: Context, options: Options): Promise<ExitCode> {
	const { set, edit, all, rate, yes } = options;
	if (set !== undefined || edit) {
		throw usageFailure(
			"--set and --edit take ids",
			"minoots dlq list --quiet … | minoots dlq replay - --set …",
		);
	}
	const filter = readFilter(options);
	if (Object.keys(filter).length === 0) {
		if (all !== true) throw usageFailure("no id was given, and no filter", "--all replays all.");
		await confirm(context, "Send all dead letters again?", yes === true);
	}
	const ratePerSecond = readRate(rate);
	const { deadLetters } = await context.minoots();
	const { out, signal } = context;
	const call = { filter, ...(ratePerSecond !== undefined && { ratePerSecond }) };
	const answer = await deadLetters.replayAll(call, { signal });
	if (out.isJson) {
		out.json(answer);
		return EXIT.ok;
	}
	const { replayed, refused, lastAt, jobId } = answer;
	out.line(`replayed ${replayed}${lastAt === null ? "" : `, the last due ${out.time(lastAt)}`}`);
	if (refused > 0) out.note(`${refused} stay: the plan has no room for more active timers.`);
	if (jobId !== undefined) out.note(`More follow: minoots jobs get ${jobId} --wait`);
	return EXIT.ok;
}

function readRate(text: string | undefined): number | undefined {
	if (text === undefined) return undefined;
	const rate = Number(text);
	if (rate > 0) return rate;
	throw usageFailure(`--rate: expected a number above 0, got "${text}"`);
}
