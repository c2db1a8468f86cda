/** Examples of the timer resources in the reference, as `examples.ts` has them of the others. */

const URL_EXAMPLE = "https://example.com/hooks/backup";
const TIMER_ID = "tmr_00000000000g0000040bge53";
const DELIVERY_ID = "dlv_00000000000g0000040bge53dts3tzsv";
const JOB_ID = "job_00000000000g0000040bge53";
const DUE_AT = "2026-12-01T09:00:30.000Z";

export const TIMER_CREATE_EXAMPLE = {
	name: "backup_database",
	in: "30s",
	actions: [{ type: "webhook", url: URL_EXAMPLE, data: { database: "orders" } }],
	labels: { team: "ops" },
} as const;

const ACTION_EXAMPLE = {
	...TIMER_CREATE_EXAMPLE.actions[0],
	method: "POST",
	headers: {},
	timeoutMs: 10_000,
} as const;

export const TIMER_EXAMPLE = {
	id: TIMER_ID,
	tenantId: "acme",
	name: "backup_database",
	status: "scheduled",
	createdAt: "2026-12-01T09:00:00.000Z",
	at: DUE_AT,
	nextFireAt: DUE_AT,
	nominalAt: DUE_AT,
	schedule: null,
	timeRemainingMs: 30_000,
	progress: 0,
	firedCount: 0,
	remainingFirings: null,
	lastFiring: null,
	message: null,
	params: {},
	actions: [ACTION_EXAMPLE],
	retry: {
		maxAttempts: 6,
		backoff: "exponential",
		baseMs: 2_000,
		capMs: 3_600_000,
		jitter: "full",
	},
	priority: 5,
	labels: { team: "ops" },
	metadata: {},
	context: {},
	conditions: null,
	misfire: { policy: "fire_once", graceMs: 30_000, max: 100, paceMs: 1_000 },
	overlap: "skip",
	jitterMs: 0,
	spreadMs: 0,
	jitterPolicy: null,
	dedupeKey: null,
	dedupe: null,
	concurrencyKey: null,
	fidelity: "full",
	requestedBy: null,
	dependsOn: [],
	graph: null,
	graphRootId: null,
	graphNodeId: null,
	cancelReason: null,
	escalation: null,
	acknowledgedAt: null,
	acknowledgeNote: null,
	skipReason: null,
	pausedAt: null,
	pauseNote: null,
	etag: '"1-scheduled"',
} as const;

export const CANCEL_EXAMPLE = {
	outcome: "cancelled",
	timer: {
		...TIMER_EXAMPLE,
		status: "cancelled",
		nextFireAt: null,
		timeRemainingMs: 0,
		progress: 1,
		cancelReason: "no longer needed",
		etag: '"2-cancelled"',
	},
} as const;

export const PAUSED_EXAMPLE = {
	...TIMER_EXAMPLE,
	status: "paused",
	nextFireAt: null,
	pausedAt: "2026-12-01T09:00:00.000Z",
	pauseNote: "the database is being moved",
	etag: '"2-paused"',
} as const;

export const ACKNOWLEDGED_EXAMPLE = {
	...TIMER_EXAMPLE,
	acknowledgedAt: "2026-12-01T09:01:00.000Z",
	acknowledgeNote: "on it",
} as const;

export const FIRING_EXAMPLE = {
	seq: 1,
	dueAt: DUE_AT,
	nominalAt: DUE_AT,
	firedAt: "2026-12-01T09:00:30.004Z",
	settledAt: "2026-12-01T09:00:30.061Z",
	latenessMs: 4,
	status: "settled",
} as const;

const ATTEMPT_EXAMPLE = {
	attempt: 1,
	at: "2026-12-01T09:00:30.009Z",
	durationMs: 52,
	outcome: "http_error",
	status: 404,
	error: null,
	excerpt: "no such hook",
} as const;

export const DELIVERY_EXAMPLE = {
	id: DELIVERY_ID,
	timerId: TIMER_ID,
	firing: 1,
	action: 0,
	type: "webhook",
	url: URL_EXAMPLE,
	status: "dead",
	attempts: 1,
	nextAttemptAt: null,
	settledAt: "2026-12-01T09:00:30.061Z",
	lastAttempt: ATTEMPT_EXAMPLE,
	postponed: null,
} as const;

export const DEAD_LETTER_EXAMPLE = {
	...DELIVERY_EXAMPLE,
	timerName: "backup_database",
	labels: { team: "ops" },
	deadAt: "2026-12-01T09:00:30.061Z",
	reason: "HTTP 404",
	request: ACTION_EXAMPLE,
	history: [ATTEMPT_EXAMPLE],
} as const;

export const EVENT_EXAMPLE = {
	specversion: "1.0",
	id: "evt_00000000000g0000040bge53",
	source: "/v1/tenants/acme",
	type: "timer.created",
	time: "2026-12-01T09:00:00.000Z",
	subject: TIMER_ID,
	datacontenttype: "application/json",
	tenantid: "acme",
	sequence: "0000000000000512",
	data: { name: "backup_database" },
} as const;

export const BATCH_EXAMPLE = {
	created: 1,
	failed: 1,
	results: [
		{ index: 0, id: TIMER_ID },
		{
			index: 1,
			error: {
				code: "validation_failed",
				message: "in: is missing: one of in and at (or duration, fireAt) says when",
				errors: [
					{ path: "in", message: "is missing: one of in and at (or duration, fireAt) says when" },
				],
			},
		},
	],
} as const;

export const JOB_EXAMPLE = {
	jobId: JOB_ID,
	action: "cancel",
	status: "running",
	matched: 12_000,
	processed: 4_000,
	changed: 3_998,
} as const;
