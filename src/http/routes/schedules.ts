/** `/v1/timers/preview`: when a schedule would fire, without a timer. */
import { PreviewAnswerSchema, PreviewBodySchema } from "../../contract/schedule.ts";
import { calendarsFrom } from "../../core/calendar/calendar-dates.ts";
import { withCalendars } from "../calendars/with-calendars.ts";
import { defineRoute, type Route } from "../route.ts";
import { previewSchedule } from "../timers/preview.ts";

export const scheduleRoutes: readonly Route[] = [
	defineRoute({
		method: "POST",
		path: "/v1/timers/preview",
		tag: "Timers",
		summary: "Preview a schedule",
		description:
			"The next occurrences after `from`, with a note where DST moved one. What counts from a timer's creation counts from `from` here. A schedule that has ended gives none.",
		auth: { scope: "timer.read" },
		request: {
			body: PreviewBodySchema,
			example: {
				schedule: { cron: "30 2 * * *", timezone: "Europe/Berlin" },
				count: 2,
				from: "2026-03-28T12:00:00Z",
			},
		},
		responses: {
			200: {
				description: "The occurrences, in order",
				schema: PreviewAnswerSchema,
				example: {
					occurrences: [
						{
							at: "2026-03-29T01:30:00.000Z",
							local: "2026-03-29T03:30:00",
							offset: "+02:00",
							note: "gap: moved forward by 1h",
						},
						{
							at: "2026-03-30T00:30:00.000Z",
							local: "2026-03-30T02:30:00",
							offset: "+02:00",
						},
					],
				},
			},
		},
		idempotency: "ignored",
		async handle(context) {
			const { calendars = [] } = await withCalendars(context, [context.body.schedule]);
			return previewSchedule(context.body, context.tenantNow, calendarsFrom(calendars));
		},
	}),
];
