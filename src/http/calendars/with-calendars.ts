/**
 * Asks the registry for the calendars that the schedules of a request name. A request that names
 * none makes no call; one that is not there is refused where the schedule is read.
 */
import { registryOf } from "../../../durable-objects/shared/object-names.ts";
import type { ScheduleInput } from "../../contract/schedule.ts";
import type { Calendars } from "../../core/calendar/calendar-dates.ts";
import { calendarNamesOf } from "../../core/recurrence/read-exceptions.ts";
import type { TenantContext } from "../context.ts";

/** The context with the calendars in it, from where the rules and the shards get them. */
export async function withCalendars<C extends TenantContext>(
	context: C,
	schedules: readonly (ScheduleInput | null | undefined)[],
): Promise<C> {
	const names = new Set<string>();
	for (const schedule of schedules) {
		if (schedule == null) continue;
		for (const { name } of calendarNamesOf(schedule)) names.add(name);
	}
	if (names.size === 0) return context;
	const calendars = await registryOf(context.env, context.tenant).calendarsNamed([...names]);
	return { ...context, calendars };
}

/**
 * The calendars that a schedule names, each without a day: for reading again what was read while
 * they were there, and whose due time is known.
 */
export function emptyCalendars(schedule: ScheduleInput | undefined): Calendars {
	const names = schedule === undefined ? [] : calendarNamesOf(schedule);
	return new Map(names.map(({ name }) => [name, { version: 0, dates: new Set<string>() }]));
}
