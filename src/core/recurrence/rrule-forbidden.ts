/**
 * What RFC 5545 (section 3.3.10) says must not stand together in a recurrence rule. Called by the
 * reading of its parts.
 */
import { WEEKDAY_CODES } from "../../contract/schedule.ts";
import type { RuleParts } from "./rrule-parts.ts";

/** The first such thing, as the text of a refusal. */
export function forbiddenTogether(rule: RuleParts): string | undefined {
	const { freq, byDay, byMonth, byMonthDay, byYearDay, byWeekNo, bySetPos } = rule;
	if (rule.count !== undefined && rule.until !== undefined) {
		return "COUNT and UNTIL are both given: only one may say when the rule ends";
	}
	const counted = byDay.find(({ n }) => n !== 0);
	if (counted !== undefined) {
		const text = `BYDAY=${counted.n}${WEEKDAY_CODES[counted.weekday]}`;
		if (freq !== "MONTHLY" && freq !== "YEARLY") {
			return `${text}: weekdays are counted only in MONTHLY and YEARLY rules, not in ${freq}`;
		}
		if (byWeekNo.length > 0) return `${text}: weekdays cannot be counted beside BYWEEKNO`;
		const inMonth = freq === "MONTHLY" || byMonth.length > 0;
		if (inMonth && Math.abs(counted.n) > 5) {
			return `${text}: a month has at most five of a weekday, so expected 1 to 5 or -5 to -1`;
		}
	}
	const dayParts = [byMonth, byMonthDay, byYearDay, byWeekNo, byDay].filter(
		(list) => list.length > 0,
	);
	// Beside another part that names days the suites agree on what these mean (a limit); alone they
	// are what the RFC forbids, and most likely meant for a YEARLY or MONTHLY rule.
	if (dayParts.length === 1) {
		if (byWeekNo.length > 0 && freq !== "YEARLY") {
			return `BYWEEKNO belongs to YEARLY rules, not to ${freq}`;
		}
		if (byYearDay.length > 0 && (freq === "MONTHLY" || freq === "WEEKLY" || freq === "DAILY")) {
			return `BYYEARDAY belongs to YEARLY and sub-daily rules, not to ${freq}`;
		}
		if (byMonthDay.length > 0 && freq === "WEEKLY") {
			return "BYMONTHDAY does not belong to WEEKLY rules: expected MONTHLY, or BYDAY";
		}
	}
	const times = [rule.byHour, rule.byMinute, rule.bySecond].filter((list) => list.length > 0);
	if (bySetPos.length > 0 && dayParts.length + times.length === 0) {
		return "BYSETPOS picks from what another BY part names, and there is none";
	}
	return undefined;
}
