/** Cancels and puts off timers for people in Slack, through the calls that the API has for it. */
import type { TimerView } from "../../contract/timer.ts";
import type { CancelOutcome } from "../../contract/timer-calls.ts";
import { formatInstant } from "../../core/instant.ts";
import { ok, type Result } from "../../core/result.ts";
import type { HttpFailure } from "../failure.ts";
import type { Reply } from "../reply.ts";
import { cancelTimer } from "../timers/control-timer.ts";
import { acknowledgeTimer, snoozeTimer } from "../timers/hold-timer.ts";
import type { Scene } from "./scene.ts";

type Answered<T> = Promise<Result<T, HttpFailure>>;

export async function cancelOne(
	{ context, team, user }: Scene,
	id: string,
): Answered<{ readonly outcome: CancelOutcome; readonly timer: TimerView }> {
	const reason = `by ${user} in Slack's ${team}`;
	const cancelled = await cancelTimer(context, id, { reason });
	// The body that this call has made.
	return cancelled.ok ? ok(cancelled.value.body as Cancelled) : cancelled;
}

type Cancelled = { readonly outcome: CancelOutcome; readonly timer: TimerView };

export async function snoozeOne(
	{ context }: Scene,
	id: string,
	when: { readonly byMs: number } | { readonly untilMs: number },
): Answered<TimerView> {
	const body = "byMs" in when ? { by: when.byMs } : { until: formatInstant(when.untilMs) };
	const snoozed = await snoozeTimer(context, id, body);
	return snoozed.ok ? ok(timerIn(snoozed.value)) : snoozed;
}

/** Acknowledges what has fired, up to `firing`; of what has not fired there is nothing to be done. */
export async function finishOne(
	{ context, team, user }: Scene,
	id: string,
	firing: number | null,
): Answered<TimerView | null> {
	const note = `by ${user} in Slack's ${team}`;
	const call = { note, ...(firing !== null && { firing }) };
	const acknowledged = await acknowledgeTimer(context, id, call);
	if (acknowledged.ok) return ok(timerIn(acknowledged.value));
	return acknowledged.error.code === "not_fired" ? ok(null) : acknowledged;
}

/** The timer that a call on one timer answers with. */
export function timerIn({ body }: Reply): TimerView {
	return body as TimerView;
}

/** Epoch ms at which it fires next; null while it waits for something else than the time. */
export function dueAtOf({ nextFireAt, at }: Pick<TimerView, "nextFireAt" | "at">): number | null {
	const due = nextFireAt ?? at;
	return due === null ? null : Date.parse(due);
}
