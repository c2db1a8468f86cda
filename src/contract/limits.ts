/**
 * Every limit a caller can meet, with its unit and its reason. `/openapi.json` and error texts quote
 * them; nothing else declares a bound on input.
 */

const KIB = 1_024;
const MIB = 1_024 * KIB;

export const LIMITS = {
	/** Bytes of an ordinary request body: a timer is a note, not a file. */
	bodyBytes: MIB,
	/** Bytes of a batch body: 10,000 timers of 1.6 KB each. */
	batchBodyBytes: 16 * MIB,
	/** Timers in one batch: one transaction in one shard, about 100 ms of its time. */
	batchTimers: 10_000,
	/** Levels of JSON nesting; deeper input is an attack on whoever reads it next. */
	jsonDepth: 32,
	/** Bytes of one timer as stored; a row stays well under the platform's 2 MB. */
	timerBytes: 256 * KIB,
	/** Bytes of a webhook body kept in the row; a larger one goes to R2 by its hash. */
	inlineBodyBytes: 32 * KIB,
	/** Characters of an expression in a template or condition: a line of logic, not a program. */
	expressionLength: 2_048,
	/** Conditions of one timer: each is looked at before every firing. */
	conditions: 64,
	/** Characters of the path to what a condition compares. */
	conditionPathLength: 256,
	/** Actions of one timer: all of them fit one envelope with room to spare. */
	actionsPerTimer: 20,
	/** Timers that one timer may wait for, so that what it waits for fits one transaction with ease. */
	dependencies: 100,
	/** Timers that follow from the root of a temporal graph: all are created in one transaction. */
	graphNodes: 100,
	/** Characters of a node's id, which becomes part of its timer's name. */
	graphNodeIdLength: 64,
	/** Bytes of a graph's timers as stored, each with what it inherits: a few ms of a transaction. */
	graphBytes: 4 * MIB,
	/** Steps of one escalation: who is not reached by ten is not reached. */
	escalationSteps: 10,
	/** Milliseconds that a step of an escalation, or an acknowledgement, may be waited for. */
	escalationPauseMsMax: 30 * 24 * 3_600_000,
	/** Firings that one backfill makes: an interval with more goes on with another call. */
	backfillFirings: 1_000,
	/** Characters of a name. */
	nameLength: 200,
	/** Characters of a `message`. */
	messageLength: 4_096,
	/** Labels of one timer. */
	labels: 64,
	/** Characters of a label's key and of its value. */
	labelKeyLength: 128,
	labelValueLength: 256,
	/** Characters of a webhook URL; what browsers and proxies take without complaint. */
	urlLength: 2_048,
	/** Milliseconds a receiver may take: the shortest that is useful, and what a lease can cover. */
	timeoutMsMin: 100,
	timeoutMsMax: 60_000,
	timeoutMsDefault: 10_000,
	/** Tries of one delivery, the first included. */
	attemptsMax: 100,
	/** Characters of the token that opens a service. */
	serviceTokenLength: 4_096,
	/** What GitHub takes of a `repository_dispatch`: characters of its type, members, characters. */
	githubEventTypeLength: 100,
	githubPayloadMembers: 10,
	githubPayloadLength: 65_535,
	/** What GitHub takes of a `workflow_dispatch`, and characters of a ref: git's own names are shorter. */
	githubInputs: 25,
	githubRefLength: 255,
	/** Characters of a message for Slack: what one block of it takes, with room for what is added. */
	slackTextLength: 2_500,
	/** Policies of a tenant: one answer lists them all, and an exchange tries each. */
	oidcPolicies: 100,
	/** Characters of a policy's name, and of a pattern: GitHub's longest claims are shorter. */
	oidcNameLength: 64,
	oidcPatternLength: 256,
	/** Patterns of one member of a policy. */
	oidcPatterns: 50,
	/** Characters of a token to exchange: GitHub's take some 2,000. */
	subjectTokenLength: 16_384,
	/** Exchanges of one tenant's tokens in a minute, at one edge: a storm of jobs and then some. */
	exchangesPerMinute: 300,
	/** Longest pause between two tries: a week. */
	retryDelayMsMax: 7 * 24 * 3_600_000,
	/** Characters of `dedupeKey` and of the `Idempotency-Key` header. */
	keyLength: 256,
	/** Longest window of a dedupe key: no plan forgets a timer sooner after its end. */
	dedupeWindowMsMax: 30 * 24 * 3_600_000,
	/** Longest period of a debounce or throttle: what is remembered for longer is a timer's work. */
	ratePeriodMsMax: 30 * 24 * 3_600_000,
	/** Bytes of an event's payload: each timer that it fires keeps a copy until that has ended. */
	eventPayloadBytes: 32 * KIB,
	/** Items of a page. */
	pageMax: 1_000,
	pageDefault: 50,
	/** Rows a page may read in one shard before it answers with what it has. */
	pageScanRows: 10_000,
	/** Longest long poll of `wait`: under the idle time-outs of common proxies. */
	waitMsMax: 60_000,
	waitMsDefault: 30_000,
	/** Matches that a bulk call works off at once; more become a job. */
	bulkSyncTimers: 5_000,
	/** Characters of a reason or note. */
	reasonLength: 1_000,
	/** Shards of a tenant: 64 × 1,000 requests a second, as the platform's soft limit has it. */
	shardsMax: 64,
	/** Dead letters replayed a second unless the call says otherwise, and at most. */
	replayPerSecondDefault: 100,
	replayPerSecondMax: 1_000,
	/** Characters of a mailbox's name. */
	mailboxNameLength: 128,
	/** Mailboxes of a page. */
	mailboxPageMax: 100,
	/** Messages that one pull leases, and leases that one call settles or extends. */
	pullBatchMax: 100,
	pullBatchDefault: 10,
	/** Longest long poll of a pull: under the idle time-outs of common proxies. */
	pullWaitMsMax: 30_000,
	/** Milliseconds of a lease: the shortest that is useful, and the platform queues' longest. */
	leaseMsMin: 100,
	leaseMsMax: 12 * 3_600_000,
	leaseMsDefault: 60_000,
	/** How long a message may wait for an agent. */
	messageTtlMsMax: 90 * 24 * 3_600_000,
	messageTtlMsDefault: 14 * 24 * 3_600_000,
	/** Longest delay of a message, or before it is tried again. */
	messageDelayMsMax: 7 * 24 * 3_600_000,
	/** Bytes of a message's body: what an RPC of 100 of them carries with ease. */
	messageBytes: 256 * KIB,
	/** Characters of a calendar's name, and calendars of a tenant: one answer lists them all. */
	calendarNameLength: 128,
	calendars: 100,
	/** Dates of one calendar: every day of 27 years, in 130 KB of a row. */
	calendarDates: 10_000,
	/** Events of an iCalendar file that becomes a calendar. */
	calendarEvents: 10_000,
	/** Longest that a shard is woken early: far above any wake that is merely late. */
	compensationMsMax: 5_000,
	/** Characters of a cron expression or of the lines of a recurrence rule. */
	ruleLength: 4_096,
	/** Cron expressions of one schedule, and rules that exclude from it. */
	rulesPerSchedule: 20,
	/** Instants in one list of a schedule: what a row carries with ease. */
	scheduleDates: 1_000,
	/** Calendars that one schedule names. */
	calendarsPerSchedule: 10,
	/** Characters of an event's topic. */
	topicLength: 256,
	/** Characters of an expression that filters events or is a condition. */
	filterLength: 4_096,
	/** Firings that `limit` can count. */
	firings: 1_000_000_000,
	/** Shortest `every`, as cron's shortest step. */
	everyMsMin: 1_000,
	/** Occurrences of one preview. */
	previewCount: 10_000,
	previewCountDefault: 10,
	/** Missed firings that a timer may ask to catch up. */
	catchUpMax: 1_000,
	/** Longest window of jitter or spread: a day, as peers have it. */
	windowMsMax: 24 * 3_600_000,
	/** Longest grace for a late firing: a month of outage. */
	graceMsMax: 31 * 24 * 3_600_000,
	/** Longest pause between two firings caught up. */
	paceMsMax: 3_600_000,
	/** The last instant that RFC 3339's four-digit years can write. */
	instantMax: Date.UTC(9999, 11, 31, 23, 59, 59, 999),
} as const;
