/** Calendars: read from what the caller sent, kept by the registry, told to the shards. */
import { registryOf } from "../../../durable-objects/shared/object-names.ts";
import type { Calendar, CalendarPut, CalendarSummary } from "../../contract/calendar.ts";
import { readDates, readIcalendar } from "../../core/calendar/read-calendar.ts";
import { err, ok, type Result } from "../../core/result.ts";
import type { TenantContext } from "../context.ts";
import { type HttpFailure, refuseField } from "../failure.ts";
import { registryFailure } from "../registry-failure.ts";
import { allHomes } from "../timers/shards.ts";

/**
 * Puts a calendar and brings it to every shard whose timers name it. Should a shard not be reached,
 * the call fails and is to be repeated: the calendar itself is stored by then.
 */
export async function putCalendar(
	context: TenantContext,
	name: string,
	input: CalendarPut,
): Promise<Result<CalendarSummary, HttpFailure>> {
	const dates = datesOf(input, context.tenantNow);
	if (!dates.ok) return dates;
	const put = await registryOf(context.env, context.tenant).putCalendar(name, dates.value);
	if (!put.ok) return err(registryFailure(put.error, `The calendar ${name}`));
	const calendar = { name, version: put.value.version, dates: dates.value };
	await Promise.all(allHomes(context).map(({ stub, call }) => stub.putCalendar(call, calendar)));
	return put;
}

export async function getCalendar(
	{ env, tenant }: TenantContext,
	name: string,
): Promise<Result<Calendar, HttpFailure>> {
	const calendar = await registryOf(env, tenant).getCalendar(name);
	return calendar.ok ? calendar : err(registryFailure(calendar.error, `The calendar ${name}`));
}

export async function listCalendars({
	env,
	tenant,
}: TenantContext): Promise<Result<readonly CalendarSummary[], HttpFailure>> {
	const calendars = await registryOf(env, tenant).listCalendars();
	return calendars.ok ? calendars : err(registryFailure(calendars.error, "The tenant"));
}

/** Refuses new uses; timers that name it keep the dates they know. */
export async function deleteCalendar(
	{ env, tenant }: TenantContext,
	name: string,
): Promise<Result<null, HttpFailure>> {
	const deleted = await registryOf(env, tenant).deleteCalendar(name);
	return deleted.ok ? deleted : err(registryFailure(deleted.error, `The calendar ${name}`));
}

function datesOf(
	{ dates, ical }: CalendarPut,
	now: number,
): Result<readonly string[], HttpFailure> {
	if (dates !== undefined && ical !== undefined) {
		return refuseField("ical", "dates and ical are given, where one may say which dates");
	}
	if (dates === undefined && ical === undefined) {
		return refuseField("dates", "is missing: one of dates and ical says which dates");
	}
	const read = ical === undefined ? readDates(dates ?? []) : readIcalendar(ical, now);
	return read.ok ? ok(read.value) : err({ code: "validation_failed", errors: read.error });
}
