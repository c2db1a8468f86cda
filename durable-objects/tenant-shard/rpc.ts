/**
 * What a shard can be asked, as types: the boundary between the stateless edge and one Durable
 * Object of a tenant. Everything here is structured-clonable data; expected failures are values. The
 * areas have files of their own; this one holds what the machinery asks for.
 */
import type { OutcomeReport } from "../../src/contract/envelope.ts";
import type { StoredCalendar } from "../../src/core/calendar/calendar-dates.ts";
import type { LatenessSince } from "../../src/core/drift/lateness.ts";
import type { Result } from "../../src/core/result.ts";
import type { MessageReport } from "../agent-mailbox/rpc.ts";
import type { IdempotencyClaim, ShardCall, ShardError } from "./rpc/call.ts";
import type { CreateCalls } from "./rpc/create.ts";
import type { DeadLetterCalls } from "./rpc/dead-letters.ts";
import type { EventCalls } from "./rpc/events.ts";
import type { ListCalls } from "./rpc/list.ts";
import type { MessageCalls } from "./rpc/messages.ts";
import type { TimerCalls } from "./rpc/timer.ts";

export type { StoredCalendar } from "../../src/core/calendar/calendar-dates.ts";
export type * from "./rpc/call.ts";
export type * from "./rpc/create.ts";
export type * from "./rpc/dead-letters.ts";
export type * from "./rpc/events.ts";
export type * from "./rpc/list.ts";
export type * from "./rpc/messages.ts";
export type * from "./rpc/records.ts";
export type * from "./rpc/timer.ts";

export type WakeCall = Pick<ShardCall, "tenant" | "shard" | "configVersion"> & {
	/** The machine's clock was set, so that armed alarms may ring late by as much. */
	readonly clockWasSet?: boolean;
	/** How far the tenant's time is ahead of the real one; absent where it is not. */
	readonly aheadMs?: number;
};

export type WakeAnswer = {
	readonly pending: number;
	readonly overdue: number;
	readonly nextDueAt: number | null;
};

export type LatenessRead = { readonly total: LatenessSince; readonly lastHour: LatenessSince };

export interface TenantShardRpc
	extends CreateCalls,
		TimerCalls,
		ListCalls,
		DeadLetterCalls,
		EventCalls,
		MessageCalls {
	/** From the senders. */
	report(report: OutcomeReport): Promise<void>;
	/** From mailboxes: how messages ended that they had accepted. May be told more than once. */
	settleMessages(report: MessageReport): Promise<void>;
	/** From the start of the local runtime and from the watchdog. */
	wake(call: WakeCall): Promise<WakeAnswer>;
	/** A calendar of the tenant has changed; nothing to a shard whose timers do not name it. */
	putCalendar(call: ShardCall, calendar: StoredCalendar): Promise<void>;
	/** When the tenant's time is moved: the first due instant after `after` (epoch ms). */
	nextDue(after: number): Promise<number | null>;
	/** The tenant's time stands at `at` until what fires has settled; answers how many began. */
	standAt(at: number): Promise<number>;
	/** Gives back what the shard was granted and does not use; answers what it keeps. */
	releaseQuota(): Promise<number>;
	usage(): Promise<{ active: number; createsThisMinute: number }>;
	/** How late firings were, since it is counted and in the last hour. */
	lateness(): Promise<LatenessRead>;
	/** Idempotency of the calls that are not creates: reserve, then store the answer. */
	reserveKey(
		call: ShardCall,
		idempotency: IdempotencyClaim,
	): Promise<Result<{ answer: string | null }, ShardError>>;
	completeKey(call: ShardCall, key: string, answer: string | null): Promise<void>;
}
