/**
 * What a mailbox does when the machine's clock was set: its alarm rings now, which arms it anew, since
 * an alarm may wait by a clock that is never set. Leases that were given before the clock was set back
 * begin anew, or their messages would come back only when it comes to where it once was.
 */
import { STATE } from "./constants.ts";
import type { Mailbox } from "./mailbox.ts";

export function noteClockWasSet(mailbox: Mailbox, now: number): void {
	mailbox.store.beginLeasesAnew.run(now, now, now, STATE.leased, now);
	mailbox.refreshDue();
	mailbox.alarm.ensureBy(now);
}
