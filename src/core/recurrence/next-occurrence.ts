/**
 * The face of the recurrence engine: the next occurrence of a stored schedule, and a list of them.
 * Pure: the same schedule and instant give the same answer anywhere, whatever has been asked
 * before. Called when a firing ends, when a timer is made or resumed, and by previews.
 */
import type { OccurrenceView } from "../../contract/schedule.ts";
import type { Calendars } from "../calendar/calendar-dates.ts";
import { formatDuration } from "../duration.ts";
import { formatInstant } from "../instant.ts";
import { compileSchedule } from "./compile.ts";
import { formatLocal } from "./local-time.ts";
import type { DstNote, Occurrence } from "./occurrence.ts";
import type { ScheduleDoc } from "./schedule-doc.ts";
import { Work, withinBound } from "./work.ts";
import { formatOffset, requireZone } from "./zone.ts";

/**
 * The first occurrence strictly after `after` (epoch ms), or `null` when the schedule has ended,
 * cannot say (events), or has none that a bounded search finds. `limit` is the shard's to count.
 */
export function nextOccurrence(
	schedule: ScheduleDoc,
	after: number,
	calendars: Calendars,
): Occurrence | null {
	const source = compileSchedule(schedule, calendars);
	return withinBound(Work.ofAnswer(), (work) => source.next(after, work)) ?? null;
}

/** Up to `count` occurrences after `from` (epoch ms), or from it on. */
export function occurrencesFrom(
	schedule: ScheduleDoc,
	{ from, inclusive, count }: { from: number; inclusive: boolean; count: number },
	calendars: Calendars,
): readonly OccurrenceView[] {
	const source = compileSchedule(schedule, calendars);
	const zone = requireZone(schedule.timezone ?? "UTC");
	const views: OccurrenceView[] = [];
	let after = inclusive ? from - 1 : from;
	const most = Math.min(count, schedule.limit ?? count);
	while (views.length < most) {
		const from = after;
		const found = withinBound(Work.ofAnswer(), (work) => source.next(from, work));
		if (found === null || found === undefined) break;
		const offset = zone.offsetAt(found.at);
		views.push({
			at: formatInstant(found.at),
			local: formatLocal(found.at + offset),
			offset: formatOffset(offset),
			...(found.note !== undefined && { note: noteText(found.note) }),
		});
		after = found.at;
	}
	return views;
}

/** What a preview says about an occurrence that DST moved. */
function noteText(note: DstNote): string {
	return note.kind === "gap"
		? `gap: moved forward by ${formatDuration(note.movedMs)}`
		: `fold: ${note.which} of two`;
}
