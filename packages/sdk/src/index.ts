/** What `@minoots/sdk` exports. No logic here. */
export { formatTimeRemaining, parseDuration } from "./duration.ts";
export { type ClientErrorCode, MinootsError, type MinootsErrorCode } from "./error.ts";
export type { StreamedEvent, StreamGap, StreamOptions } from "./events/stream.ts";
export type {
	ConsumeOptions,
	Handler,
	HandlerContext,
	MessageOf,
} from "./mailbox/consume.ts";
export { RetryLater } from "./mailbox/retry-later.ts";
export { Minoots } from "./minoots.ts";
export type * from "./options.ts";
export type { PageQuery } from "./paging.ts";
export type { DeadLetterQuery } from "./resources/dead-letters.ts";
export type {
	ExportQuery,
	IfMatch,
	ImportQuery,
	TimerListQuery,
	TimerQuery,
} from "./resources/timers.ts";
export type * from "./types.ts";
export {
	type VerifyOptions,
	verifyWebhook,
	type WebhookHeaders,
	type WebhookRefusal,
	WebhookVerificationError,
} from "./verify-webhook.ts";
export type { WaitForOptions } from "./wait-for.ts";
