/** The sender's limits, each with its unit and its reason. Data only. */

import { SENDS_AT_ONCE } from "../core/lease.ts";
import type { GateLimits } from "../core/send-gate-policy.ts";
import { KIB, MINUTE, SECOND } from "../core/units.ts";

/**
 * All tenants of the local runtime share one workerd. 64 active requests are several times what
 * keeps one core busy; eight for the urgent ones alone make them wait for nobody. A parked request
 * costs two file descriptors and about 50 KB (measured), so 1,024 of them take a tenth of the
 * 20,000 descriptors that workerd can count on.
 */
export const LOCAL_GATE_LIMITS: GateLimits = { active: 64, reservedForHigh: 8, inFlight: 1_024 };

/**
 * Milliseconds a request counts as active. Fast receivers answer within it, so the 64 bound what
 * keeps the core busy; slower ones cost a socket and wait elsewhere. Receivers that take 50 ms were
 * sent 2,100 requests a second with 20 ms, 1,300 with 40 and 1,100 with 100; a storm to a fast one
 * took the same time with all three. It is also the longest that the first in line waits.
 */
export const PARK_AFTER_MS = 20;

/**
 * A deployed sender works alone in its request, which may have six connections open and puts the
 * others in line by itself, where their time-out would already run. Nothing is parked.
 */
export const EDGE_GATE_LIMITS: GateLimits = {
	active: SENDS_AT_ONCE,
	reservedForHigh: 0,
	inFlight: Number.POSITIVE_INFINITY,
};

/**
 * Milliseconds before the end of a lease in which nothing may be under way any more: outcomes must
 * reach the shard, and the two clocks may differ by a little.
 */
export const REPORT_MARGIN_MS = 2 * SECOND;

/** Milliseconds between two reports of one envelope (decision 4). */
export const REPORT_EVERY_MS = SECOND;

/**
 * Milliseconds before each new try of a report that failed. A shard that restarts is back within a
 * second; one that is gone for longer finds the envelope by its lease.
 */
export const REPORT_RETRY_DELAYS_MS: readonly number[] = [100, 500, 2_000];

/**
 * Bytes of a response that are read: small ones to their end, so that the connection is used again.
 * A larger one is cut off with its connection.
 */
export const RESPONSE_BYTES_MAX = 64 * KIB;

/** Bytes of a response that are kept with the attempt. */
export const EXCERPT_BYTES = KIB;

/** Bytes of a service's answer that are read for what it means. */
export const ANSWER_BYTES = 16 * KIB;

/** Milliseconds for which an opened secret stays in memory (decision 11). */
export const SECRETS_KEPT_MS = MINUTE;

/** Tenants whose secrets and id space an isolate keeps: about 1 KB each. */
export const TENANTS_KEPT = 1_024;

/** Milliseconds for which a host that was found well is not asked about again (decision 13). */
export const WELL_FOR_MS = 5 * SECOND;

/** Milliseconds between two reports on one host by one envelope. */
export const HEALTH_TOLD_EVERY_MS = SECOND;

/** Milliseconds that a host's health may take to answer; afterwards it is taken to be well. */
export const HEALTH_TIMEOUT_MS = SECOND;

/** Hosts of tenants whose health an isolate keeps, a few hundred bytes each. */
export const HOSTS_KEPT = 4_096;
