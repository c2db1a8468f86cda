/**
 * The pieces of a message in Block Kit, within Slack's limits (docs.slack.dev/reference/block-kit).
 * Text handed to these is markup: what people wrote has been escaped before. Called by the
 * renderers beside it.
 */
import type { ActionsBlock, Button, ContextBlock, KnownBlock, SectionBlock } from "@slack/types";
import { type ButtonTarget, formatButtonValue, SLACK_BUTTONS } from "./button.ts";
import { escapeWithin } from "./text.ts";

/** A message: `text` is what notifications and screen readers get. */
export type SlackMessage = { readonly text: string; readonly blocks: readonly KnownBlock[] };

/** Slack refuses a message that goes over any of these. */
export const SLACK_LIMITS = {
	/** Characters of a section's text. */
	sectionText: 3_000,
	/** Characters of a context element. */
	contextText: 2_000,
	blocks: 50,
	buttonText: 75,
	buttonValue: 2_000,
	actionId: 255,
	/** Characters of `text`; longer ones are split or cut. */
	messageText: 4_000,
} as const;

/** What people wrote may take this much of a section, which leaves room for what is said around it. */
export const WORDS_MAX = 2_000;

export function section(text: string): SectionBlock {
	return {
		type: "section",
		text: { type: "mrkdwn", text: cutMarkup(text, SLACK_LIMITS.sectionText) },
	};
}

/** Small print: one element, its sentences one below the other. */
export function context(lines: readonly string[]): ContextBlock {
	const text = cutMarkup(lines.join("\n"), SLACK_LIMITS.contextText);
	return { type: "context", elements: [{ type: "mrkdwn", text }] };
}

/** Markup of our own making, cut as a last resort at a line's end. */
function cutMarkup(text: string, most: number): string {
	if (text.length <= most) return text;
	const lines = text.slice(0, most - 1).split("\n");
	return lines.length > 1 ? `${lines.slice(0, -1).join("\n")}…` : escapeWithin(text, most);
}

export function buttons(elements: readonly Button[]): ActionsBlock {
	return { type: "actions", elements: [...elements] };
}

const LABELS: Readonly<Record<keyof typeof SLACK_BUTTONS, string>> = {
	cancel: "Cancel",
	snooze10: "Snooze 10 min",
	snooze60: "Snooze 1 h",
	done: "Done",
};

export function button(kind: keyof typeof SLACK_BUTTONS, target: ButtonTarget): Button {
	return {
		type: "button",
		text: { type: "plain_text", text: LABELS[kind] },
		action_id: SLACK_BUTTONS[kind],
		value: formatButtonValue(target),
		...(kind === "cancel" && { style: "danger" as const }),
		...(kind === "done" && { style: "primary" as const }),
	};
}

/** A message of one section whose text is also what notifications show. */
export function plainMessage(text: string, small: readonly string[] = []): SlackMessage {
	const block = section(text);
	return {
		text: block.text?.text ?? "",
		blocks: small.length > 0 ? [block, context(small)] : [block],
	};
}

/** `<@U123>`, where it is an id. */
export function mention(userId: string): string {
	return /^[A-Z0-9]{1,30}$/.test(userId) ? `<@${userId}>` : escapeWithin(userId, 100);
}

/** Where the zone of an answer came from; the last two are said. */
export type ZoneNote = "slack" | "own" | "stored" | "utc_unknown";

/** What is said of a zone that may not be the reader's; nothing where it surely is. */
export function zoneLines(zone: string, from: ZoneNote): readonly string[] {
	if (from === "stored") {
		return [`Slack did not tell your time zone just now, so it is the last one known, ${zone}.`];
	}
	if (from === "utc_unknown") {
		return ["Slack did not tell your time zone, so this is UTC; `tz Europe/Berlin` sets one."];
	}
	return [];
}
