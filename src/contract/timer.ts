/** A timer as callers write it, change it and read it. */

import { z } from "zod";
import {
	ActionSchema,
	ActionViewSchema,
	EscalationSchema,
	EscalationViewSchema,
} from "./action.ts";
import { ConditionsSchema } from "./condition.ts";
import { DependencyViewSchema, DependsOnSchema, FoundingDependenciesSchema } from "./dependency.ts";
import { MisfireSchema, MisfireViewSchema, OverlapSchema, WindowSchema } from "./firing-policy.ts";
import {
	AgentBindingSchema,
	FoundingActionBundleSchema,
	FoundingEventsSchema,
	FoundingScheduleSchemas,
} from "./founding.ts";
import { TimerIdSchema } from "./ids.ts";
import { JitterPolicySchema, TimerJitterPolicySchema } from "./jitter-policy.ts";
import { JsonObjectSchema } from "./json.ts";
import { LIMITS } from "./limits.ts";
import { RetrySchema } from "./retry.ts";
import { ScheduleSchema } from "./schedule.ts";
import { GraphViewSchema, TemporalGraphSchema } from "./temporal-graph.ts";
import { DurationSchema, InstantSchema } from "./time.ts";
import { TIMER_STATUSES } from "./timer-statuses.ts";

export { DurationSchema, InstantSchema };

export const LabelsSchema = z.record(
	z.string().min(1).max(LIMITS.labelKeyLength),
	z.string().max(LIMITS.labelValueLength),
);

export const PrioritySchema = z
	.int()
	.min(1)
	.max(9)
	.meta({ description: "1 is most urgent; 1–3 high, 4–6 medium, 7–9 low. Default 5" });

export const DEDUPE_MODES = ["keep", "replace", "merge", "reject"] as const;
export type DedupeMode = (typeof DEDUPE_MODES)[number];

/** What becomes of a create whose dedupe key is taken. */
export const DedupeSchema = z
	.strictObject({
		key: z.string().min(1).max(LIMITS.keyLength).meta({ description: "The same as `dedupeKey`" }),
		window: DurationSchema.meta({
			description: "How long the key stays taken after the create, also when its timer has ended",
		}),
		windowMs: z.int().meta({ description: "Alias of `window`, in milliseconds" }),
		mode: z.enum(DEDUPE_MODES).meta({
			description:
				"`keep` (default) answers the timer that has the key; `replace` makes it this timer, under its id; `merge` merges `params`, `labels` and `metadata` into it and leaves when it is due; `reject` is 409",
		}),
	})
	.partial()
	.meta({ id: "Dedupe" });

const changeable = {
	name: z.string().min(1).max(LIMITS.nameLength),
	in: DurationSchema,
	duration: DurationSchema.meta({ description: "Alias of `in`" }),
	at: InstantSchema,
	fireAt: InstantSchema.meta({ description: "Alias of `at`" }),
	schedule: ScheduleSchema,
	...FoundingScheduleSchemas,
	message: z.string().max(LIMITS.messageLength),
	params: JsonObjectSchema,
	actions: z.array(ActionSchema).min(1).max(LIMITS.actionsPerTimer),
	retry: RetrySchema,
	escalation: EscalationSchema,
	priority: PrioritySchema,
	labels: LabelsSchema,
	metadata: JsonObjectSchema,
	context: JsonObjectSchema.meta({
		description: "What conditions and templates are told until the timer fires",
	}),
	conditions: ConditionsSchema,
	misfire: MisfireSchema,
	overlap: OverlapSchema,
	jitter: WindowSchema.meta({
		description: "Each firing starts later by a part of this that differs from firing to firing",
	}),
	jitterPolicy: TimerJitterPolicySchema.meta({
		description:
			"Has the timer's shard woken earlier by as much as its wakes are late, at most `maxCompensationMs`; nothing fires early",
	}),
	spread: WindowSchema.meta({
		description: "All firings start later by one part of this, the timer's own",
	}),
} as const;

export const TimerCreateSchema = z
	.strictObject({
		...changeable,
		dependsOn: DependsOnSchema,
		depends_on: FoundingDependenciesSchema,
		dependencies: FoundingDependenciesSchema,
		dedupeKey: z.string().min(1).max(LIMITS.keyLength),
		dedupe: DedupeSchema,
		concurrencyKey: z.string().min(1).max(LIMITS.keyLength).meta({
			description: "Of all timers with this key, one fires at a time; the others wait in order",
		}),
		fidelity: z.enum(["full", "fast"]),
		tenantId: z.string().max(64),
		requestedBy: z.string().min(1).max(LIMITS.nameLength),
		agent_id: z.string().max(LIMITS.labelValueLength),
		team: z.string().max(LIMITS.labelValueLength),
		events: FoundingEventsSchema,
		actionBundle: FoundingActionBundleSchema,
		agentBinding: AgentBindingSchema,
		temporalGraph: TemporalGraphSchema,
	})
	.partial()
	.meta({
		id: "TimerCreate",
		description: "One of `in`, `at` (aliases `duration`, `fireAt`) and `schedule` says when",
	});
export type TimerCreate = z.infer<typeof TimerCreateSchema>;

export const TimerPatchSchema = z
	.strictObject({
		...changeable,
		extend: DurationSchema.meta({ description: "Moves the due time later by this much" }),
		schedule: changeable.schedule.nullable().meta({
			description: "`null`: the next firing is the last",
		}),
		name: changeable.name.nullable(),
		message: changeable.message.nullable(),
		conditions: changeable.conditions.nullable(),
		escalation: EscalationSchema.nullable(),
		tenantId: z.string().max(64),
	})
	.partial()
	.meta({ id: "TimerPatch" });
export type TimerPatch = z.infer<typeof TimerPatchSchema>;

export const TimerStatusSchema = z.enum(TIMER_STATUSES);
export type TimerStatus = z.infer<typeof TimerStatusSchema>;

export const FiringViewSchema = z
	.object({
		seq: z.int().min(1),
		dueAt: InstantSchema,
		nominalAt: InstantSchema.meta({
			description: "The instant the schedule names: `dueAt` without jitter, spread and snooze",
		}),
		firedAt: InstantSchema,
		settledAt: InstantSchema.nullable(),
		latenessMs: z.int().min(0),
		status: z.enum(["firing", "settled", "failed", "cancelled"]),
	})
	.meta({ id: "Firing" });
export type FiringView = z.infer<typeof FiringViewSchema>;

export const TimerViewSchema = z
	.object({
		id: TimerIdSchema,
		tenantId: z.string(),
		name: z.string().nullable(),
		status: TimerStatusSchema,
		createdAt: InstantSchema,
		at: InstantSchema.nullable().meta({
			description: "When its firing starts, or has started; null while it waits for other timers",
		}),
		nextFireAt: InstantSchema.nullable(),
		nominalAt: InstantSchema.nullable().meta({
			description: "The instant the schedule names: `at` without jitter, spread and snooze",
		}),
		schedule: ScheduleSchema.nullable(),
		timeRemainingMs: z.int().min(0),
		progress: z.number().min(0).max(1),
		firedCount: z.int().min(0),
		remainingFirings: z.int().min(0).nullable().meta({
			description: "What is left of the schedule's `limit`; null without one",
		}),
		lastFiring: FiringViewSchema.nullable(),
		message: z.string().nullable(),
		params: JsonObjectSchema,
		actions: z.array(ActionViewSchema),
		retry: RetrySchema,
		priority: PrioritySchema,
		labels: LabelsSchema,
		metadata: JsonObjectSchema,
		context: JsonObjectSchema,
		conditions: ConditionsSchema.nullable(),
		misfire: MisfireViewSchema,
		overlap: OverlapSchema,
		jitterMs: z.int().min(0),
		spreadMs: z.int().min(0),
		jitterPolicy: JitterPolicySchema.nullable(),
		dedupeKey: z.string().nullable(),
		dedupe: z.object({ windowMs: z.int().nullable(), mode: z.enum(DEDUPE_MODES) }).nullable(),
		concurrencyKey: z.string().nullable(),
		fidelity: z.enum(["full", "fast"]),
		dependsOn: z.array(DependencyViewSchema),
		graph: GraphViewSchema.nullable(),
		graphRootId: TimerIdSchema.nullable(),
		graphNodeId: z.string().nullable(),
		requestedBy: z.string().nullable(),
		cancelReason: z.string().nullable(),
		escalation: EscalationViewSchema.nullable(),
		acknowledgedAt: InstantSchema.nullable(),
		acknowledgeNote: z.string().nullable(),
		skipReason: z.string().nullable().meta({ description: "Why it ended without firing" }),
		pausedAt: InstantSchema.nullable(),
		pauseNote: z.string().nullable(),
		etag: z.string(),
	})
	.meta({ id: "Timer" });
export type TimerView = z.infer<typeof TimerViewSchema>;
