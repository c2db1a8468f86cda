/** The confirmation of a timer that was scheduled. Called by Slack's routes. */
import type { KnownBlock } from "@slack/types";
import type { TimerView } from "../../contract/timer.ts";
import {
	context,
	mention,
	type SlackMessage,
	section,
	WORDS_MAX,
	type ZoneNote,
	zoneLines,
} from "./message.ts";
import { type NextTime, nextTimes } from "./next-times.ts";
import { type QuietHours, quietUntil } from "./quiet-hours.ts";
import { dueAtOf, waitingButtons } from "./render-timer.ts";
import { dateToken, showTime } from "./show-time.ts";
import { escapeWithin } from "./text.ts";

/** Occurrences shown of a timer that recurs. */
const SHOWN_OCCURRENCES = 3;

export type ScheduledInput = {
	readonly timer: TimerView;
	readonly text: string;
	readonly zone: string;
	readonly zoneFrom: ZoneNote;
	/** Epoch ms until which the first message will be held; `null` for not at all. */
	readonly quietUntil: number | null;
	/** Of the asker: later occurrences may fall into them too. */
	readonly quiet?: QuietHours | null;
	/** Slack's id of the user who asked. */
	readonly by: string;
	readonly buttons: boolean;
	/** What was decided where the words left it open. */
	readonly told?: readonly string[];
	/** Whether others see it: then each is shown their own time too. */
	readonly forAll?: boolean;
};

/** The confirmation: the absolute time in the user's zone, and what was assumed. */
export function renderScheduled(input: ScheduledInput, now: number): SlackMessage {
	const { timer, zone } = input;
	const due = dueAtOf(timer);
	const when =
		due === null ? "when what it waits for has fired" : `fires at ${showTime(due, zone)}`;
	const region = timer.labels["region"];
	const where = region === undefined ? "" : ` in region ${escapeWithin(region, 100)}`;
	const head = `Scheduled timer *${timer.id}* (${when})${where}.`;
	const text = `${head}\n${escapeWithin(input.text, WORDS_MAX)}`;
	const times = timer.schedule === null ? [] : nextTimes(timer.schedule, now, SHOWN_OCCURRENCES);
	const small = [
		...(input.told ?? []).map((line) => escapeWithin(line, 500)),
		...zoneLines(zone, input.zoneFrom),
		...(times.length > 0
			? ["Next:", ...times.map((time) => `• ${occurrenceText(time, input)}`)]
			: []),
		...(input.quietUntil === null
			? []
			: [`Falls into quiet hours: held until ${showTime(input.quietUntil, zone)}.`]),
		...(input.forAll === true && due !== null ? [`For each reader: ${dateToken(due)}`] : []),
		...(input.forAll === true ? [`Asked for by ${mention(input.by)}`] : []),
	];
	const blocks: KnownBlock[] = [section(text)];
	if (small.length > 0) blocks.push(context(small));
	if (input.buttons && due !== null) {
		blocks.push(waitingButtons({ timerId: timer.id, firing: null, dueAt: due }));
	}
	return { text, blocks };
}

function occurrenceText(
	{ at, note }: NextTime,
	{ zone, quiet = null }: Pick<ScheduledInput, "zone" | "quiet">,
): string {
	const moved = note === undefined ? "" : ` – ${note}`;
	const isHeld = quiet !== null && quietUntil(quiet, zone, at) !== null;
	return `${showTime(at, zone)}${moved}${isHeld ? " – in quiet hours" : ""}`;
}
