/**
 * The founding scheduler's way to say when, `schedule_kind` with `schedule_expr` and `timezone`, as
 * a schedule of today. Called where timers and previews are read.
 */
import type { ScheduleInput } from "../../contract/schedule.ts";

export type FoundingSchedule = {
	readonly schedule_kind?: "cron" | "rrule" | "once" | "event" | "condition" | undefined;
	readonly schedule_expr?: string | undefined;
	readonly timezone?: string | undefined;
};

/** `undefined` where a member is missing. `once` is a list of one instant. */
export function toSchedule(input: FoundingSchedule): ScheduleInput | undefined {
	const { schedule_kind: kind, schedule_expr: expression, timezone } = input;
	if (kind === undefined || expression === undefined) return undefined;
	const zone = timezone === undefined ? {} : { timezone };
	return kind === "once" ? { dates: [expression], ...zone } : { [kind]: expression, ...zone };
}

/** Where a member of that schedule stands in the body. */
export function pathInFounding(member: string): string {
	return member === "timezone" ? member : "schedule_expr";
}
