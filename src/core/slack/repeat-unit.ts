/** Words for the time that lies between: `every 2 weeks`, `every 1h30m`, `daily`. Called by `repeat-words.ts`. */
import { parseDuration } from "../duration.ts";
import type { Minutes } from "./clock-words.ts";
import { readOrdinalDays } from "./month-days.ts";
import { ALL_DAYS, type RepeatRule } from "./repeat-rule.ts";
import type { Scanner } from "./scanner.ts";

/** Times are there only where the words for days say them too: `every evening at 8`. */
export type RepeatWords = { readonly rule: RepeatRule; readonly times?: readonly Minutes[] };

export const UNIT_OF: Readonly<Record<string, string>> = {
	daily: "day",
	hourly: "hour",
	weekly: "week",
	monthly: "month",
};

export function readUnit(scanner: Scanner, unit: string, count: number): RepeatWords | undefined {
	const short = unit.startsWith("month") ? "month" : unit.charAt(0);
	if (short === "s" || short === "m" || short === "h") {
		const text = count === 0.5 ? (short === "h" ? "30m" : "30s") : `${count}${short}`;
		const isSound = parseDuration(text).ok && !(count === 0.5 && short === "s");
		return isSound ? { rule: { kind: "elapsed", text } } : undefined;
	}
	if (!Number.isInteger(count) || count < 1) return undefined;
	if (short === "d") {
		if (count === 1) return { rule: { kind: "weekdays", days: ALL_DAYS } };
		return { rule: { kind: "interval", unit: "day", count, days: [] } };
	}
	if (short === "w") return { rule: { kind: "interval", unit: "week", count, days: [] } };
	const rule = scanner.attempt(() => {
		if (scanner.take("on") === undefined) return undefined;
		scanner.take("the");
		return readOrdinalDays(scanner);
	});
	if (rule !== undefined && count === 1) return { rule };
	if (rule !== undefined && rule.kind !== "monthdays") return undefined;
	return { rule: { kind: "interval", unit: "month", count, days: rule?.days ?? [] } };
}

export function countOf(text: string | undefined): number {
	if (text === undefined || /^an?$/i.test(text)) return 1;
	return /^half/i.test(text) ? 0.5 : Number(text);
}

/** `every 1h30m`. */
export function readShortDuration(scanner: Scanner): RepeatWords | undefined {
	const [text] = scanner.take("((?:\\d+(?:\\.\\d+)?[wdhms] ?)+)") ?? [];
	return text === undefined || !parseDuration(text).ok
		? undefined
		: { rule: { kind: "elapsed", text: text.replaceAll(" ", "") } };
}
