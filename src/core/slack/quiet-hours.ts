/**
 * Quiet hours: a span of the local day in which nothing is delivered. Read from a command, and asked
 * by the sender when a message may go. The zone's rules decide where an edge falls under DST.
 */
import { instantOf } from "../recurrence/wall-clock.ts";
import { requireZone } from "../recurrence/zone.ts";
import { err, ok, type Result } from "../result.ts";
import { DAY, MINUTE } from "../units.ts";
import { readTimes } from "./clock-words.ts";
import { clockText } from "./repeat-rule.ts";
import { Scanner, takeSign } from "./scanner.ts";
import { quote } from "./text.ts";

/** Minutes of the local day, 0 to 1439; `from` is quiet, `to` no more. May span midnight. */
export type QuietHours = { readonly fromMinute: number; readonly toMinute: number };

const EXPECTED = "expected two times of day like 22:00-07:00";

/** Reads `22:00-07:00`, `10pm to 7am`, `from 22 until 7`. The error is a sentence. */
export function parseQuietHours(text: string): Result<QuietHours, { readonly message: string }> {
	const scanner = new Scanner(`at ${text.trim().replace(/^from\s+/i, "")}`, 0);
	const from = readTimes(scanner);
	const isSpan = takeSign(scanner, /^\s*(?:-|–|—|to\b|until\b|till\b)\s*/i);
	const to = isSpan ? readTimes(new Scanner(`at ${scanner.text.slice(scanner.at)}`, 0)) : undefined;
	const rest = new Scanner(`at ${scanner.text.slice(scanner.at)}`, 0);
	const isWhole = readTimes(rest) !== undefined && rest.at === rest.text.length;
	const [fromMinute, toMinute] = [from?.[0], to?.[0]];
	if (fromMinute === undefined || toMinute === undefined || !isWhole) {
		return err({ message: `${quote(text)} are no quiet hours: ${EXPECTED}.` });
	}
	if (from?.length !== 1 || to?.length !== 1 || fromMinute === toMinute) {
		return err({ message: `${quote(text)} are no span of the day: ${EXPECTED}.` });
	}
	return ok({ fromMinute, toMinute });
}

/** `22:00-07:00`, which reads back as the same. */
export function formatQuietHours({ fromMinute, toMinute }: QuietHours): string {
	return `${clockText(fromMinute)}-${clockText(toMinute)}`;
}

/**
 * When the quiet hours that `at` (epoch ms) falls into end; `null` outside of them. An edge that a
 * zone skips lies after the gap, and of one that comes twice the first counts, as in RFC 5545.
 */
export function quietUntil(hours: QuietHours, zoneName: string, at: number): number | null {
	const zone = requireZone(zoneName);
	const today = Math.floor((at + zone.offsetAt(at)) / DAY);
	const lastsOvernight = hours.toMinute < hours.fromMinute;
	// Those that began yesterday, and those of today; a day before for zones that leave out a day.
	for (const day of [today - 2, today - 1, today]) {
		const start = instantOf(day * DAY + hours.fromMinute * MINUTE, zone);
		const endDay = lastsOvernight ? day + 1 : day;
		const end = instantOf(endDay * DAY + hours.toMinute * MINUTE, zone);
		if (start <= at && at < end) return end;
	}
	return null;
}
