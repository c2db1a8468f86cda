/** What has become of the occurrences of a schedule, told from what was sent and from events. */
import type { TimerRow } from "../../../durable-objects/tenant-shard/store.ts";
import { NO_CALENDARS } from "../../../src/core/calendar/calendar-dates.ts";
import { nextOccurrence } from "../../../src/core/recurrence/next-occurrence.ts";
import { parseTimerDoc } from "../../../src/core/timer-doc.ts";
import { unpackFlags } from "../../../src/core/timer-flags.ts";
import { isEnded, timerStateOf } from "../../../src/core/timer-state.ts";
import { check } from "./chaos-check.ts";
import { isOver, type Told } from "./chaos-stored.ts";

/**
 * Each occurrence that has passed has fired once, or was told once as left out, or has one of the
 * `open` rows; null where others may have taken its place.
 */
export function verifyOccurrences(
	row: TimerRow,
	nominals: ReadonlyMap<string, number>,
	told: readonly Told[],
	open: readonly TimerRow[] | null,
): void {
	const schedule = parseTimerDoc(row.doc).schedule;
	if (schedule === undefined) return;
	const next = (after: number) => nextOccurrence(schedule, after, NO_CALENDARS)?.at ?? null;
	const found = new Map<number, string>();
	const note = (at: number, what: string) => {
		const before = found.get(at);
		check(before === undefined, `occurrence ${at} of ${row.id} is ${what}, and ${before}`);
		found.set(at, what);
	};
	const { actions, fidelity } = unpackFlags(row.flags);
	for (const [key, nominal] of nominals) {
		if (key.startsWith(`${row.id}:`)) note(nominal, key);
	}
	const { limit = Number.POSITIVE_INFINITY } = schedule;
	check(found.size <= limit, `${row.id} has fired for ${found.size} occurrences`);
	for (const { type, data } of told) {
		if (type === "timer.fired" && actions === 0) {
			note(Number(data["nominalAt"] ?? data["dueAt"]), `${row.id}:${data["firing"]}`);
		}
		if (type !== "timer.skipped") continue;
		const { dueAt, fromAt, beforeAt } = data;
		if (typeof dueAt === "number") note(dueAt, String(data["reason"]));
		if (typeof fromAt !== "number") continue;
		for (let at = next(fromAt - 1); at !== null && at < Number(beforeAt); at = next(at)) {
			note(at, String(data["reason"]));
		}
	}
	if (open === null || (actions === 0 && fidelity === "fast")) return;
	for (const one of open) found.set(one.nominal ?? one.fire_at, "open");
	const nominal = row.nominal ?? row.fire_at;
	if (isEnded(timerStateOf(row.state)) || isOver(row)) return;
	for (let at = next(row.created_at); at !== null && at < nominal; at = next(at)) {
		check(found.has(at), `occurrence ${at} of ${row.id} is missing before ${nominal}`);
	}
}
