/**
 * Turns local times into instants: the one place where DST is settled. `wallClock` is for rules
 * that name times of day, `stepping` for those that step through the day, which go by elapsed time.
 * Called by the compilation of cron expressions and recurrence rules.
 */
import { DAY } from "../units.ts";
import type { DstPolicy, LocalSource, Occurrence, Source } from "./occurrence.ts";
import type { Work } from "./work.ts";
import type { Zone } from "./zone.ts";

/** Farther than any two offsets lie apart (26 hours): what is this far off, no change brings near. */
const NEAR_MS = 2 * DAY;

/**
 * The instants of one local time, in order. RFC 5545, section 3.3.5: one that does not exist takes
 * the offset before the gap, so it moves forward by the gap; one that exists twice is the first.
 * `skip` drops what does not exist, `twice` takes both of what exists twice.
 */
export function instantsOf(local: number, zone: Zone, dst: DstPolicy): readonly Occurrence[] {
	// No offset exceeds a day, so these two instants lie on either side of the one that is meant.
	const before = zone.offsetAt(local - DAY);
	const after = zone.offsetAt(local + DAY);
	if (before === after) return [{ at: local - before }];
	const [early, late] = [local - before, local - after];
	const isEarly = zone.offsetAt(early) === before;
	const isLate = zone.offsetAt(late) === after;
	if (isEarly && isLate) {
		const first: Occurrence = { at: early, note: { kind: "fold", which: "first" } };
		if (dst !== "twice") return [first];
		return [first, { at: late, note: { kind: "fold", which: "second" } }];
	}
	if (isEarly) return [{ at: early }];
	if (isLate) return [{ at: late }];
	return dst === "skip" ? [] : [{ at: early, note: { kind: "gap", movedMs: after - before } }];
}

/** One local time's only instant under RFC 5545; for anchors such as DTSTART. */
export function instantOf(local: number, zone: Zone): number {
	return instantsOf(local, zone, "rfc5545")[0]?.at ?? local;
}

/** The instants of a rule's local times. */
export function wallClock(locals: LocalSource, zone: Zone, dst: DstPolicy): Source {
	return { next: (after, work) => nextInstant(locals, zone, dst, after, work) };
}

function nextInstant(
	locals: LocalSource,
	zone: Zone,
	dst: DstPolicy,
	after: number,
	work: Work,
): Occurrence | null {
	const offset = zone.offsetAt(after);
	const yesterday = zone.offsetAt(after - DAY);
	const tomorrow = zone.offsetAt(after + DAY);
	// Near a change of offset an earlier local time may still lie ahead: moved by a gap, or again.
	const back = Math.max(Math.abs(offset - yesterday), Math.abs(tomorrow - offset));
	let best: Occurrence | undefined;
	let shown = after + offset;
	let local = locals.nextLocal(after + offset - back, work);
	while (local !== null) {
		work.spendOnOffsets(local - shown);
		shown = local;
		if (best !== undefined && local - latestOffset(zone, best.at) >= best.at) return best;
		const instants = instantsOf(local, zone, dst);
		const [first] = instants.filter(({ at }) => at > after);
		if (first !== undefined && (best === undefined || first.at < best.at)) best = first;
		// Far from any change the order of local times is the order of instants.
		if (best !== undefined && back === 0 && instants[0] === best && !best.note) return best;
		local = locals.nextLocal(local, work);
	}
	return best ?? null;
}

/** The largest offset within a day of `at`: no later local time can come before `at` by more. */
function latestOffset(zone: Zone, at: number): number {
	return Math.max(zone.offsetAt(at - DAY), zone.offsetAt(at), zone.offsetAt(at + DAY));
}

/**
 * The instants at which the clock on the wall shows one of the local times: a gap has none, and
 * what exists twice is shown twice. No policy changes that, since it is elapsed time that counts.
 */
export function stepping(locals: LocalSource, zone: Zone): Source {
	return {
		next(after, work) {
			let from = after;
			let seen = after;
			let offset = zone.offsetAt(after);
			for (;;) {
				const local = locals.nextLocal(from + offset, work);
				if (local === null) return null;
				const at = local - offset;
				work.spendOnOffsets(at - from);
				const until = Math.min(at, seen + NEAR_MS);
				const change = zone.changeAfter(seen, until);
				if (change !== undefined) {
					seen = change;
					// The last millisecond before: the change itself may show one of the local times.
					from = change - 1;
					offset = zone.offsetAt(change);
				} else if (until === at) {
					return { at };
				} else {
					// Nothing is shown until about `at`, whatever the offsets in between are.
					from = Math.max(until, at - NEAR_MS);
					seen = from;
					offset = zone.offsetAt(from);
				}
			}
		},
	};
}
