/** Numbers of the Slack edge, with their reasons. */
import { HOUR, MINUTE, SECOND } from "../../core/units.ts";

/** Slack gives a command up after 3 s. What is left of them is for the way there and back. */
export const ANSWER_WITHIN_MS = 2_300;
/** A person who sees no name of their zone waits for it; beside it, 2.3 s must hold the create too. */
export const USER_INFO_TIMEOUT_MS = SECOND;
/** People move less often than they enter commands. */
export const ZONE_KEPT_MS = HOUR;
/** Nobody waits for it, but the platform ends what follows an answer after 30 s. */
export const RESPONSE_TIMEOUT_MS = 10 * SECOND;
/** Before a second try, which ends within those 30 s too. */
export const RESPONSE_PAUSE_MS = SECOND;
/** A person waits in a browser, or a caller. */
export const INSTALL_TIMEOUT_MS = 10 * SECOND;
/** Time to find somebody who may install apps. */
export const INSTALL_OPEN_MS = 15 * MINUTE;
/** Timers that one `list` shows: each takes blocks of a message, of which Slack takes 50. */
export const LIST_MAX = 20;
