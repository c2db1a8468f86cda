/**
 * The pace of messages to a channel that Slack has just limited: one a second, as Slack takes them,
 * each postponed to a place of its own. Trying all of them again at once, of which Slack takes one,
 * is what it disables apps for. Before a limit nothing is held up: short bursts are allowed. Pure.
 * https://docs.slack.dev/apis/web-api/rate-limits
 */
import { SECOND } from "../units.ts";

/** Of messages to one channel. */
const APART_MS = SECOND;
/** What a sender may wait for itself: less than a postponement costs. */
const WAITED_MS_MAX = 2 * SECOND;

/** Epoch ms. */
export type ChannelPace = {
	/** Not before this the next message is sent. */
	readonly nextAt: number;
	/** Messages have been postponed up to this. */
	readonly queueEndsAt: number;
};

export type Turn = {
	readonly kind: "send" | "postpone";
	/** Epoch ms at which to send, or up to which to postpone. */
	readonly at: number;
	readonly pace: ChannelPace;
};

/** The turn of a message while its channel has a pace. */
export function takeTurn(pace: ChannelPace, now: number): Turn {
	const at = Math.max(now, pace.nextAt);
	if (at - now > WAITED_MS_MAX) return postpone(pace, at);
	return { kind: "send", at, pace: { ...pace, nextAt: at + APART_MS } };
}

/** A message that Slack has not taken, for `waitMs` from `now`. @param pace so far, if there was one */
export function slowDown(pace: ChannelPace | undefined, now: number, waitMs: number): Turn {
	const nextAt = Math.max(pace?.nextAt ?? 0, now + waitMs);
	return postpone({ nextAt, queueEndsAt: pace?.queueEndsAt ?? 0 }, nextAt);
}

function postpone(pace: ChannelPace, from: number): Turn {
	const at = Math.max(from, pace.queueEndsAt);
	return { kind: "postpone", at, pace: { ...pace, queueEndsAt: at + APART_MS } };
}
