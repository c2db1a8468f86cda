/**
 * The contract's schemas by the names that this package publishes their types under: what goes in and
 * what comes out. `src/types.ts` takes types of it, `build.ts` writes the published declarations.
 * Nothing of it is in the bundle.
 */
import { z } from "zod";
import {
	CalendarPutSchema,
	CalendarSchema,
	CalendarSummarySchema,
} from "../../src/contract/calendar.ts";
import {
	BulkReplayAnswerSchema,
	BulkReplayBodySchema,
	DeadLetterPatchSchema,
	DeadLetterViewSchema,
	DeliveryViewSchema,
} from "../../src/contract/delivery.ts";
import { ClockMovedSchema, ClockMoveSchema, ClockSchema } from "../../src/contract/dev-clock.ts";
import { FieldErrorSchema, ProblemSchema } from "../../src/contract/error.ts";
import { EventSchema } from "../../src/contract/event.ts";
import { JobIdSchema } from "../../src/contract/ids.ts";
import { LatenessSchema } from "../../src/contract/lateness.ts";
import {
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
} from "../../src/contract/mailbox.ts";
import {
	AccessTokenSchema,
	OidcPolicyPutSchema,
	OidcPolicySchema,
	TokenExchangeSchema,
} from "../../src/contract/oidc.ts";
import {
	OccurrenceSchema,
	PreviewAnswerSchema,
	PreviewBodySchema,
	ScheduleSchema,
} from "../../src/contract/schedule.ts";
import { SlackInstallationSchema, SlackInstallStartSchema } from "../../src/contract/slack.ts";
import { StreamTokenSchema } from "../../src/contract/stream.ts";
import { TemplatePreviewAnswerSchema, TemplatePreviewSchema } from "../../src/contract/template.ts";
import {
	KeyCreatedSchema,
	KeyCreateSchema,
	KeyHolderSchema,
	KeySchema,
	PricingSchema,
	ScopeSchema,
	SecretRotatedSchema,
	TenantCreatedSchema,
	TenantCreateSchema,
	TenantPatchSchema,
	TenantSchema,
	UsageSchema,
} from "../../src/contract/tenant.ts";
import {
	FiringViewSchema,
	TimerCreateSchema,
	TimerPatchSchema,
	TimerStatusSchema,
	TimerViewSchema,
} from "../../src/contract/timer.ts";
import {
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
} from "../../src/contract/timer-calls.ts";
import { TimerFilterSchema } from "../../src/contract/timer-list.ts";
import { EventPublishSchema, PublishedSchema } from "../../src/contract/topic.ts";
import { ImportAnswerSchema } from "../../src/contract/transfer.ts";

/** What callers send. */
export const INPUTS = {
	AckCall: AckCallSchema,
	AcknowledgeCall: AcknowledgeBodySchema,
	BackfillCall: BackfillBodySchema,
	BulkCall: BulkBodySchema,
	BulkReplayCall: BulkReplayBodySchema,
	CalendarPut: CalendarPutSchema,
	CleanupCall: CleanupBodySchema,
	ClockMove: ClockMoveSchema,
	DeadLetterPatch: DeadLetterPatchSchema,
	EventPublish: EventPublishSchema,
	ExtendCall: ExtendCallSchema,
	KeyCreate: KeyCreateSchema,
	NoteCall: NoteBodySchema,
	OidcPolicyPut: OidcPolicyPutSchema,
	PullCall: PullCallSchema,
	PutMessageCall: PutMessageSchema,
	ReplayFiringCall: ReplayFiringBodySchema,
	RunCall: RunBodySchema,
	Schedule: ScheduleSchema,
	SchedulePreview: PreviewBodySchema,
	SnoozeCall: SnoozeBodySchema,
	TemplatePreview: TemplatePreviewSchema,
	TenantCreate: TenantCreateSchema,
	TenantPatch: TenantPatchSchema,
	TimerCreate: TimerCreateSchema,
	TimerFilter: TimerFilterSchema,
	TimerPatch: TimerPatchSchema,
	TokenExchange: TokenExchangeSchema,
} as const;

/** What the network answers. */
export const OUTPUTS = {
	AccessToken: AccessTokenSchema,
	AckAnswer: AckAnswerSchema,
	BackfillAnswer: BackfillAnswerSchema,
	BatchAnswer: BatchAnswerSchema,
	BulkAnswer: BulkAnswerSchema,
	BulkReplayAnswer: BulkReplayAnswerSchema,
	Calendar: CalendarSchema,
	CalendarSummary: CalendarSummarySchema,
	CancelAnswer: CancelAnswerSchema,
	Clock: ClockSchema,
	ClockMoved: ClockMovedSchema,
	DeadLetter: DeadLetterViewSchema,
	DeadMessage: DeadMessageSchema,
	DeleteAnswer: DeleteAnswerSchema,
	Delivery: DeliveryViewSchema,
	EventType: EventSchema.shape.type,
	ExtendAnswer: ExtendAnswerSchema,
	FieldError: FieldErrorSchema,
	Firing: FiringViewSchema,
	Health: z.object({ status: z.literal("ok") }),
	ImportAnswer: ImportAnswerSchema,
	Job: JobSchema,
	JobStarted: z.object({ jobId: JobIdSchema, matched: z.int() }),
	Key: KeySchema,
	KeyCreated: KeyCreatedSchema,
	KeyHolder: KeyHolderSchema,
	Lateness: LatenessSchema,
	LeaseOutcome: LeaseOutcomeSchema,
	Mailbox: MailboxSchema,
	MailboxDeleted: MailboxDeletedSchema,
	MinootsEvent: EventSchema,
	Occurrence: OccurrenceSchema,
	OidcPolicy: OidcPolicySchema,
	Pricing: PricingSchema,
	Problem: ProblemSchema,
	Published: PublishedSchema,
	PullAnswer: PullAnswerSchema,
	PulledMessage: PulledMessageSchema,
	PutMessageAnswer: PutAnswerSchema,
	ReplayFiringAnswer: ReplayFiringAnswerSchema,
	RunAnswer: RunAnswerSchema,
	SchedulePreviewAnswer: PreviewAnswerSchema,
	Scope: ScopeSchema,
	SecretRotated: SecretRotatedSchema,
	SlackInstallation: SlackInstallationSchema,
	SlackInstallStart: SlackInstallStartSchema,
	StreamToken: StreamTokenSchema,
	TemplatePreviewAnswer: TemplatePreviewAnswerSchema,
	Tenant: TenantSchema,
	TenantCreated: TenantCreatedSchema,
	Timer: TimerViewSchema,
	TimerStatus: TimerStatusSchema,
	Usage: UsageSchema,
} as const;
