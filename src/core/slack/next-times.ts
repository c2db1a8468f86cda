/** The next occurrences of a schedule, for a confirmation. Called by `render-timer.ts`. */
import type { ScheduleInput } from "../../contract/schedule.ts";
import { NO_CALENDARS } from "../calendar/calendar-dates.ts";
import { occurrencesFrom } from "../recurrence/next-occurrence.ts";
import { readSchedule } from "../recurrence/read-schedule.ts";
import { Flaws } from "../timer-rules.ts";

/** With what DST did to it. */
export type NextTime = { readonly at: number; readonly note: string | undefined };

/** At most `count` after `now` (epoch ms); none for what only the network can tell, as events. */
export function nextTimes(
	schedule: ScheduleInput,
	now: number,
	count: number,
): readonly NextTime[] {
	const doc = readSchedule(
		schedule,
		{ now, pathOf: (member) => member, calendars: NO_CALENDARS, requireFuture: false },
		new Flaws(),
	);
	if (doc === undefined || "event" in doc || "condition" in doc) return [];
	const found = occurrencesFrom(doc, { from: now, inclusive: false, count }, NO_CALENDARS);
	return found.map(({ at, note }) => ({ at: Date.parse(at), note }));
}
