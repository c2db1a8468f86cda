/** The calls of chaos in terms of the shard: documents, schedules and changes. */
import type { TimerChange } from "../../../durable-objects/tenant-shard/rpc.ts";
import type { DeliveryOutcome, Envelope } from "../../../src/contract/envelope.ts";
import { NO_CALENDARS } from "../../../src/core/calendar/calendar-dates.ts";
import { nextOccurrence } from "../../../src/core/recurrence/next-occurrence.ts";
import type { ScheduleDoc } from "../../../src/core/recurrence/schedule-doc.ts";
import type { TimerDoc } from "../../../src/core/timer-doc.ts";
import { notStarted, outcomeOf, webhooks } from "../harness.ts";
import type { CallOf, Schedule } from "./chaos-steps.ts";

type Recurring = TimerDoc & { readonly schedule: ScheduleDoc };

export function docOf(call: CallOf<"create">, now: number): Recurring {
	const { actions, delays, fast, overlap, misfire, jitterMs, spreadMs } = call;
	const schedule = scheduleOf(call.schedule, now);
	return {
		...(actions === 0 ? { message: "m" } : webhooks(actions)),
		schedule,
		retry: { delaysMs: [...delays] },
		fidelity: fast ? "fast" : "full",
		...(call.key !== undefined && { concurrencyKey: call.key }),
		...(overlap !== undefined && { overlap }),
		misfire: defined(misfire),
		...(jitterMs > 0 && { jitterMs }),
		...(spreadMs > 0 && { spreadMs }),
	};
}

/** Epoch ms of the first occurrence after `now`; `now` itself where there is none. */
export function firstOf(schedule: ScheduleDoc, now: number): number {
	return nextOccurrence(schedule, now, NO_CALENDARS)?.at ?? now;
}

function scheduleOf(input: Schedule, now: number): ScheduleDoc {
	const limit = input.limit === undefined ? {} : { limit: input.limit };
	if ("everyMs" in input) return { everyMs: input.everyMs, phaseMs: 0, ...limit };
	const dates = [...new Set(input.afterMs)].sort((a, b) => a - b).map((ms) => now + ms);
	return { dates, ...limit };
}

export function changeOf({ how, ms, to, overlap }: CallOf<"change">, now: number): TimerChange {
	const unchanged = {
		dueAt: null,
		extendMs: null,
		docPatch: null,
		ifMatch: null,
		horizonAt: Number.MAX_SAFE_INTEGER,
	};
	switch (how) {
		case "extend":
			return { ...unchanged, extendMs: Math.max(1, ms) };
		case "snooze":
			return { ...unchanged, snoozeUntil: now + Math.max(1, ms) };
		case "move":
			return { ...unchanged, dueAt: now + ms };
		case "schedule": {
			const schedule = scheduleOf(to, now);
			const dueAt = firstOf(schedule, now);
			return { ...unchanged, dueAt, docPatch: JSON.stringify({ schedule }) };
		}
		case "last":
			return { ...unchanged, docPatch: JSON.stringify({ schedule: null }) };
		case "policies":
			return { ...unchanged, docPatch: JSON.stringify({ overlap, misfire: null }) };
	}
}

function defined(misfire: CallOf<"create">["misfire"]): NonNullable<TimerDoc["misfire"]> {
	const { policy, graceMs, max, paceMs } = misfire;
	return {
		...(policy !== undefined && { policy }),
		...(graceMs !== undefined && { graceMs }),
		...(max !== undefined && { max }),
		...(paceMs !== undefined && { paceMs }),
	};
}

/** How long a mailbox keeps a message. */
const MESSAGE_MS = 20_000;

/** Outcomes of an envelope; what stays silent is left out of the report. */
export function outcomesOf(
	envelope: Envelope,
	verdicts: CallOf<"report">["verdicts"],
): DeliveryOutcome[] {
	return envelope.deliveries.flatMap((delivery, index): DeliveryOutcome[] => {
		const verdict = verdicts[index % verdicts.length];
		if (typeof verdict === "number") return [outcomeOf(delivery, verdict)];
		if (verdict === "not_started") return [notStarted(delivery)];
		if (verdict === "silent") return [];
		const { timer, firing, action, attempt } = delivery;
		const expiresAt = Date.now() + MESSAGE_MS;
		return [{ timer, firing, action, attempt, kind: "accepted", expiresAt }];
	});
}
