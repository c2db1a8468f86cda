/** The shard's numbers, each with its unit and reason. */
import { DAY, HOUR, MIB, MINUTE, SECOND } from "../../src/core/units.ts";

/** Calls of one group: bounds how long a group holds the object. */
export const GROUP_COMMIT_CALLS = 256;

/** Rows claimed in one transaction; between slices the object serves other calls. */
export const CLAIM_SLICE_ROWS = 200;
/** Envelopes a shard may have outstanding, so that no queue holds more than a lease covers. */
export const OUTSTANDING_ENVELOPES = 64;
/**
 * Of those, how many each class may fill, high first: 10,000 low deliveries behind slow receivers
 * leave room for a high one.
 */
export const CLASS_ENVELOPES = [OUTSTANDING_ENVELOPES, 48, 32] as const;
/** Rows one wake of the alarm claims before it lets other alarms and calls in. */
export const CLAIM_TICK_ROWS = 6_400;

/** Deliveries that a deployed shard hands straight to a sender: what one invocation may have open. */
export const DIRECT_DELIVERIES_EDGE = 6;
/** The same on the local runtime, where the sender's gate bounds requests: one slice. */
export const DIRECT_DELIVERIES_LOCAL = CLAIM_SLICE_ROWS;
/** A `waitUntil` is cut after 30 s: only deliveries that surely end before go the direct road. */
export const DIRECT_TIMEOUT_MS = 20 * SECOND;
/**
 * Characters of documents in a shard's part of a page: an RPC answer holds at most 32 MiB, and the
 * edge, with 128 MB, holds the parts of up to 64 shards. A thousand ordinary timers need a quarter.
 */
export const PAGE_DOC_CHARS = MIB;
/** Bytes of one message, under the platform's 128 KB. Only a delivery alone can pass it. */
export const QUEUE_MESSAGE_BYTES = 120_000;
/** Bytes of one `sendBatch`, under the platform's 256 KB. */
export const SEND_BATCH_BYTES = 240_000;

/**
 * Milliseconds after a message's expiry in which its mailbox tells of it: an alarm may be minutes
 * late, and a shard that was away is told again. Then the delivery is given up unasked.
 */
export const ACCEPTED_GRACE_MS = 5 * MINUTE;

/** Edges that one transaction follows from ends to dependents: a few ms; the alarm goes on with more. */
export const EDGES_PER_TRANSACTION = 512;
/** Messages for another shard that go in one call. */
export const OUTBOX_BATCH = 64;
/** Milliseconds until a message to another shard that was not answered is told again, at first. */
export const OUTBOX_RETRY_MS = 2 * SECOND;
/** The same at most: each further time in vain doubles it. */
export const OUTBOX_RETRY_MAX_MS = 5 * MINUTE;

/** Events of one chunk row; also the step between two chunks' first sequences. */
export const EVENTS_PER_CHUNK = 512;

/** Events that the hub reads at once: some 200 KB, a few milliseconds of the shard's time. */
export const EVENT_BATCH = 500;
/** Chunks read at once while those are gathered: a full one is 100 KB, and most hold a few events. */
export const EVENT_CHUNKS_READ = 16;
/** Least milliseconds between two pokes of the hub: a storm commits a hundred times as often. */
export const HUB_POKE_EVERY_MS = 50;

/** How long an idempotency key keeps its answer. */
export const IDEMPOTENCY_KEPT_MS = 24 * HOUR;
/** How long a request may hold a key without answering, before another may take it over. */
export const IDEMPOTENCY_RUNNING_MS = MINUTE;

/**
 * Milliseconds from a firing to the write of how late it was, and so what a crash may lose of that. An
 * idle object is kept in memory for as long anyway.
 */
export const LATENESS_WRITE_EVERY_MS = 10 * SECOND;

/** Between the starts of two firings filled in at once: a hundred a second, as dead letters go. */
export const BACKFILL_PACE_MS = 10;
/** Characters of documents that a backfill may store at once: each of its firings has a copy. */
export const BACKFILL_DOC_CHARS = 4 * MIB;

/** Rows that a scan reads at once, before it lets other work in: at most 50 MB of documents. */
export const SCAN_SLICE_ROWS = 200;
/** Timers that a job works off in one transaction. */
export const JOB_SLICE_TIMERS = 500;
/** Attempts kept of one delivery, the newest. */
export const ATTEMPTS_KEPT = 20;
/** Overdue timers of a lane that the gauges count: some milliseconds' reading, once in five seconds. */
export const OVERDUE_GAUGE_MAX = 10_000;
/** Overdue timers that `wake` counts exactly; beyond, the number is a floor. */
export const OVERDUE_COUNTED = 1_000_000;

/**
 * What has expired waits for more of its kind, so that an idle shard is woken at most once an hour
 * to remove something.
 */
export const RETENTION_REST_MS = HOUR;
/** Events that retention looks at in one transaction: a few milliseconds, as long as a claim slice. */
export const RETENTION_SLICE_EVENTS = 128;
/** Slices of one ring; the alarm rings again at once for the rest. */
export const RETENTION_TICK_SLICES = 16;
/** Between two sweeps of keys and jobs: a key outlives its day by at most this much. */
export const SWEEP_REST_MS = 6 * HOUR;
/** Keys that a sweep looks at in one transaction. */
export const SWEEP_SLICE_KEYS = 500;
/** How long a finished job can be asked for. */
export const JOB_KEPT_MS = 7 * DAY;

/** Topics of which a shard keeps the last event. */
export const TOPICS_KEPT = 1_000;
/** Those it forgets at once beyond that, so that it seldom looks for the oldest. */
export const TOPICS_DROPPED = 100;
/** Topics that one shard tells another at once: at most 3 MB. */
export const TOPICS_PAGE = 100;
/** Timers told of an event in one transaction: as many as a claim's slice, and twice its work. */
export const EVENT_LISTENERS_SLICE = 100;
/** How long an event of another shard is known again: far longer than it is told in vain. */
export const EVENT_SEEN_MS = 7 * DAY;
/** Ended windows, and old notes of events, that go with each event: more than come with it. */
export const WINDOWS_DROPPED = 4;
export const SEEN_DROPPED = 4;
