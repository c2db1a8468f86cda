/** `/v1/calendars`: named sets of dates, such as holidays, that schedules refer to. */
import { z } from "zod";
import {
	CalendarNameSchema,
	CalendarPutSchema,
	CalendarSchema,
	CalendarSummarySchema,
} from "../../contract/calendar.ts";
import { deleteCalendar, getCalendar, listCalendars, putCalendar } from "../calendars/calendars.ts";
import { reply } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";

const TAG = "Calendars";
const params = z.object({ name: CalendarNameSchema });
/** Not in pages: a tenant has a bounded number of calendars. `nextCursor` is always null. */
const CalendarListSchema = z.object({
	items: z.array(CalendarSummarySchema),
	nextCursor: z.null(),
});

const SUMMARY_EXAMPLE = {
	name: "holidays-de",
	version: 3,
	count: 2,
	firstDate: "2026-12-25",
	lastDate: "2026-12-26",
	updatedAt: "2026-11-21T09:00:00.000Z",
};

export const calendarRoutes: readonly Route[] = [
	defineRoute({
		method: "PUT",
		path: "/v1/calendars/:name",
		tag: TAG,
		summary: "Put a calendar",
		description:
			"New, or in place of the one so called; timers that name it move to what is then their next occurrence. Every event of an iCalendar body counts, a timed one as the whole of each local day it touches; rules are expanded for 20 years ahead.",
		auth: { scope: "timer.write" },
		request: {
			params,
			body: CalendarPutSchema,
			texts: {
				"text/calendar": {
					description: "iCalendar (RFC 5545)",
					read: (ical) => ({ ical }),
				},
			},
			example: { dates: ["2026-12-25", "2026-12-26"] },
		},
		responses: {
			200: {
				description: "What the calendar holds now",
				schema: CalendarSummarySchema,
				example: SUMMARY_EXAMPLE,
			},
		},
		async handle(context) {
			const put = await putCalendar(context, context.params.name, context.body);
			return put.ok ? reply(put.value) : put;
		},
	}),
	defineRoute({
		method: "GET",
		path: "/v1/calendars",
		tag: TAG,
		summary: "List calendars",
		auth: { scope: "timer.read" },
		responses: {
			200: {
				description: "Every calendar, by name",
				schema: CalendarListSchema,
				example: { items: [SUMMARY_EXAMPLE], nextCursor: null },
			},
		},
		async handle(context) {
			const items = await listCalendars(context);
			return items.ok ? reply({ items: items.value, nextCursor: null }) : items;
		},
	}),
	defineRoute({
		method: "GET",
		path: "/v1/calendars/:name",
		tag: TAG,
		summary: "Read a calendar",
		auth: { scope: "timer.read" },
		request: { params },
		responses: {
			200: {
				description: "The calendar with its dates",
				schema: CalendarSchema,
				example: { ...SUMMARY_EXAMPLE, dates: ["2026-12-25", "2026-12-26"] },
			},
		},
		problems: ["not_found"],
		async handle(context) {
			const calendar = await getCalendar(context, context.params.name);
			return calendar.ok ? reply(calendar.value) : calendar;
		},
	}),
	defineRoute({
		method: "DELETE",
		path: "/v1/calendars/:name",
		tag: TAG,
		summary: "Remove a calendar",
		description: "No schedule can name it any more; timers that do keep the dates it had.",
		auth: { scope: "timer.manage" },
		request: { params },
		responses: { 204: { description: "Removed" } },
		problems: ["not_found"],
		async handle(context) {
			const deleted = await deleteCalendar(context, context.params.name);
			return deleted.ok ? reply(undefined, 204) : deleted;
		},
	}),
];
