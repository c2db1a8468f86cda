/** The numbers of the HTTP edge that no caller sets. What a caller can meet is in `contract/limits.ts`. */
import { MINUTE, SECOND } from "../core/units.ts";

/** How long, in ms, the edge trusts what a registry said of a key: the bound on revocation. */
export const PRINCIPAL_CACHE_MS = 5 * SECOND;
/** Keys whose holders an isolate remembers: about 10 MB, and far more than one edge sees in 5 s. */
export const PRINCIPALS_KEPT = 10_000;
/** How long, in ms, a request waits for another's look-up of the same key before it asks itself. */
export const SHARED_LOOKUP_MS = SECOND;

/** The window, in ms, of `requestsPerMinute`. */
export const RATE_WINDOW_MS = MINUTE;
/** Tenants counted at once; when it is full, windows that have ended are dropped. */
export const RATE_WINDOWS_KEPT = 10_000;

/** What `Retry-After` says, in ms, when an object cannot be reached: it is back after a restart. */
export const UNAVAILABLE_RETRY_MS = SECOND;
/** The same for a quota that only the end of a timer frees. */
export const QUOTA_RETRY_MS = MINUTE;

/** Seconds that a browser may keep a preflight's answer; Chromium caps it at two hours anyway. */
export const PREFLIGHT_MAX_AGE_S = 7_200;
