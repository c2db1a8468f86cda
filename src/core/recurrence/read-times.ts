/**
 * Reads the instants that a schedule names, in its own zone where they have no offset. Called by
 * the reading of schedules and of recurrence rules.
 */
import { LIMITS } from "../../contract/limits.ts";
import { parseLocal } from "./local-time.ts";
import { instantOf } from "./wall-clock.ts";
import type { Zone } from "./zone.ts";

/** Says what is wrong with a member; nothing is read then. */
export type Flaw = (member: string, message: string) => undefined;

export type TimeContext = { readonly zone: Zone; readonly flaw: Flaw };

const EXPECTED =
	"expected a time like 2026-12-01T09:00:00Z, or without the Z in the schedule's zone";

/** A whole day rather than a time: `2026-12-25`. */
export function isDayText(text: string): boolean {
	return parseLocal(text)?.isDate === true;
}

/** Epoch ms; a day is its first instant. */
export function readTime(member: string, text: string, context: TimeContext): number | undefined {
	const time = parseLocal(text);
	if (time === undefined) {
		return context.flaw(member, `${JSON.stringify(text)} is not a time there is: ${EXPECTED}`);
	}
	const at = time.offsetMs === undefined ? instantOf(time.local, context.zone) : time.local;
	if (at <= LIMITS.instantMax) return at;
	return context.flaw(member, `${text} lies after the year 9999`);
}

/** Ascending, without duplicates. */
export function readInstants(
	member: string,
	texts: readonly string[],
	context: TimeContext,
): readonly number[] | undefined {
	const instants = new Set<number>();
	let sound = true;
	for (const [index, text] of texts.entries()) {
		const at = readTime(`${member}.${index}`, text, context);
		if (at === undefined) sound = false;
		else instants.add(at);
	}
	return sound ? [...instants].sort((a, b) => a - b) : undefined;
}
