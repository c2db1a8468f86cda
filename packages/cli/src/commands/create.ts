/** `minoots create 30s "coffee break"`: a timer of what the line says, a file, or both. */
import type { Command } from "commander";
import type { Timer } from "../../../sdk/src/types.ts";
import type { Context } from "../frame/context.ts";
import { addExamples } from "../frame/examples.ts";
import { usageFailure } from "../frame/failure.ts";
import { collect } from "../frame/input.ts";
import { run } from "../frame/run.ts";
import { addWhenOptions, isWhenOption, isWhenWord, readWhen } from "../frame/when.ts";
import { type CreateOptions, readTimer } from "./create/read-timer.ts";

type Options = CreateOptions & { readonly quiet?: boolean };

export function configure(command: Command): void {
	command
		.argument("[when]", "a length of time (30s, 1h30m), or an instant (2026-12-01T09:00Z)")
		.argument("[name]", "its name; the only word where an option says when");
	addWhenOptions(command)
		.option("--name <name>", "its name")
		.option("--label <key=value>", "what lists find it by; may be repeated", collect)
		.option("--metadata <k=v or JSON>", "kept and shown; may be repeated", collect)
		.option("--params <k=v or JSON>", "for templates; may be repeated", collect)
		.option("--message <text>", "text of the webhook's default body and of the event")
		.option("--webhook <url>", "call this URL when it fires")
		.option("--method <method>", "of the webhook (POST)")
		.option("--header <name=value>", "of the webhook; may be repeated", collect)
		.option("--body <JSON or text>", "of the webhook, instead of the default body")
		.option("--mailbox <name>", "put a message into this mailbox when it fires")
		.option("--command <JSON>", "what the message tells the agent")
		.option("--retry <policy>", "attempts (3), pauses (1s,10s,1m), or JSON")
		.option("--priority <n>", "1 is most urgent, 9 least (5)")
		.option("--dedupe-key <key>", "answer the timer that has the key, if one has")
		.option(
			"--depends-on <id>",
			"wait for its end; id:failure, id:always; may be repeated",
			collect,
		)
		.option("--file <path>", "a timer as JSON, - for stdin; options change it")
		.option("-q, --quiet", "print the id only")
		.action(
			run(
				async (
					context,
					first: string | undefined,
					second: string | undefined,
					options: Options,
				) => {
					const timer = await createTimer(context, first, second, options);
					const { out } = context;
					if (out.isJson) out.json(timer);
					else if (options.quiet === true) out.line(timer.id);
					else showCreated(context, timer);
				},
			),
		);
	addExamples(
		command,
		'minoots create 30s "coffee break"',
		"minoots create 2026-12-01T09:00Z launch --webhook https://example.com/hooks/launch",
		"minoots create --cron '0 9 * * MON-FRI' --tz Europe/Berlin stand-up --label team=ops",
		'minoots create 10m --mailbox builds --command \'{"build": "nightly"}\'',
		'echo \'{"in": "1h", "name": "from a file"}\' | minoots create --file - --priority 1',
		"minoots wait $(minoots create 3s --quiet)",
	);
}

async function createTimer(
	{ minoots, signal }: Context,
	first: string | undefined,
	second: string | undefined,
	options: Options,
): Promise<Timer> {
	const isOptional = isWhenOption(options) || options.file !== undefined;
	const [word, ...names] =
		isOptional && !isWhenWord(first ?? "") ? [undefined, first, second] : [first, second];
	const [named, extra] = names.filter((name) => name !== undefined);
	if (extra !== undefined) throw usageFailure(`one word too many: ${JSON.stringify(extra)}`);
	if (named !== undefined && options.name !== undefined) {
		throw usageFailure(`two names: ${JSON.stringify(named)} and --name`);
	}
	const timer = await readTimer(readWhen(word, options), named, options);
	const { timers } = await minoots();
	return timers.create(timer, { signal });
}

function showCreated({ out }: Context, timer: Timer): void {
	const { id, name, status, nextFireAt } = timer;
	const due = nextFireAt === null ? status : `due ${out.time(nextFireAt)}`;
	out.line([out.style.bold(id), name, due].filter((part) => part !== null).join("  "));
}
