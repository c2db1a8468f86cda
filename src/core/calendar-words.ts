/** English names of days and months, as they are read and shown. */

/** 0 is Sunday. */
export const WEEKDAYS = [
	"Sunday",
	"Monday",
	"Tuesday",
	"Wednesday",
	"Thursday",
	"Friday",
	"Saturday",
] as const;

export const MONTHS = [
	"January",
	"February",
	"March",
	"April",
	"May",
	"June",
	"July",
	"August",
	"September",
	"October",
	"November",
	"December",
] as const;

/** The place of a name among `names` by its first three letters, which tell them all apart. */
export function indexOfName(names: readonly string[], name: string): number {
	const short = name.slice(0, 3).toLowerCase();
	return names.findIndex((one) => one.slice(0, 3).toLowerCase() === short);
}
