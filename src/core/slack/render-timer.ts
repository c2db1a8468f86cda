/**
 * Answers that show a timer: snoozed, cancelled, done, and the list; what was scheduled is
 * `render-scheduled.ts`. Called by Slack's routes.
 */
import type { KnownBlock } from "@slack/types";
import type { TimerView } from "../../contract/timer.ts";
import type { CancelOutcome } from "../../contract/timer-calls.ts";
import type { ButtonTarget } from "./button.ts";
import {
	button,
	buttons,
	context,
	mention,
	plainMessage,
	type SlackMessage,
	section,
	WORDS_MAX,
	type ZoneNote,
	zoneLines,
} from "./message.ts";
import type { SlackAsker } from "./misread.ts";
import { showTime } from "./show-time.ts";
import { escapeWithin } from "./text.ts";

export function waitingButtons(target: ButtonTarget) {
	return buttons([
		button("snooze10", target),
		button("snooze60", target),
		button("cancel", target),
	]);
}

/** Epoch ms; null while it waits for other timers. */
export function dueAtOf(timer: TimerView): number | null {
	const due = timer.nextFireAt ?? timer.at;
	return due === null ? null : Date.parse(due);
}

/** What people know a timer by. */
function wordsOf(timer: TimerView): string {
	const note = timer.metadata["slack_note"];
	const words = typeof note === "string" && note !== "" ? note : (timer.name ?? timer.message);
	return words === null || words === "" ? timer.id : words;
}

/** Timers shown at once: two blocks each, which leaves some of Slack's 50 for what stands around. */
const LIST_PAGE = 20;
/** Of one timer in a list. */
const LISTED_WORDS_MAX = 300;

export function renderList(
	input: {
		readonly timers: readonly TimerView[];
		/** Whether there are any behind these. */
		readonly more: boolean;
		readonly zone: string;
		readonly zoneFrom: ZoneNote;
		readonly page?: number;
	},
	{ command }: SlackAsker,
): SlackMessage {
	const { timers, zone, page = 1 } = input;
	const typed = escapeWithin(command, 50);
	if (timers.length === 0 && input.more) {
		return plainMessage(
			"There are so many timers that not all could be looked at, and none of those is yours.",
		);
	}
	if (timers.length === 0) {
		const none = page > 1 ? "There are no more timers." : "You have no timers waiting.";
		return plainMessage(`${none} Try \`${typed} 15m stand-up\``);
	}
	const shown = timers.slice(0, LIST_PAGE);
	const blocks = shown.flatMap((timer) => listed(timer, zone));
	const hasMore = input.more || timers.length > LIST_PAGE;
	const small = [
		`Times are in ${zone}.`,
		...zoneLines(zone, input.zoneFrom),
		...(hasMore ? [`There are more: \`${typed} list ${page + 1}\``] : []),
	];
	const count = shown.length === 1 ? "1 timer" : `${shown.length} timers`;
	const text = `${count} waiting${page > 1 ? `, page ${page}` : ""}`;
	return { text, blocks: [section(`*${text}*`), ...blocks, context(small)] };
}

function listed(timer: TimerView, zone: string): readonly KnownBlock[] {
	const due = dueAtOf(timer);
	const when = due === null ? "waits for other timers" : showTime(due, zone);
	const again = timer.schedule === null ? "" : " :repeat:";
	const paused = timer.status === "paused" ? " (paused)" : "";
	const words = wordsOf(timer);
	const name = timer.name !== words && isChosen(timer.name) ? ` · ${shown(timer.name)}` : "";
	const block = section(`${shown(words)}\n${when}${again}${paused}${name} · \`${timer.id}\``);
	if (due === null) return [block];
	return [block, waitingButtons({ timerId: timer.id, firing: null, dueAt: due })];
}

function shown(words: string): string {
	return escapeWithin(words, LISTED_WORDS_MAX);
}

/** Not the name that a command without one gives. */
function isChosen(name: string | null): name is string {
	return name !== null && !/^slack-\d+$/.test(name);
}

const CANCELLED: Readonly<Record<CancelOutcome, string>> = {
	cancelled: "Cancelled",
	already_fired: "Too late to cancel, it has fired",
	in_flight: "Cancelled while it fires; what is on its way still arrives",
};

export function renderCancelled(input: {
	readonly timer: TimerView;
	readonly outcome: CancelOutcome;
	readonly by: string | null;
	readonly zone: string;
}): SlackMessage {
	const by = input.by === null ? "" : ` by ${mention(input.by)}`;
	const words = escapeWithin(wordsOf(input.timer), WORDS_MAX);
	return plainMessage(`${CANCELLED[input.outcome]}${by}: ${words} (\`${input.timer.id}\`)`);
}

export function renderSnoozed(input: {
	readonly name: string | null;
	readonly timerId: string;
	/** Epoch ms. */
	readonly dueAt: number;
	readonly by: string | null;
	readonly zone: string;
}): SlackMessage {
	const by = input.by === null ? "" : ` by ${mention(input.by)}`;
	const words = escapeWithin(input.name ?? input.timerId, WORDS_MAX);
	return plainMessage(`Snoozed${by} until *${showTime(input.dueAt, input.zone)}*: ${words}`);
}

/** In place of the message that fired: who settled it, and nothing to press. */
export function renderDone(input: { readonly text: string; readonly by: string }): SlackMessage {
	return plainMessage(`:white_check_mark: ${escapeWithin(input.text, WORDS_MAX)}`, [
		`Done by ${mention(input.by)}`,
	]);
}
