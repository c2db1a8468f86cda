/** Schedules at random, as callers write them: rules of all kinds in zones with all kinds of DST. */
import fc from "fast-check";

const ZONES = [
	"UTC",
	"Europe/Berlin",
	"America/New_York",
	"America/Santiago",
	"Australia/Lord_Howe",
	"Africa/Cairo",
	"Asia/Kathmandu",
	"Pacific/Apia",
] as const;
const DAYS: readonly string[] = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];

const minute = fc.integer({ min: 0, max: 59 });
const hour = fc.integer({ min: 0, max: 23 });
const days = fc.subarray([...DAYS], { minLength: 1 }).map((some) => some.join(","));

const cron = fc.oneof(
	fc.tuple(minute, hour).map(([m, h]) => `${m} ${h} * * *`),
	fc.tuple(minute, hour, days).map(([m, h, on]) => `${m} ${h} * * ${numbersOf(on)}`),
	fc.tuple(minute, hour, fc.integer({ min: 1, max: 31 })).map(([m, h, d]) => `${m} ${h} ${d} * *`),
	fc.tuple(minute, fc.integer({ min: 2, max: 12 })).map(([m, n]) => `${m} */${n} * * *`),
	fc.tuple(minute, hour).map(([m, h]) => `${m} ${h} L * ?`),
);

/** Days as cron counts them. */
function numbersOf(codes: string): string {
	return codes
		.split(",")
		.map((code) => DAYS.indexOf(code))
		.join(",");
}

const rrule = fc
	.record({
		freq: fc.constantFrom("HOURLY", "DAILY", "WEEKLY", "MONTHLY"),
		interval: fc.integer({ min: 1, max: 7 }),
		byDay: fc.option(days),
		byHour: fc.option(hour),
		count: fc.option(fc.integer({ min: 1, max: 300 }), { freq: 3 }),
	})
	.map(({ freq, interval, byDay, byHour, count }) => {
		const on = byDay === null ? "" : `;BYDAY=${byDay}`;
		const isDaily = byHour !== null && freq !== "HOURLY";
		const at = isDaily ? `;BYHOUR=${byHour};BYMINUTE=30;BYSECOND=0` : "";
		const end = count === null ? "" : `;COUNT=${count}`;
		return `FREQ=${freq};INTERVAL=${interval}${on}${at}${end}`;
	});

const every = fc.record({
	every: fc.constantFrom("1h", "36h", "10d"),
	phase: fc.constantFrom("1ms", "7m"),
});

/** @param dtstart where rules of RFC 5545 begin, a local time */
export function randomSchedule(dtstart: string) {
	const rule = fc.oneof(
		cron.chain((text) =>
			fc.constantFrom("rfc5545", "skip", "twice").map((dst) => ({ cron: text, dst })),
		),
		rrule.map((text) => ({ rrule: text, dtstart })),
		every,
	);
	return fc.tuple(rule, fc.constantFrom(...ZONES)).map(([one, timezone]) => ({ ...one, timezone }));
}
