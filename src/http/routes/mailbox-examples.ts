/** Examples of the mailbox resources in the reference, as `examples.ts` has them of the others. */

const LEASE_ID = "17-1-9f86d081884c7d65";
const MESSAGE_ID = "msg_7h2kq0v5xw3m9c1r8d4t6b2n";
const ENQUEUED_AT = "2026-12-01T09:00:00.000Z";

export const PUT_EXAMPLE = { body: { branch: "main" }, priority: 3, delayMs: 5_000 } as const;
export const PUT_ANSWER_EXAMPLE = { id: MESSAGE_ID, enqueuedAt: ENQUEUED_AT } as const;

export const PULL_EXAMPLE = { batchSize: 10, waitMs: 30_000 } as const;
export const PULL_ANSWER_EXAMPLE = {
	messages: [
		{
			id: MESSAGE_ID,
			leaseId: LEASE_ID,
			attempts: 1,
			priority: 3,
			enqueuedAt: ENQUEUED_AT,
			leaseExpiresAt: "2026-12-01T09:01:05.000Z",
			body: { branch: "main" },
			traceparent: null,
		},
	],
	backlog: 4,
} as const;

export const ACK_EXAMPLE = {
	acks: [{ leaseId: LEASE_ID, result: { exitCode: 0 } }],
	retries: [{ leaseId: "18-2-60303ae22b998861", delayMs: 30_000, reason: "the disk is full" }],
} as const;
export const ACK_ANSWER_EXAMPLE = {
	ackCount: 1,
	retryCount: 0,
	acks: [{ leaseId: LEASE_ID, outcome: "acknowledged" }],
	retries: [{ leaseId: "18-2-60303ae22b998861", outcome: "stale" }],
} as const;

export const EXTEND_EXAMPLE = { leases: [{ leaseId: LEASE_ID, byMs: 60_000 }] } as const;
export const EXTEND_ANSWER_EXAMPLE = {
	leases: [{ leaseId: LEASE_ID, outcome: "extended", leaseExpiresAt: "2026-12-01T09:02:05.000Z" }],
} as const;

export const MAILBOX_EXAMPLE = {
	name: "build-agents",
	depth: 4,
	leased: 1,
	delayed: 0,
	dead: 1,
	oldestAgeMs: 1_250,
	createdAt: ENQUEUED_AT,
} as const;

export const DEAD_MESSAGE_EXAMPLE = {
	id: MESSAGE_ID,
	body: { branch: "main" },
	priority: 3,
	attempts: 6,
	enqueuedAt: ENQUEUED_AT,
	deadAt: "2026-12-01T10:00:00.000Z",
	reason: "the disk is full",
} as const;

export const QUEUE_PULL_EXAMPLE = { batch_size: 10, visibility_timeout_ms: 30_000 } as const;
export const QUEUE_PULL_ANSWER_EXAMPLE = {
	success: true,
	errors: [],
	messages: [],
	result: {
		message_backlog_count: 4,
		messages: [
			{
				id: MESSAGE_ID,
				lease_id: LEASE_ID,
				attempts: 1,
				body: "eyJicmFuY2giOiJtYWluIn0=",
				metadata: { "CF-Content-Type": "json" },
				timestamp_ms: 1_796_115_600_000,
			},
		],
	},
} as const;

export const QUEUE_ACK_EXAMPLE = {
	acks: [{ lease_id: LEASE_ID }],
	retries: [{ lease_id: "18-2-60303ae22b998861", delay_seconds: 30 }],
} as const;
export const QUEUE_ACK_ANSWER_EXAMPLE = {
	success: true,
	errors: [],
	messages: [],
	result: {
		ackCount: 1,
		retryCount: 0,
		warnings: { "18-2-60303ae22b998861": "The lease has ended; nothing changed." },
	},
} as const;

export const QUEUE_PUSH_EXAMPLE = { body: { branch: "main" }, content_type: "json" } as const;
export const QUEUE_BULK_PUSH_EXAMPLE = { messages: [QUEUE_PUSH_EXAMPLE] } as const;
export const QUEUE_PUSH_ANSWER_EXAMPLE = {
	success: true,
	errors: [],
	messages: [],
	result: {},
} as const;
