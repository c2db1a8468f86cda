/**
 * What the buttons of a message carry, written and read: an action id that says what to do, and a
 * value that says with which timer. Values come back from a browser, so nothing of them is trusted.
 */
import { TimerIdSchema } from "../../contract/ids.ts";
import { HOUR, MINUTE } from "../units.ts";

export const SLACK_BUTTONS = {
	cancel: "minoots_cancel",
	snooze10: "minoots_snooze_10m",
	snooze60: "minoots_snooze_1h",
	done: "minoots_done",
} as const;

export type ButtonTarget = {
	readonly timerId: string;
	/** Which firing the message tells of; `null` before the first. */
	readonly firing: number | null;
	/** Epoch ms. */
	readonly dueAt: number;
};

export type ButtonPress =
	| { readonly kind: "cancel" | "done"; readonly target: ButtonTarget }
	| { readonly kind: "snooze"; readonly byMs: number; readonly target: ButtonTarget };

/** The version of the format: buttons outlive releases. */
const VERSION = "1";

/** `1:tmr_…:3:1764000000000`; under 80 of the 2,000 characters that Slack allows. */
export function formatButtonValue({ timerId, firing, dueAt }: ButtonTarget): string {
	return [VERSION, timerId, firing ?? "", dueAt].join(":");
}

/** `null` for what is not one of our buttons, or no longer says what it did. */
export function readButton(actionId: string, value: string | undefined): ButtonPress | null {
	const target = value === undefined ? null : readTarget(value);
	if (target === null) return null;
	switch (actionId) {
		case SLACK_BUTTONS.cancel:
			return { kind: "cancel", target };
		case SLACK_BUTTONS.done:
			return { kind: "done", target };
		case SLACK_BUTTONS.snooze10:
			return { kind: "snooze", byMs: 10 * MINUTE, target };
		case SLACK_BUTTONS.snooze60:
			return { kind: "snooze", byMs: HOUR, target };
		default:
			return null;
	}
}

function readTarget(value: string): ButtonTarget | null {
	const match = /^1:([a-z0-9_]{1,64}):(\d{0,15}):(\d{1,15})$/.exec(value);
	if (match === null) return null;
	const [, id = "", firing = "", dueAt = ""] = match;
	const timerId = TimerIdSchema.safeParse(id);
	if (!timerId.success) return null;
	return {
		timerId: timerId.data,
		firing: firing === "" ? null : Number(firing),
		dueAt: Number(dueAt),
	};
}
