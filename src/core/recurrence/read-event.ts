/** Reads schedules that wait for something to happen: what an event must be, and how often is enough. */
import { LIMITS } from "../../contract/limits.ts";
import type { ScheduleInput } from "../../contract/schedule.ts";
import { checkExpression } from "../condition/expression.ts";
import { formatDuration, parseDuration } from "../duration.ts";
import type { Flaw } from "./read-times.ts";
import type { RateDoc, WhenDoc } from "./schedule-doc.ts";

/** @param input of which `event` is given */
export function readEventSchedule(
	{ event = "", filter, debounce, throttle }: ScheduleInput,
	flaw: Flaw,
): WhenDoc | undefined {
	if (debounce !== undefined && throttle !== undefined) {
		return flaw("throttle", "and debounce are given, where one may say how often");
	}
	// The founding form is not held to a topic's length by its own schema.
	if (event === "") return flaw("event", "is empty: expected a topic");
	if (event.length > LIMITS.topicLength) {
		return flaw(
			"event",
			`has ${event.length} characters: a topic has ${LIMITS.topicLength} at most`,
		);
	}
	if (/\p{Cc}/u.test(event)) return flaw("event", "has control characters, which no topic has");
	const isSound = filter === undefined || isExpression("filter", filter, flaw);
	const [waits, limits] = [
		readRate("debounce", debounce, flaw),
		readRate("throttle", throttle, flaw),
	];
	if (!isSound || waits === null || limits === null) return undefined;
	return {
		event,
		...(filter !== undefined && { filter }),
		...(waits !== undefined && { debounce: waits }),
		...(limits !== undefined && { throttle: limits }),
	};
}

/** Whether an expression can be read; a flaw of `member` if not. */
export function isExpression(member: string, text: string | undefined, flaw: Flaw): boolean {
	const checked = checkExpression(text ?? "");
	if (!checked.ok) flaw(member, checked.error.message);
	return checked.ok;
}

/** `null` where it is flawed. */
function readRate(
	member: "debounce" | "throttle",
	rate: ScheduleInput["debounce"],
	flaw: Flaw,
): RateDoc | null | undefined {
	if (rate === undefined) return undefined;
	const { key } = rate;
	const isSound = key === undefined || isExpression(`${member}.key`, key, flaw);
	const period = parseDuration(rate.period);
	if (!period.ok) flaw(`${member}.period`, period.error.message);
	else if (period.value > LIMITS.ratePeriodMsMax) {
		const most = formatDuration(LIMITS.ratePeriodMsMax);
		flaw(`${member}.period`, `expected at most ${most}, got ${formatDuration(period.value)}`);
	} else if (isSound) {
		return { ...(key !== undefined && { key }), periodMs: period.value };
	}
	return null;
}
