/** The numbers of OIDC at the edge, each with its unit and its reason. Data only. */
import { KIB, MINUTE, SECOND } from "../../core/units.ts";

/** Milliseconds that an access token is good for: longer than most jobs wait, and short to lose. */
export const ACCESS_TOKEN_MS = 15 * MINUTE;

/** Milliseconds by which an issuer's clock may differ from ours. */
export const CLOCK_LEEWAY_MS = 30 * SECOND;

/** Milliseconds for which policies are believed: as long as what a registry said of a key. */
export const POLICIES_KEPT_MS = 5 * SECOND;
/** Tenants whose policies an isolate remembers. */
export const POLICIES_KEPT = 1_024;

/** Milliseconds an issuer's keys are believed: a key that it withdraws is trusted for that long. */
export const ISSUER_KEYS_KEPT_MS = 10 * MINUTE;
/** Issuers whose keys an isolate remembers, some ten KB each. */
export const ISSUERS_KEPT = 256;
/** Milliseconds before an issuer is asked again: for a key it did not have, or since it failed. */
export const ISSUER_PAUSE_MS = 30 * SECOND;
/** An issuer answers two documents, each in this time and size: GitHub's are of 1 and 6 KB. */
export const ISSUER_TIMEOUT_MS = 5 * SECOND;
export const ISSUER_BYTES_MAX = 64 * KIB;
/** Keys of one issuer that are looked at. */
export const ISSUER_KEYS_MAX = 64;

/** Tenants whose exchanges are counted at once. */
export const EXCHANGES_KEPT = 4_096;
