/** A timer's history as the founding log files wrote it: `[2026-12-01T09:00:00.000Z] Timer expired`. */

export type Event = {
	readonly type: string;
	readonly time: string;
	readonly data: Readonly<Record<string, unknown>>;
};

/** In the founding module's words, where it had some. */
const WORDS: Readonly<Record<string, string>> = {
	"timer.created": "Timer created",
	"timer.updated": "Timer changed",
	"timer.fired": "Timer expired",
	"timer.settled": "Timer completed successfully",
	"timer.failed": "Timer failed",
	"timer.cancelled": "Timer cancelled",
	"timer.paused": "Timer paused",
	"timer.resumed": "Timer resumed",
	"timer.skipped": "Timer skipped",
	"delivery.attempted": "Action tried",
	"delivery.delivered": "Action done",
	"delivery.retrying": "Action failed, will be tried again",
	"delivery.dead": "Action given up",
};

/** `events` as the network lists them, newest first. A line each, oldest first. */
export function logText(events: readonly Event[]): string {
	return [...events] // Node 18 has no toReversed
		.reverse()
		.map(({ type, time, data }) => `[${time}] ${WORDS[type] ?? type}${detailsOf(data)}\n`)
		.join("");
}

function detailsOf(data: Event["data"]): string {
	const details = Object.entries(data)
		.filter(([, value]) => value !== null && value !== undefined)
		.map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`);
	return details.length === 0 ? "" : `: ${details.join(" ")}`;
}
