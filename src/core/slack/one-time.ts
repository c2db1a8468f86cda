/**
 * The instant of a phrase. chrono-node has found it and said which day and time of day it names; the
 * zone's own rules make the instant of it. chrono-node's own dates are not used: it knows offsets,
 * not zones. Called by `phrase.ts`.
 */
import type { ParsedResult } from "chrono-node/en";
import { dayOf, LAST_DAY } from "../recurrence/civil.ts";
import type { DstNote } from "../recurrence/occurrence.ts";
import { instantsOf } from "../recurrence/wall-clock.ts";
import { requireZone, type Zone } from "../recurrence/zone.ts";
import { ok, type Result } from "../result.ts";
import { DAY, HOUR, MINUTE, SECOND } from "../units.ts";
import { type Found, isElapsed } from "./found-time.ts";
import { misread, type Problem } from "./misread.ts";
import { PASSED, problemOf } from "./one-time-flaw.ts";
import { shownPhrase } from "./plain-phrase.ts";
import { clockText, DEFAULT_MINUTES } from "./repeat-rule.ts";
import { settleDay } from "./settle-day.ts";

export type Instant =
	| { readonly kind: "after"; readonly ms: number }
	| { readonly kind: "at"; readonly at: number; readonly note?: DstNote };

export type Reading<T> = { readonly value: T; readonly told: readonly string[] };

const DEFAULT_TIME_MS = DEFAULT_MINUTES * MINUTE;

export const NO_TIME_TOLD = `No time of day was said, so it is ${clockText(DEFAULT_MINUTES)}.`;

/** The instant of a phrase, after `now` (epoch ms). */
export function readOneTime(
	found: Found,
	now: number,
	zoneName: string,
): Result<Reading<Instant>, Problem> {
	const zone = requireZone(zoneName);
	const { result, text } = found;
	const shown = shownPhrase(text);
	const problem = problemOf(found);
	if (problem !== undefined) return problem;
	if (isElapsed(result)) {
		const ms = localOf(result).local - Math.floor((now + zone.offsetAt(now)) / SECOND) * SECOND;
		if (now + ms > LAST_DAY * DAY) return misread(shown, "that lies beyond the year 9999");
		return ms > 0 ? ok({ value: { kind: "after", ms }, told: [] }) : misread(shown, PASSED);
	}
	const told: string[] = [];
	const { day } = localOf(result);
	if (day >= LAST_DAY) return misread(shown, "that lies beyond the year 9999");
	const { offsetMs } = found;
	const timeMs = timeOfDay(found, now, zone, told);
	const at = (onDay: number) => instantOn(onDay, timeMs, zone, offsetMs);
	const settled = settleDay(
		found,
		day,
		Math.floor((now + zone.offsetAt(now)) / DAY),
		(onDay) => at(onDay).at > now,
	);
	if (settled === undefined) return misread(shown, PASSED);
	if ("problem" in settled) return misread(shown, settled.problem);
	if (settled.told !== undefined) told.push(settled.told);
	return ok({ value: { kind: "at", ...at(settled.day) }, told });
}

/** The day and time of day that a phrase names, as if its zone were UTC. */
function localOf({ start }: ParsedResult): {
	readonly day: number;
	readonly local: number;
} {
	const day = dayOf(start.get("year") ?? 1970, start.get("month") ?? 1, start.get("day") ?? 1);
	return { day, local: day * DAY + clockOf(start) };
}

function clockOf(parts: ParsedResult["start"]): number {
	const hour = parts.get("hour") ?? 0;
	const minute = parts.get("minute") ?? 0;
	return hour * HOUR + minute * MINUTE + (parts.get("second") ?? 0) * SECOND;
}

function timeOfDay(found: Found, now: number, zone: Zone, told: string[]): number {
	if (found.hasTime) {
		const { start } = found.timeFrom;
		const part = /\b(?:morning|afternoon|evening|tonight|night)\b/i.exec(found.timeFrom.text)?.[0];
		const timeMs = clockOf(start);
		if (part !== undefined && !start.isCertain("hour")) {
			told.push(`“${part}” is read as ${clockText(timeMs / MINUTE)}.`);
		}
		return timeMs;
	}
	// “in 2 days” is at this time of day; “next week” is a day like any other.
	if (/^(?:in|within|after)\b|\b(?:from now|later)$/i.test(found.text)) {
		return (now + zone.offsetAt(now)) % DAY;
	}
	told.push(NO_TIME_TOLD);
	return DEFAULT_TIME_MS;
}

function instantOn(day: number, timeMs: number, zone: Zone, offsetMs: number | undefined) {
	const local = day * DAY + timeMs;
	if (offsetMs !== undefined) return { at: local - offsetMs };
	return instantsOf(local, zone, "rfc5545")[0] ?? { at: local };
}
