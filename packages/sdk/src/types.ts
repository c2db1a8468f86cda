/** The shapes of the wire, as the contract declares them. No logic here. */
import type { z } from "zod";
import type {
	CalendarPutSchema,
	CalendarSchema,
	CalendarSummarySchema,
} from "../../../src/contract/calendar.ts";
import type {
	BulkReplayAnswerSchema,
	BulkReplayBodySchema,
	DeadLetterPatchSchema,
	DeadLetterViewSchema,
	DeliveryViewSchema,
} from "../../../src/contract/delivery.ts";
import type {
	ClockMovedSchema,
	ClockMoveSchema,
	ClockSchema,
} from "../../../src/contract/dev-clock.ts";
import type { EventSchema } from "../../../src/contract/event.ts";
import type { LatenessSchema } from "../../../src/contract/lateness.ts";
import type {
	AckAnswerSchema,
	AckCallSchema,
	DeadMessageSchema,
	ExtendAnswerSchema,
	ExtendCallSchema,
	LeaseOutcomeSchema,
	MailboxDeletedSchema,
	MailboxSchema,
	PullAnswerSchema,
	PullCallSchema,
	PulledMessageSchema,
	PutAnswerSchema,
	PutMessageSchema,
} from "../../../src/contract/mailbox.ts";
import type {
	PreviewAnswerSchema,
	PreviewBodySchema,
	ScheduleSchema,
} from "../../../src/contract/schedule.ts";
import type { StreamTokenSchema } from "../../../src/contract/stream.ts";
import type {
	TemplatePreviewAnswerSchema,
	TemplatePreviewSchema,
} from "../../../src/contract/template.ts";
import type {
	KeyCreatedSchema,
	KeyCreateSchema,
	KeySchema,
	PricingSchema,
	SecretRotatedSchema,
	TenantCreatedSchema,
	TenantCreateSchema,
	TenantPatchSchema,
	TenantSchema,
	UsageSchema,
} from "../../../src/contract/tenant.ts";
import type {
	FiringViewSchema,
	TimerCreateSchema,
	TimerPatchSchema,
	TimerViewSchema,
} from "../../../src/contract/timer.ts";
import type {
	AcknowledgeBodySchema,
	BackfillAnswerSchema,
	BackfillBodySchema,
	BatchAnswerSchema,
	BulkAnswerSchema,
	BulkBodySchema,
	CancelAnswerSchema,
	CleanupBodySchema,
	DeleteAnswerSchema,
	JobSchema,
	NoteBodySchema,
	ReplayFiringAnswerSchema,
	ReplayFiringBodySchema,
	RunAnswerSchema,
	RunBodySchema,
	SnoozeBodySchema,
} from "../../../src/contract/timer-calls.ts";
import type { TimerFilterSchema } from "../../../src/contract/timer-list.ts";
import type { EventPublishSchema, PublishedSchema } from "../../../src/contract/topic.ts";
import type { ImportAnswerSchema } from "../../../src/contract/transfer.ts";

export type { FieldError, Problem } from "../../../src/contract/error.ts";
export type { EventType } from "../../../src/contract/event.ts";
export type { JsonObject, JsonValue } from "../../../src/contract/json.ts";
export type { Page } from "../../../src/contract/page.ts";
export type { Scope } from "../../../src/contract/tenant.ts";
export type { TimerStatus } from "../../../src/contract/timer.ts";

export type AckAnswer = z.output<typeof AckAnswerSchema>;
export type AckCall = z.input<typeof AckCallSchema>;
export type AcknowledgeCall = z.input<typeof AcknowledgeBodySchema>;
export type BackfillAnswer = z.output<typeof BackfillAnswerSchema>;
export type BackfillCall = z.input<typeof BackfillBodySchema>;
export type BatchAnswer = z.output<typeof BatchAnswerSchema>;
export type BulkAnswer = z.output<typeof BulkAnswerSchema>;
export type BulkCall = z.input<typeof BulkBodySchema>;
export type BulkReplayAnswer = z.output<typeof BulkReplayAnswerSchema>;
export type BulkReplayCall = z.input<typeof BulkReplayBodySchema>;
export type Calendar = z.output<typeof CalendarSchema>;
export type CalendarPut = z.input<typeof CalendarPutSchema>;
export type CalendarSummary = z.output<typeof CalendarSummarySchema>;
export type CancelAnswer = z.output<typeof CancelAnswerSchema>;
export type CleanupCall = z.input<typeof CleanupBodySchema>;
export type Clock = z.output<typeof ClockSchema>;
export type ClockMove = z.input<typeof ClockMoveSchema>;
export type ClockMoved = z.output<typeof ClockMovedSchema>;
export type DeadLetter = z.output<typeof DeadLetterViewSchema>;
export type DeadLetterPatch = z.input<typeof DeadLetterPatchSchema>;
export type DeadMessage = z.output<typeof DeadMessageSchema>;
export type DeleteAnswer = z.output<typeof DeleteAnswerSchema>;
export type Delivery = z.output<typeof DeliveryViewSchema>;
export type EventPublish = z.input<typeof EventPublishSchema>;
export type ExtendAnswer = z.output<typeof ExtendAnswerSchema>;
export type ExtendCall = z.input<typeof ExtendCallSchema>;
export type Firing = z.output<typeof FiringViewSchema>;
export type ImportAnswer = z.output<typeof ImportAnswerSchema>;
export type Job = z.output<typeof JobSchema>;
export type Key = z.output<typeof KeySchema>;
export type KeyCreate = z.input<typeof KeyCreateSchema>;
export type KeyCreated = z.output<typeof KeyCreatedSchema>;
export type Lateness = z.output<typeof LatenessSchema>;
export type LeaseOutcome = z.output<typeof LeaseOutcomeSchema>;
export type Mailbox = z.output<typeof MailboxSchema>;
export type MinootsEvent = z.output<typeof EventSchema>;
export type Pricing = z.output<typeof PricingSchema>;
export type Published = z.output<typeof PublishedSchema>;
export type PullAnswer = z.output<typeof PullAnswerSchema>;
export type PullCall = z.input<typeof PullCallSchema>;
export type PulledMessage = z.output<typeof PulledMessageSchema>;
export type PutMessageAnswer = z.output<typeof PutAnswerSchema>;
export type PutMessageCall = z.input<typeof PutMessageSchema>;
export type ReplayFiringAnswer = z.output<typeof ReplayFiringAnswerSchema>;
export type ReplayFiringCall = z.input<typeof ReplayFiringBodySchema>;
export type RunAnswer = z.output<typeof RunAnswerSchema>;
export type RunCall = z.input<typeof RunBodySchema>;
export type Schedule = z.input<typeof ScheduleSchema>;
export type SchedulePreview = z.input<typeof PreviewBodySchema>;
export type SchedulePreviewAnswer = z.output<typeof PreviewAnswerSchema>;
export type SecretRotated = z.output<typeof SecretRotatedSchema>;
export type SnoozeCall = z.input<typeof SnoozeBodySchema>;
export type StreamToken = z.output<typeof StreamTokenSchema>;
export type TemplatePreview = z.input<typeof TemplatePreviewSchema>;
export type TemplatePreviewAnswer = z.output<typeof TemplatePreviewAnswerSchema>;
export type Tenant = z.output<typeof TenantSchema>;
export type TenantCreate = Omit<z.input<typeof TenantCreateSchema>, "id"> & { id: string };
export type TenantCreated = z.output<typeof TenantCreatedSchema>;
export type TenantPatch = z.input<typeof TenantPatchSchema>;
export type Timer = z.output<typeof TimerViewSchema>;
export type TimerCreate = z.input<typeof TimerCreateSchema>;
export type TimerFilter = z.input<typeof TimerFilterSchema>;
export type TimerPatch = z.input<typeof TimerPatchSchema>;
export type Usage = z.output<typeof UsageSchema>;
export type JobStarted = { jobId: string; matched: number };
export type Listed<T> = { items: T[] };
export type MailboxDeleted = z.output<typeof MailboxDeletedSchema>;
export type NoteCall = z.input<typeof NoteBodySchema>;
export type Health = { status: "ok" };
