/**
 * Which channels Slack limits at present, as far as this isolate knows. Another isolate learns it
 * from a limit of its own.
 */
import { ExpiringMap } from "../../core/expiring-map.ts";
import { type ChannelPace, slowDown, type Turn, takeTurn } from "../../core/slack/channel-pace.ts";
import { MINUTE } from "../../core/units.ts";

/** Channels with a pace at once. */
const PACES_KEPT = 4_096;
/** A limit is over when nothing has waited for it so long. */
const FORGOTTEN_AFTER_MS = MINUTE;

const paces = new ExpiringMap<string, ChannelPace>(PACES_KEPT);

export type Place = { readonly team: string; readonly channel: string };

/** The turn of a message to `place`; `undefined` while Slack has not limited it. */
export function turnAt(place: Place, now: number): Turn | undefined {
	const pace = paces.get(keyOf(place), now);
	return pace && keep(place, takeTurn(pace, now), now);
}

/** The turn of a message to `place` that Slack has not taken, for `waitMs` from `now` on. */
export function turnAfterLimit(place: Place, now: number, waitMs: number): Turn {
	return keep(place, slowDown(paces.get(keyOf(place), now), now, waitMs), now);
}

function keep(place: Place, turn: Turn, now: number): Turn {
	const { nextAt, queueEndsAt } = turn.pace;
	const lastAt = Math.max(now, nextAt, queueEndsAt);
	paces.set(keyOf(place), turn.pace, now, lastAt - now + FORGOTTEN_AFTER_MS);
	return turn;
}

function keyOf({ team, channel }: Place): string {
	return `${team} ${channel}`;
}
