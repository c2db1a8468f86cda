/** The registry's numbers, each with its unit and reason. */
import { DAY, HOUR, SECOND } from "../../src/core/units.ts";

/** How long, in ms, a rotated webhook secret keeps signing: a day for every receiver to follow. */
export const ROTATED_SECRET_SIGNS_MS = DAY;
/** Secrets that sign at once. Each makes every webhook's header longer, so more rotations within a
 * day end the oldest early. */
export const SIGNING_SECRETS_MAX = 5;
/** Bytes of a webhook secret: 256 bits, of the 192 to 512 that Standard Webhooks 1.0 allows. */
export const WEBHOOK_SECRET_BYTES = 32;

/** Random bytes of a key's id: it only has to be unique within a tenant. */
export const KEY_ID_BYTES = 10;
/** Random bytes of an OIDC policy's id, which stands in the tokens that it lets in. */
export const POLICY_ID_BYTES = 10;
/** Keys of one tenant: one answer lists them all. */
export const KEYS_MAX = 1_000;
/** Hex digits of a key's hash that find it; the others are compared in constant time. */
export const HASH_HEAD_DIGITS = 8;

/** Ms a shard may take to give back quota. One that is slower gives nothing, and holds up no one:
 * an answer from memory takes a few. */
export const RELEASE_TIMEOUT_MS = 2 * SECOND;

/** Ms that a change of secrets waits for the shards to know it. */
export const SPREAD_TIMEOUT_MS = 2 * SECOND;

/** How long, in ms, nobody must have registered a mailbox before its name may be forgotten: far over
 * the time for which `src/mailboxes.ts` relies on having registered it. */
export const MAILBOX_UNSEEN_MS = HOUR;
