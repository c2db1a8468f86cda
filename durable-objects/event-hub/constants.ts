/** The hub's numbers, each with its unit and reason. */
import { MIB, SECOND } from "../../src/core/units.ts";

/** How long a shard keeps a registration: a hub that died is poked no longer than that. */
export const REGISTERED_MS = 90 * SECOND;
/** Between two renewals: two may fail. It is also how late an event is whose poke was lost. */
export const RENEW_EVERY_MS = 30 * SECOND;
/** Between two keep-alives: common proxies close what is silent for 60 s, some for 20 s. */
export const KEEP_ALIVE_MS = 15 * SECOND;
/** Before a shard that did not answer is read again. */
export const READ_AGAIN_MS = SECOND;
/** Bytes that may wait for a reader. While that many do, nothing more is read for it. */
export const BUFFER_BYTES = MIB;
/** Spent tokens whose time is up are removed this many at a time, when one is spent. */
export const TOKENS_SWEPT = 100;
