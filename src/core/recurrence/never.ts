/** Says which day it is that never comes, for rules that are refused because of it. */
import { MONTHS } from "../calendar-words.ts";

/** `February 30th never comes`; the months are 1 to 12. */
export function neverComes(months: readonly number[], day: number): string {
	const names = months.map((month) => MONTHS[month - 1]);
	const listed =
		names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names[0];
	if (day < 0) return `${listed} never has a day ${-day}${ordinalEnding(-day)} from the end`;
	return `${listed} ${day}${ordinalEnding(day)} never comes`;
}

function ordinalEnding(day: number): string {
	if (day >= 11 && day <= 13) return "th";
	return ["th", "st", "nd", "rd"][day % 10] ?? "th";
}
