/**
 * What a schedule would give: its next occurrences from any instant, nothing stored. The schedule
 * is anchored at `from` as a timer's is at its creation. Called by the preview route.
 */
import { LIMITS } from "../../contract/limits.ts";
import type { OccurrenceView, PreviewBody, ScheduleInput } from "../../contract/schedule.ts";
import type { Calendars } from "../../core/calendar/calendar-dates.ts";
import { parseInstant } from "../../core/instant.ts";
import { pathInFounding, toSchedule } from "../../core/recurrence/founding-schedule.ts";
import { occurrencesFrom } from "../../core/recurrence/next-occurrence.ts";
import { pathInSchedule, readSchedule } from "../../core/recurrence/read-schedule.ts";
import { readTime } from "../../core/recurrence/read-times.ts";
import type { ScheduleDoc } from "../../core/recurrence/schedule-doc.ts";
import { zoneOf } from "../../core/recurrence/zone.ts";
import { err, type Result } from "../../core/result.ts";
import { Flaws } from "../../core/timer-rules.ts";
import { SECOND } from "../../core/units.ts";
import { type HttpFailure, refuseField } from "../failure.ts";
import { type Reply, reply } from "../reply.ts";

/** Occurrences worked out before the isolate's other requests have a turn; doubled while quick. */
const FIRST_SLICE = 64;
/** A slice that takes less than this is quick. */
const QUICK_MS = 5;
/** A rule that needs longer is one whose occurrences lie decades of steps apart. */
const PREVIEW_MS_MAX = 2 * SECOND;

export async function previewSchedule(
	body: PreviewBody,
	now: number,
	calendars: Calendars,
): Promise<Result<Reply, HttpFailure>> {
	const founding = toSchedule(body);
	const input = body.schedule ?? founding;
	if (input === undefined || (founding !== undefined && body.schedule !== undefined)) {
		return refuseField("schedule", "expected this, or schedule_kind and schedule_expr");
	}
	const flaws = new Flaws();
	const from = readFrom(body.from, input, now, flaws);
	const options = {
		now: from ?? now,
		pathOf: founding === undefined ? pathInSchedule : pathInFounding,
		calendars,
		requireFuture: false,
	};
	const schedule = readSchedule(input, options, flaws);
	const refusal = flaws.refusal();
	if (refusal !== undefined) return err(refusal);
	if (schedule === undefined || from === undefined) {
		throw new Error("A preview that cannot be read has been refused before");
	}
	const { inclusive = false, count = LIMITS.previewCountDefault } = body;
	const asked = { from, inclusive, count: Math.min(count, schedule.limit ?? count) };
	const occurrences = await listInSlices(schedule, asked, calendars);
	return occurrences === null
		? refuseField("count", "these occurrences take too long to find: ask for fewer")
		: reply({ occurrences });
}

/** Epoch ms; without an offset in the schedule's zone. */
function readFrom(
	from: string | undefined,
	{ timezone }: ScheduleInput,
	now: number,
	flaws: Flaws,
): number | undefined {
	if (from === undefined) return now;
	const instant = parseInstant(from);
	if (instant.ok) return instant.value;
	const zone = zoneOf(timezone ?? "UTC");
	// An unknown zone is the schedule's flaw, and reported as such.
	if (zone === undefined) return now;
	const flaw = (member: string, message: string): undefined => {
		flaws.invalid(member, message);
		return undefined;
	};
	return readTime("from", from, { zone, flaw });
}

async function listInSlices(
	schedule: ScheduleDoc,
	asked: { readonly from: number; readonly inclusive: boolean; readonly count: number },
	calendars: Calendars,
): Promise<readonly OccurrenceView[] | null> {
	const found: OccurrenceView[] = [];
	const startedAt = Date.now();
	let size = FIRST_SLICE;
	let { from, inclusive } = asked;
	while (found.length < asked.count) {
		const count = Math.min(size, asked.count - found.length);
		const sliceAt = Date.now();
		const slice = occurrencesFrom(schedule, { from, inclusive, count }, calendars);
		found.push(...slice);
		const last = slice.at(-1);
		if (last === undefined || slice.length < count || found.length >= asked.count) break;
		// The runtime's clock stands still until something is awaited.
		await scheduler.wait(0);
		if (Date.now() - startedAt > PREVIEW_MS_MAX) return null;
		if (Date.now() - sliceAt < QUICK_MS) size *= 2;
		from = Date.parse(last.at);
		inclusive = false;
	}
	return found;
}
