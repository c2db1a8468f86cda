/** Calendars: named sets of local dates that schedules leave out or keep to. */
import { z } from "zod";
import { LIMITS } from "./limits.ts";
import { InstantSchema } from "./timer.ts";

/** Lower and upper case, digits, dot, dash and underscore: what a path segment holds unescaped. */
export const CalendarNameSchema = z
	.string()
	.max(LIMITS.calendarNameLength)
	.regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "expected a calendar's name: A-Z, a-z, 0-9, dot, dash, _");

/** A local date without a zone: the timer's own zone says which instants fall on it. */
const LocalDateSchema = z.string().max(32).meta({
	id: "LocalDate",
	description: "A date without a zone, e.g. 2026-12-25",
});

export const CalendarPutSchema = z
	.strictObject({
		dates: z.array(LocalDateSchema).max(LIMITS.calendarDates),
		ical: z.string().meta({ description: "iCalendar, as the body under text/calendar is" }),
	})
	.partial()
	.meta({ id: "CalendarPut", description: "One of `dates` and `ical`" });
export type CalendarPut = z.infer<typeof CalendarPutSchema>;

export const CalendarSummarySchema = z
	.object({
		name: CalendarNameSchema,
		version: z.int().min(1).meta({ description: "Raised by every change" }),
		count: z.int().min(0).meta({ description: "How many dates it has" }),
		firstDate: LocalDateSchema.nullable(),
		lastDate: LocalDateSchema.nullable(),
		updatedAt: InstantSchema,
	})
	.meta({ id: "CalendarSummary" });
export type CalendarSummary = z.infer<typeof CalendarSummarySchema>;

export const CalendarSchema = z
	.object({ ...CalendarSummarySchema.shape, dates: z.array(LocalDateSchema) })
	.meta({ id: "Calendar" });
export type Calendar = z.infer<typeof CalendarSchema>;
