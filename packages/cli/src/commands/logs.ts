/** `minoots logs <id>`: what has happened to a timer, oldest first, and what happens with --follow. */
import type { Command } from "commander";
import type { MinootsEvent } from "../../../sdk/src/index.ts";
import type { Context } from "../frame/context.ts";
import { addExamples } from "../frame/examples.ts";
import { readCount } from "../frame/input.ts";
import { run } from "../frame/run.ts";
import { type EventLike, eventLine } from "../frame/show-event.ts";

type Options = { readonly follow?: boolean; readonly tail?: string };

/** More than a screen holds; a recurring timer may have hundreds of thousands. */
const TAIL_DEFAULT = 1_000;
/** Nothing follows behind these. */
const LAST = /^timer\.(settled|failed|cancelled|skipped|deleted)$/;

export function configure(command: Command): void {
	command
		.argument("<id>", "id of a timer")
		.option("-f, --follow", "go on with what happens, until the timer has ended")
		.option("--tail <n>", `of the past, only the newest n (${TAIL_DEFAULT})`)
		.action(
			run(async (context, id: string, { follow, tail }: Options) => {
				const count = readCount("--tail", tail, 0) ?? TAIL_DEFAULT;
				if (follow === true) return followLogs(context, id, count);
				const past = count === 0 ? [] : await readPast(context, id, count);
				for (const event of past) show(context, event);
				if (tail === undefined && past.length === count) {
					context.out.note(`Older events are left out: --tail shows more than ${count}.`);
				}
			}),
		);
	addExamples(
		command,
		"minoots logs tmr_0000000000000001",
		"minoots logs tmr_0000000000000001 --follow --tail 0",
		"minoots logs tmr_0000000000000001 --json | jq -r .type",
	);
}

/** The past is read once the stream is open, so that nothing falls between the two. */
async function followLogs(context: Context, id: string, count: number): Promise<void> {
	const { events } = await context.minoots();
	const stop = new AbortController();
	context.signal.addEventListener("abort", () => stop.abort());
	let past: Promise<readonly MinootsEvent[]> | undefined;
	const onOpen = () => {
		past = readPast(context, id, Math.max(count, 1)); // the newest says whether it has ended
		past
			.then((read) => {
				for (const event of count === 0 ? [] : read) show(context, event);
				if (read.some(({ type }) => LAST.test(type))) stop.abort();
			})
			.catch(() => stop.abort()); // what it failed with is thrown where it is awaited
	};
	for await (const event of events.stream({ timer: id, onOpen, signal: stop.signal })) {
		const read = (await past) ?? [];
		if (stop.signal.aborted) break;
		if (read.some((one) => one.id === event.id)) continue;
		const { cursor: _, ...told } = event;
		show(context, told);
		if (LAST.test(event.type)) break;
	}
	await past;
	stop.abort();
}

/** The newest `count`, oldest first. */
async function readPast(context: Context, id: string, count: number): Promise<MinootsEvent[]> {
	const { timers } = await context.minoots();
	const newest: MinootsEvent[] = [];
	for await (const event of timers.events(id, {}, { signal: context.signal })) {
		if (newest.push(event) === count) break;
	}
	return newest.reverse();
}

function show({ out }: Context, event: EventLike): void {
	if (out.isJson) out.json(event);
	else out.line(eventLine(event, out.style));
}
