/** The occurrences of a stored schedule, as its shard computes them. */
import type { NextOccurrence } from "../../../src/core/firing/occurrences.ts";
import { nextOccurrence } from "../../../src/core/recurrence/next-occurrence.ts";
import { calendarsOf } from "../../../src/core/recurrence/schedule-doc.ts";
import type { TimerDoc } from "../../../src/core/timer-doc.ts";
import { calendarsOf as copiesOf } from "../calendar/calendars.ts";
import type { Shard } from "../shard.ts";

/** Of a document without a schedule there are none. */
export function nextOccurrenceOf(shard: Shard, { schedule }: TimerDoc): NextOccurrence {
	if (schedule === undefined) return () => null;
	const calendars = copiesOf(shard, calendarsOf(schedule));
	return (after) => nextOccurrence(schedule, after, calendars)?.at ?? null;
}
