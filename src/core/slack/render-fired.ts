/** The message in which a timer fires. Called by the sender of Slack's messages. */
import type { KnownBlock } from "@slack/types";
import type { ButtonTarget } from "./button.ts";
import {
	button,
	buttons,
	context,
	mention,
	type SlackMessage,
	section,
	WORDS_MAX,
} from "./message.ts";
import { showTime } from "./show-time.ts";
import { escapeWithin } from "./text.ts";

export function renderFired(input: {
	readonly text: string;
	readonly target: ButtonTarget;
	/** Then it can be cancelled still. */
	readonly recurring: boolean;
	/** Slack's id of the user who asked, to be mentioned. */
	readonly asker: string | null;
	/** Epoch ms: it was due then, in quiet hours. */
	readonly heldFrom: number | null;
	/** The channel where it could not be posted: this one is a direct message. */
	readonly insteadOf: string | null;
	readonly zone: string;
	readonly buttons: boolean;
}): SlackMessage {
	const { target, zone } = input;
	const to = input.asker === null ? "" : `${mention(input.asker)} `;
	const text = `:alarm_clock: ${to}${escapeWithin(input.text, WORDS_MAX)}`;
	const small = [
		input.heldFrom === null
			? `Due ${showTime(target.dueAt, zone)}`
			: `Was due ${showTime(input.heldFrom, zone)}, in quiet hours`,
		...(input.insteadOf === null
			? []
			: [`Meant for ${channel(input.insteadOf)}, where I cannot post: invite me there.`]),
	];
	const blocks: KnownBlock[] = [section(text), context(small)];
	if (input.buttons) {
		blocks.push(
			buttons([
				button("snooze10", target),
				button("snooze60", target),
				button("done", target),
				...(input.recurring ? [button("cancel", target)] : []),
			]),
		);
	}
	return { text, blocks };
}

function channel(id: string): string {
	return /^[A-Z0-9]{1,30}$/.test(id) ? `<#${id}>` : escapeWithin(id, 100);
}
