/** `minoots events`: what happens in the tenant, followed as it happens; and events published. */
import type { Command } from "commander";
import type { JsonValue } from "../../../sdk/src/types.ts";
import type { Context } from "../frame/context.ts";
import { addExamples } from "../frame/examples.ts";
import { usageFailure } from "../frame/failure.ts";
import { collect, readCount, readJsonOrText, readStdin } from "../frame/input.ts";
import { run } from "../frame/run.ts";
import { eventLine } from "../frame/show-event.ts";

type Options = {
	readonly follow?: boolean;
	readonly type?: readonly string[];
	readonly timer?: string;
	readonly after?: string;
	readonly limit?: string;
};

export function configure(command: Command): void {
	command.helpCommand(false);
	command
		.option("-f, --follow", "go on until Ctrl-C, also through lost connections")
		.option("--type <type>", "only timer.fired, or timer.*; may be repeated", collect)
		.option("--timer <timer>", "only of this timer")
		.option("--after <cursor>", "begin behind this cursor of an earlier event")
		.option("--limit <n>", "end after so many")
		.action(run(follow));
	configurePublish(command.command("publish").summary("Publish an event under a topic"));
	addExamples(
		command,
		"minoots events --follow",
		"minoots events --follow --type timer.fired --type 'delivery.*' --json | jq .data",
		`minoots events publish orders.paid '{"order":7}'`,
	);
}

async function follow(context: Context, options: Options): Promise<void> {
	const { type = [], timer, after, limit } = options;
	if (options.follow !== true) {
		throw usageFailure(
			"events are followed as they happen: add --follow",
			"`minoots logs <id>` shows what has happened to a timer.",
		);
	}
	const most = readCount("--limit", limit) ?? Number.POSITIVE_INFINITY;
	const topic = type.length === 0 ? undefined : type.join(",");
	const { events } = await context.minoots();
	const { out, signal } = context;
	let told = 0;
	for await (const event of events.stream({ topic, timer, after, signal })) {
		if (out.isJson) out.json(event);
		else out.line(eventLine(event, out.style, true));
		told += 1;
		if (told === most) return;
	}
}

function configurePublish(command: Command): void {
	command
		.argument("<topic>", "compared as it is written, e.g. orders.paid")
		.argument("[payload]", "JSON, or text; - for stdin")
		.action(
			run(async (context, topic: string, text: string | undefined) => {
				const read = text === "-" ? (await readStdin()).trimEnd() : text;
				// Parsed from JSON, or text.
				const payload = read === undefined ? {} : { payload: readJsonOrText(read) as JsonValue };
				const { events } = await context.minoots();
				const event = { topic, ...payload };
				const published = await events.publish(event, { signal: context.signal });
				if (context.out.isJson) context.out.json(published);
				else context.out.line(`published ${published.id} under ${published.topic}`);
			}),
		);
	addExamples(
		command,
		"minoots events publish deploy.done",
		`minoots events publish orders.paid '{"order":7}'`,
		"jq -c . order.json | minoots events publish orders.paid -",
	);
}
