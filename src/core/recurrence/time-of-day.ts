/**
 * The times of a day that hours, minutes and seconds name together, in order and without listing
 * them: there may be 86,400. Shared by cron expressions and recurrence rules.
 */

/** Each list ascending, without duplicates, and not empty. */
export type TimesOfDay = {
	readonly hours: readonly number[];
	readonly minutes: readonly number[];
	readonly seconds: readonly number[];
};

const HOUR_S = 3_600;
const MINUTE_S = 60;

export function countOf({ hours, minutes, seconds }: TimesOfDay): number {
	return hours.length * minutes.length * seconds.length;
}

/** The time at `index`, in seconds since midnight. */
export function timeAt({ hours, minutes, seconds }: TimesOfDay, index: number): number {
	const second = seconds[index % seconds.length] ?? 0;
	const rest = Math.floor(index / seconds.length);
	const minute = minutes[rest % minutes.length] ?? 0;
	const hour = hours[Math.floor(rest / minutes.length)] ?? 0;
	return hour * HOUR_S + minute * MINUTE_S + second;
}

/** How many of the times lie at or before `time` (seconds since midnight; negative for none). */
export function countUpTo(times: TimesOfDay, time: number): number {
	if (time < 0) return 0;
	const { hours, minutes, seconds } = times;
	const hour = Math.floor(time / HOUR_S);
	const minute = Math.floor((time % HOUR_S) / MINUTE_S);
	const earlierHours = below(hours, hour);
	let count = earlierHours * minutes.length * seconds.length;
	if (hours[earlierHours] !== hour) return count;
	const earlierMinutes = below(minutes, minute);
	count += earlierMinutes * seconds.length;
	if (minutes[earlierMinutes] !== minute) return count;
	return count + below(seconds, (time % MINUTE_S) + 1);
}

/** The first of the times strictly after `time`, in seconds since midnight, or `undefined`. */
export function nextTime(times: TimesOfDay, time: number): number | undefined {
	const index = countUpTo(times, time);
	return index < countOf(times) ? timeAt(times, index) : undefined;
}

/** How many of `values` are smaller than `value`. */
function below(values: readonly number[], value: number): number {
	let low = 0;
	let high = values.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if ((values[middle] ?? 0) < value) low = middle + 1;
		else high = middle;
	}
	return low;
}
