/**
 * A schedule as callers write it: when a timer fires, once or again and again. Its meaning and what
 * may stand together are checked by `core/recurrence/read-schedule.ts`.
 */
import { z } from "zod";
import { FoundingScheduleSchemas } from "./founding.ts";
import { LIMITS } from "./limits.ts";

const Time = z.string().min(1).max(64);
const Times = z.array(Time).max(LIMITS.scheduleDates);
const Duration = z.union([z.number(), z.string().max(100)]);
const Calendars = z
	.array(z.string().min(1).max(LIMITS.calendarNameLength))
	.max(LIMITS.calendarsPerSchedule);
const RuleText = z.string().max(LIMITS.ruleLength);
const Cron = z.union([RuleText, z.array(RuleText).min(1).max(LIMITS.rulesPerSchedule)]).meta({
	description: "Five fields, or six with seconds first; a list is their union",
});

export const WEEKDAY_CODES = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"] as const;
export const SHIFTS = ["next", "previous", "nearest", "skip"] as const;
export const DST_POLICIES = ["rfc5545", "skip", "twice"] as const;

/** A rule whose occurrences are left out. */
export const ExclusionRuleSchema = z
	.strictObject({ cron: Cron, rrule: RuleText, dtstart: Time })
	.partial()
	.meta({ description: "One of `cron` and `rrule`, in the schedule's zone" });

const RateSchema = z.strictObject({
	key: z.string().min(1).max(LIMITS.filterLength).optional().meta({
		description: "Expression whose values are kept apart",
	}),
	period: Duration,
});

export const ScheduleSchema = z
	.strictObject({
		cron: Cron,
		rrule: RuleText.meta({
			description: "RFC 5545: a rule, or lines of DTSTART, RRULE, RDATE, EXDATE, EXRULE",
		}),
		dtstart: Time.meta({ description: "Anchors `rrule`; by default the timer's creation" }),
		rdate: Times,
		exdate: Times,
		exrule: z.union([RuleText, z.array(RuleText).max(LIMITS.rulesPerSchedule)]),
		every: Duration.meta({ description: "Elapsed time between occurrences, from 1s" }),
		phase: Duration.meta({
			description: "Counts `every` from 1970-01-01T00:00Z plus this, not from the creation",
		}),
		dates: Times.min(1),
		businessDay: z.strictObject({
			nth: z.int().min(-23).max(23).meta({ description: "Of the month; -1 is the last" }),
			at: z.union([z.string().max(16), z.array(z.string().max(16)).min(1).max(24)]),
		}),
		lastBusinessDay: z.string().max(16).meta({
			description: "A time of day, short for `businessDay: {nth: -1, at}`",
		}),
		event: z.string().min(1).max(LIMITS.topicLength),
		filter: z.string().min(1).max(LIMITS.filterLength),
		debounce: RateSchema,
		throttle: RateSchema,
		condition: z.string().min(1).max(LIMITS.filterLength).meta({
			description: "Fires when this turns true; looked at `every` so often (1m)",
		}),
		timezone: z.string().max(64).meta({ description: "IANA name; UTC unless given" }),
		dst: z.enum(DST_POLICIES).meta({
			description:
				"A local time that a zone skips moves forward, one that it has twice fires at the first (rfc5545, the default); `skip` drops the former, `twice` fires at both of the latter",
		}),
		start: Time.meta({ description: "No occurrence before this" }),
		end: Time.meta({ description: "No occurrence after this" }),
		limit: z.int().min(1).max(LIMITS.firings).meta({ description: "Firings at most" }),
		exclude: z
			.strictObject({
				rules: z.array(ExclusionRuleSchema).max(LIMITS.rulesPerSchedule),
				dates: Times.meta({ description: "Days, or instants" }),
				calendars: Calendars,
			})
			.partial(),
		businessDays: z
			.strictObject({
				calendars: Calendars.meta({ description: "Whose days are no business days" }),
				weekend: z
					.array(z.enum(WEEKDAY_CODES))
					.max(6)
					.meta({ description: "SA and SU unless given" }),
				shift: z.enum(SHIFTS).meta({
					description: "Where an occurrence on another day moves; stays where it is unless given",
				}),
			})
			.partial(),
	})
	.partial()
	.meta({
		id: "Schedule",
		description:
			"One of `cron`, `rrule`, `every`, `dates`, `businessDay`, `lastBusinessDay`, `event` and `condition` says when",
	});
export type ScheduleInput = z.infer<typeof ScheduleSchema>;
export type Weekday = (typeof WEEKDAY_CODES)[number];
export type Shift = (typeof SHIFTS)[number];

export const OccurrenceSchema = z
	.object({
		at: z.string(),
		local: z.string().meta({ description: "The same on the clock of the schedule's zone" }),
		offset: z.string(),
		note: z.string().optional().meta({ description: "Where DST moved the occurrence" }),
	})
	.meta({ id: "Occurrence" });
export type OccurrenceView = z.infer<typeof OccurrenceSchema>;

export const PreviewBodySchema = z
	.strictObject({
		schedule: ScheduleSchema.optional(),
		schedule_kind: FoundingScheduleSchemas.schedule_kind.optional(),
		schedule_expr: FoundingScheduleSchemas.schedule_expr.optional(),
		timezone: FoundingScheduleSchemas.timezone.optional(),
		count: z.int().min(1).max(LIMITS.previewCount).optional(),
		from: Time.optional().meta({ description: "Now unless given; may be long past" }),
		inclusive: z.boolean().optional().meta({ description: "An occurrence at `from` counts" }),
	})
	.meta({ id: "SchedulePreview" });
export type PreviewBody = z.infer<typeof PreviewBodySchema>;

export const PreviewAnswerSchema = z
	.object({ occurrences: z.array(OccurrenceSchema) })
	.meta({ id: "SchedulePreviewAnswer" });
