/**
 * Instants as people read them: on the clock of a zone, with its name and offset, so that the same
 * words mean the same to everyone. Called by everything that renders a message.
 */

import { MONTHS, WEEKDAYS } from "../calendar-words.ts";
import { civilOf, weekdayOf } from "../recurrence/civil.ts";
import { formatOffset, requireZone } from "../recurrence/zone.ts";
import { DAY, MINUTE, SECOND } from "../units.ts";
import { clockText } from "./repeat-rule.ts";

/** `Mon 23 Nov 2026, 14:30 (Europe/Berlin, UTC+01:00)`. */
export function showTime(at: number, zoneName: string): string {
	const offset = requireZone(zoneName).offsetAt(at);
	const shown = offset === 0 ? "UTC" : `UTC${formatOffset(offset)}`;
	const zone = zoneName === shown ? zoneName : `${zoneName}, ${shown}`;
	return `${showLocal(at, zoneName)} (${zone})`;
}

/** `Mon 23 Nov 2026, 14:30`, with seconds where there are any. */
export function showLocal(at: number, zoneName: string): string {
	const local = at + requireZone(zoneName).offsetAt(at);
	const day = Math.floor(local / DAY);
	const { year, month, day: date } = civilOf(day);
	const clock = clockText(Math.floor((local - day * DAY) / MINUTE));
	const seconds = Math.floor((local - day * DAY) / SECOND) % 60;
	const time = seconds === 0 ? clock : `${clock}:${String(seconds).padStart(2, "0")}`;
	const weekday = WEEKDAYS[weekdayOf(day)]?.slice(0, 3);
	const monthName = MONTHS[month - 1]?.slice(0, 3);
	return `${weekday} ${date} ${monthName} ${year}, ${time}`;
}

/** Slack's own markup, which shows each reader their own time; the fallback is UTC. */
export function dateToken(at: number): string {
	const fallback = showTime(at, "UTC");
	return `<!date^${Math.floor(at / SECOND)}^{date_short_pretty} at {time}|${fallback}>`;
}
