/**
 * What people type and what is made of it: the specification of phrases by example. `local` is on
 * the clock of the asker's zone, `utc` the same instant. Used by `phrases.test.ts`.
 */
import type { ScheduleInput } from "../../../src/contract/schedule.ts";

export type PhraseCase = readonly [
	phrase: string,
	expected:
		| {
				readonly inMs?: number;
				readonly local?: string;
				readonly utc?: string;
				readonly schedule?: ScheduleInput;
				readonly note?: string;
				readonly told?: string;
		  }
		| { readonly understood?: string; readonly problem: string },
];

export const PHRASES: readonly {
	readonly title: string;
	readonly zone: string;
	readonly now: string;
	readonly cases: readonly PhraseCase[];
}[] = [
	{
		title: "On a Saturday evening in Berlin",
		zone: "Europe/Berlin",
		now: "2026-11-21T18:05:12Z",
		cases: [
			["15m stand-up", { inMs: 900000, note: "stand-up" }],
			["1h 30m tea", { inMs: 5400000, note: "tea" }],
			["90 seconds tea", { inMs: 90000, note: "tea" }],
			["stand-up in 20 minutes", { inMs: 1200000, note: "stand-up" }],
			["in 20 minutes stand-up", { inMs: 1200000, note: "stand-up" }],
			["in an hour tea", { inMs: 3600000, note: "tea" }],
			["tomorrow at 9", { local: "2026-11-22 09:00:00", utc: "2026-11-22T08:00:00Z" }],
			[
				"tomorrow at 9 stand-up",
				{ local: "2026-11-22 09:00:00", utc: "2026-11-22T08:00:00Z", note: "stand-up" },
			],
			[
				"tomorrow stand-up at 9",
				{ local: "2026-11-22 09:00:00", utc: "2026-11-22T08:00:00Z", note: "stand-up" },
			],
			[
				"tomorrow",
				{
					local: "2026-11-22 09:00:00",
					utc: "2026-11-22T08:00:00Z",
					told: "No time of day was said, so it is 09:00.",
				},
			],
			[
				"stand-up tomorrow",
				{
					local: "2026-11-22 09:00:00",
					utc: "2026-11-22T08:00:00Z",
					note: "stand-up",
					told: "No time of day was said, so it is 09:00.",
				},
			],
			["tomorrow at halb neun", { understood: "tomorrow", problem: "not “at halb neun”" }],
			["tomorrow 25:00", { understood: "tomorrow", problem: "not “25:00”" }],
			[
				"next monday 14:30 review",
				{ local: "2026-11-23 14:30:00", utc: "2026-11-23T13:30:00Z", note: "review" },
			],
			[
				"on 24 december at noon lunch",
				{ local: "2026-12-24 12:00:00", utc: "2026-12-24T11:00:00Z", note: "lunch" },
			],
			[
				"friday",
				{
					local: "2026-11-27 09:00:00",
					utc: "2026-11-27T08:00:00Z",
					told: "No time of day was said, so it is 09:00.",
				},
			],
			["friday at 15", { local: "2026-11-27 15:00:00", utc: "2026-11-27T14:00:00Z" }],
			[
				"at 9",
				{
					local: "2026-11-22 09:00:00",
					utc: "2026-11-22T08:00:00Z",
					told: "That time has passed today, so it is tomorrow.",
				},
			],
			["at 20:30", { local: "2026-11-21 20:30:00", utc: "2026-11-21T19:30:00Z" }],
			[
				"9:30 coffee",
				{
					local: "2026-11-22 09:30:00",
					utc: "2026-11-22T08:30:00Z",
					note: "coffee",
					told: "That time has passed today, so it is tomorrow.",
				},
			],
			["at 21h", { local: "2026-11-21 21:00:00", utc: "2026-11-21T20:00:00Z" }],
			[
				"at nine",
				{
					local: "2026-11-22 09:00:00",
					utc: "2026-11-22T08:00:00Z",
					told: "That time has passed today, so it is tomorrow.",
				},
			],
			["tomorrow at half past nine", { local: "2026-11-22 09:30:00", utc: "2026-11-22T08:30:00Z" }],
			[
				"day after tomorrow at noon call",
				{ local: "2026-11-23 12:00:00", utc: "2026-11-23T11:00:00Z", note: "call" },
			],
			["in a fortnight", { local: "2026-12-05 19:05:12", utc: "2026-12-05T18:05:12Z" }],
			[
				"end of day report",
				{
					local: "2026-11-22 17:00:00",
					utc: "2026-11-22T16:00:00Z",
					note: "report",
					told: "The end of the day is read as 17:00. That time has passed today, so it is tomorrow.",
				},
			],
			[
				"end of tomorrow report",
				{ local: "2026-11-22 17:00:00", utc: "2026-11-22T16:00:00Z", note: "report" },
			],
			[
				"on 03/04 at 9",
				{ problem: "“03/04” may be 3 April or 4 March: write the month as a word." },
			],
			["24/12 at 9", { local: "2026-12-24 09:00:00", utc: "2026-12-24T08:00:00Z" }],
			["03/03 at 9", { local: "2027-03-03 09:00:00", utc: "2027-03-03T08:00:00Z" }],
			[
				"4.12.2026 9:00",
				{ problem: "“4.12.2026” may be 4 December or 12 April: write the month as a word." },
			],
			[
				"2026-12-24 09:00 gift",
				{ local: "2026-12-24 09:00:00", utc: "2026-12-24T08:00:00Z", note: "gift" },
			],
			[
				"2026-12-24T09:00:00+02:00 gift",
				{ local: "2026-12-24 08:00:00", utc: "2026-12-24T07:00:00Z", note: "gift" },
			],
			["yesterday at 9", { understood: "yesterday at 9", problem: "that has passed" }],
			["last friday", { understood: "last friday", problem: "that has passed" }],
			["today at 9", { understood: "today at 9", problem: "that has passed" }],
			["today at 21", { local: "2026-11-21 21:00:00", utc: "2026-11-21T20:00:00Z" }],
			["this afternoon", { understood: "this afternoon", problem: "that has passed" }],
			[
				"tonight",
				{
					local: "2026-11-21 22:00:00",
					utc: "2026-11-21T21:00:00Z",
					told: "“tonight” is read as 22:00.",
				},
			],
			["tonight at 8", { local: "2026-11-21 20:00:00", utc: "2026-11-21T19:00:00Z" }],
			[
				"tomorrow morning",
				{
					local: "2026-11-22 06:00:00",
					utc: "2026-11-22T05:00:00Z",
					told: "“morning” is read as 06:00.",
				},
			],
			[
				"tomorrow at 9 art class",
				{ local: "2026-11-22 09:00:00", utc: "2026-11-22T08:00:00Z", note: "art class" },
			],
			[
				"tomorrow 9am EST",
				{
					understood: "tomorrow 9am EST",
					problem:
						"EST is not the name of one time zone: leave it out for your own, or write UTC or an offset like +01:00",
				},
			],
			["tomorrow 9am UTC", { local: "2026-11-22 10:00:00", utc: "2026-11-22T09:00:00Z" }],
			[
				"tomorrow 9 to 11",
				{
					understood: "tomorrow 9 to 11",
					problem: "that is a span of time, and a timer fires at one instant",
				},
			],
			["tomorrow 9-11", { understood: "tomorrow", problem: "not “9-11”" }],
			[
				"friday 13 november",
				{ understood: "friday 13 november", problem: "in 2027 that day is a Saturday" },
			],
			[
				"monday 9 december at 9",
				{ understood: "monday 9 december at 9", problem: "in 2026 that day is a Wednesday" },
			],
			["31 february", { problem: "I found no time in “31 february”." }],
			["on the 3rd at 9", { understood: "at 9", problem: "not “on the 3rd”" }],
			["in 2 days", { local: "2026-11-23 19:05:12", utc: "2026-11-23T18:05:12Z" }],
			["in 2 days at noon", { local: "2026-11-23 12:00:00", utc: "2026-11-23T11:00:00Z" }],
			[
				"next week",
				{
					local: "2026-11-28 09:00:00",
					utc: "2026-11-28T08:00:00Z",
					told: "No time of day was said, so it is 09:00.",
				},
			],
			["in 5", { problem: "I found no time in “in 5”." }],
			["now", { understood: "now", problem: "that has passed" }],
			[
				"remind me tomorrow at 9 to call Bob",
				{ local: "2026-11-22 09:00:00", utc: "2026-11-22T08:00:00Z", note: "call Bob" },
			],
			[
				"remind me to call Bob tomorrow at 9",
				{ local: "2026-11-22 09:00:00", utc: "2026-11-22T08:00:00Z", note: "call Bob" },
			],
			["on friday at 9 in 2 weeks", { understood: "on friday at 9", problem: "not “in 2 weeks”" }],
			["tomorrow at 9 and 17", { understood: "tomorrow at 9", problem: "not “and 17”" }],
			['in 20 minutes "tomorrow at 9"', { inMs: 1200000, note: "tomorrow at 9" }],
			["call <@U123|bob> in 20 minutes", { inMs: 1200000, note: "call <@U123>" }],
			[
				"see <https://x.com/2026-12-01|x> tomorrow at 9",
				{
					local: "2026-11-22 09:00:00",
					utc: "2026-11-22T08:00:00Z",
					note: "see https://x.com/2026-12-01",
				},
			],
			["in 20 minutes <!channel> lunch &amp; tea", { inMs: 1200000, note: "@channel lunch & tea" }],
			["stand-up", { problem: "I found no time in “stand-up”." }],
			["in 3 hours", { inMs: 10800000 }],
			["may need review in 5 min", { inMs: 300000, note: "may need review" }],
			[
				"on monday at 9 and tuesday at 10",
				{ understood: "on monday at 9", problem: "not “and tuesday at 10”" },
			],
			["in 20 minutes and 30 seconds", { inMs: 1230000 }],
			["in one hour and a half", { inMs: 5400000 }],
			["2 hours", { inMs: 7200000 }],
			[
				"tomorrow stand-up 9 to 11",
				{
					understood: "9 to 11",
					problem: "that is a span of time, and a timer fires at one instant",
				},
			],
			[
				"tomorrow night",
				{
					local: "2026-11-22 20:00:00",
					utc: "2026-11-22T19:00:00Z",
					told: "“night” is read as 20:00.",
				},
			],
		],
	},
	{
		title: "Again and again, in Berlin",
		zone: "Europe/Berlin",
		now: "2026-11-21T18:05:12Z",
		cases: [
			["every weekday at 9", { schedule: { cron: "0 9 * * 1,2,3,4,5" } }],
			[
				"every weekday at 9 stand-up",
				{ schedule: { cron: "0 9 * * 1,2,3,4,5" }, note: "stand-up" },
			],
			[
				"stand-up every weekday at 9",
				{ schedule: { cron: "0 9 * * 1,2,3,4,5" }, note: "stand-up" },
			],
			["every monday and thursday at 10:30", { schedule: { cron: "30 10 * * 1,4" } }],
			["every 15 minutes", { schedule: { every: "15m" } }],
			["every day at 9 and 17", { schedule: { cron: "0 9,17 * * *" } }],
			["every day at 9, 12:30 and 5pm", { schedule: { cron: ["0 9,17 * * *", "30 12 * * *"] } }],
			["on the first monday of each month at 9", { schedule: { cron: "0 9 * * 1#1" } }],
			[
				"every last friday",
				{
					schedule: { cron: "0 9 * * 5L" },
					told: "That is once a month. No time of day was said, so it is 09:00.",
				},
			],
			[
				"every last friday at 16 retro",
				{ schedule: { cron: "0 16 * * 5L" }, note: "retro", told: "That is once a month." },
			],
			[
				"every second friday at 16",
				{
					schedule: {
						rrule: "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR;BYHOUR=16;BYMINUTE=0;BYSECOND=0",
						dtstart: "2026-11-27T16:00:00",
					},
					told: "That is every other week; for the second of a month say “on the second … of each month”.",
				},
			],
			[
				"every other friday at 16",
				{
					schedule: {
						rrule: "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR;BYHOUR=16;BYMINUTE=0;BYSECOND=0",
						dtstart: "2026-11-27T16:00:00",
					},
				},
			],
			[
				"every 2 weeks on monday at 9",
				{
					schedule: {
						rrule: "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;BYHOUR=9;BYMINUTE=0;BYSECOND=0",
						dtstart: "2026-11-23T09:00:00",
					},
				},
			],
			["every monday to friday at 8", { schedule: { cron: "0 8 * * 1,2,3,4,5" } }],
			["mon-fri at 9", { schedule: { cron: "0 9 * * 1,2,3,4,5" } }],
			["weekdays at 9", { schedule: { cron: "0 9 * * 1,2,3,4,5" } }],
			["mondays at 9 plan", { schedule: { cron: "0 9 * * 1" }, note: "plan" }],
			["at 9 every weekday", { schedule: { cron: "0 9 * * 1,2,3,4,5" } }],
			["9am every monday", { schedule: { cron: "0 9 * * 1" } }],
			["daily at 9", { schedule: { cron: "0 9 * * *" } }],
			["hourly", { schedule: { every: "1h" } }],
			["weekly on monday at 9", { schedule: { cron: "0 9 * * 1" } }],
			["weekly at 9 on tuesday", { schedule: { cron: "0 9 * * 2" } }],
			[
				"every week at 9",
				{
					schedule: {
						rrule: "FREQ=WEEKLY;INTERVAL=1;BYDAY=SU;BYHOUR=9;BYMINUTE=0;BYSECOND=0",
						dtstart: "2026-11-22T09:00:00",
					},
				},
			],
			["every month on the 15th at 9", { schedule: { cron: "0 9 15 * *" } }],
			["on the 1st and 15th of every month at 9", { schedule: { cron: "0 9 1,15 * *" } }],
			["every month on the last day at 17", { schedule: { cron: "0 17 L * *" } }],
			[
				"on the last working day of each month at 17 invoices",
				{ schedule: { businessDay: { nth: -1, at: ["17:00"] } }, note: "invoices" },
			],
			[
				"every 3 days at 8",
				{
					schedule: {
						rrule: "FREQ=DAILY;INTERVAL=3;BYHOUR=8;BYMINUTE=0;BYSECOND=0",
						dtstart: "2026-11-22T08:00:00",
					},
				},
			],
			[
				"every other day at 8",
				{
					schedule: {
						rrule: "FREQ=DAILY;INTERVAL=2;BYHOUR=8;BYMINUTE=0;BYSECOND=0",
						dtstart: "2026-11-22T08:00:00",
					},
				},
			],
			[
				"every 2 months on the 1st at 9",
				{
					schedule: {
						rrule: "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=1;BYHOUR=9;BYMINUTE=0;BYSECOND=0",
						dtstart: "2026-12-01T09:00:00",
					},
				},
			],
			["every 24 december at 18", { schedule: { cron: "0 18 24 12 *" } }],
			["every morning", { schedule: { cron: "0 6 * * *" }, told: "The morning is read as 6:00." }],
			["every evening at 8", { schedule: { cron: "0 20 * * *" } }],
			["every 1h30m stretch", { schedule: { every: "1h30m" }, note: "stretch" }],
			["every half hour", { schedule: { every: "30m" } }],
			["every hour", { schedule: { every: "1h" } }],
			[
				"every hour at 15",
				{
					understood: "every hour at 15",
					problem: "it counts elapsed time, which has no time of day",
				},
			],
			["every blue moon", { problem: "I could not read “every blue moon”." }],
			["every day at halb neun", { understood: "every day", problem: "not “at halb neun”" }],
			[
				"every day at 9 and halb zehn",
				{ understood: "every day at 9", problem: "not “and halb zehn”" },
			],
			["every 0 minutes", { problem: "I could not read “every 0 minutes”." }],
			["every monday 3 people", { understood: "every monday", problem: "not “3 people”" }],
			["every second", { problem: "I could not read “every second”." }],
			[
				"tomorrow talk about the every monday ritual",
				{
					local: "2026-11-22 09:00:00",
					utc: "2026-11-22T08:00:00Z",
					note: "talk about the every monday ritual",
					told: "No time of day was said, so it is 09:00.",
				},
			],
			["every weekday at 9 10 times", { schedule: { cron: "0 9 * * 1,2,3,4,5", limit: 10 } }],
			["every 15th at 9", { schedule: { cron: "0 9 15 * *" } }],
			["every 1st and 15th at 9 pay", { schedule: { cron: "0 9 1,15 * *" }, note: "pay" }],
			[
				"every 2nd day at 9",
				{
					schedule: {
						rrule: "FREQ=DAILY;INTERVAL=2;BYHOUR=9;BYMINUTE=0;BYSECOND=0",
						dtstart: "2026-11-22T09:00:00",
					},
				},
			],
			[
				"every third day at 9",
				{
					schedule: {
						rrule: "FREQ=DAILY;INTERVAL=3;BYHOUR=9;BYMINUTE=0;BYSECOND=0",
						dtstart: "2026-11-22T09:00:00",
					},
				},
			],
			[
				"every other week on monday at 9",
				{
					schedule: {
						rrule: "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;BYHOUR=9;BYMINUTE=0;BYSECOND=0",
						dtstart: "2026-11-23T09:00:00",
					},
				},
			],
			["every 24th december at 9", { schedule: { cron: "0 9 24 12 *" } }],
			[
				"every 3rd friday at 9",
				{ schedule: { cron: "0 9 * * 5#3" }, told: "That is once a month." },
			],
			[
				"every third month on the 1st at 9",
				{
					schedule: {
						rrule: "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1;BYHOUR=9;BYMINUTE=0;BYSECOND=0",
						dtstart: "2026-12-01T09:00:00",
					},
				},
			],
			["every 5th hour", { schedule: { every: "5h" } }],
			[
				"every mon at 9 and every tue at 10",
				{ understood: "every mon at 9", problem: "not “and every tue at 10”" },
			],
			["every last day at 9", { problem: "I could not read “every last day at 9”." }],
		],
	},
	{
		title: "On a Monday morning in Berlin",
		zone: "Europe/Berlin",
		now: "2026-11-23T07:00:00Z",
		cases: [
			["monday at 9", { local: "2026-11-23 09:00:00", utc: "2026-11-23T08:00:00Z" }],
			["monday at 7", { local: "2026-11-30 07:00:00", utc: "2026-11-30T06:00:00Z" }],
			[
				"next monday at 9",
				{
					local: "2026-11-30 09:00:00",
					utc: "2026-11-30T08:00:00Z",
					told: "“Next” is read as the one of next week.",
				},
			],
			["this monday at 9", { local: "2026-11-23 09:00:00", utc: "2026-11-23T08:00:00Z" }],
			[
				"next friday at 9",
				{
					local: "2026-12-04 09:00:00",
					utc: "2026-12-04T08:00:00Z",
					told: "“Next” is read as the one of next week.",
				},
			],
			[
				"friday",
				{
					local: "2026-11-27 09:00:00",
					utc: "2026-11-27T08:00:00Z",
					told: "No time of day was said, so it is 09:00.",
				},
			],
			[
				"end of month",
				{
					local: "2026-11-30 09:00:00",
					utc: "2026-11-30T08:00:00Z",
					told: "No time of day was said, so it is 09:00.",
				},
			],
			["in 3 months", { local: "2027-02-23 08:00:00", utc: "2027-02-23T07:00:00Z" }],
			[
				"next month",
				{
					local: "2026-12-23 09:00:00",
					utc: "2026-12-23T08:00:00Z",
					told: "No time of day was said, so it is 09:00.",
				},
			],
			["29 february at 9", { problem: "I found no time in “29 february at 9”." }],
			["2 weeks from tomorrow", { understood: "2 weeks", problem: "not “from tomorrow”" }],
			["in an hour and a half", { inMs: 5400000 }],
			["in 1.5 hours", { inMs: 5400000 }],
			["in 90s", { inMs: 90000 }],
			["in 0 minutes", { understood: "in 0 minutes", problem: "that has passed" }],
			["5 minutes ago", { understood: "5 minutes ago", problem: "that has passed" }],
			["at quarter to nine", { local: "2026-11-23 08:45:00", utc: "2026-11-23T07:45:00Z" }],
			["every week on monday at 9", { schedule: { cron: "0 9 * * 1" } }],
			[
				"every 2 weeks on monday and thursday at 9",
				{
					schedule: {
						rrule: "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;BYHOUR=9;BYMINUTE=0;BYSECOND=0",
						dtstart: "2026-11-23T09:00:00",
					},
				},
			],
			[
				"every 2 days at 9 and 17:30",
				{
					understood: "every 2 days at 9 and 17:30",
					problem: "it takes times with the same minutes only",
				},
			],
			[
				"every month at 9",
				{
					schedule: {
						rrule: "FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=23;BYHOUR=9;BYMINUTE=0;BYSECOND=0",
						dtstart: "2026-11-23T09:00:00",
					},
				},
			],
			["every month on the first friday at 9", { schedule: { cron: "0 9 * * 5#1" } }],
			["every month on the 31st at 9", { schedule: { cron: "0 9 31 * *" } }],
			["every year on 24 december at 9", { schedule: { cron: "0 9 24 12 *" } }],
			[
				"every weekday between 9 and 17",
				{ understood: "every weekday", problem: "not “between 9 and 17”" },
			],
			[
				"every day except friday at 9",
				{ understood: "every day", problem: "not “except friday at 9”" },
			],
			[
				"every monday at 9 until december",
				{ understood: "every monday at 9", problem: "not “until december”" },
			],
			["every 10 seconds", { schedule: { every: "10s" } }],
			["every 500ms", { problem: "I could not read “every 500ms”." }],
			["on weekends at 10", { schedule: { cron: "0 10 * * 0,6" } }],
			[
				"on the first and third monday of each month at 9",
				{ schedule: { cron: "0 9 * * 1#1,1#3" } },
			],
			["on the last day of the month at 17", { schedule: { cron: "0 17 L * *" } }],
			["on the second friday of the month at 9", { schedule: { cron: "0 9 * * 5#2" } }],
			["every mon, wed and fri at 7:45am", { schedule: { cron: "45 7 * * 1,3,5" } }],
			["each tuesday at 5 pm gym", { schedule: { cron: "0 17 * * 2" }, note: "gym" }],
			["every night", { schedule: { cron: "0 20 * * *" }, told: "The night is read as 20:00." }],
			["every day at noon", { schedule: { cron: "0 12 * * *" } }],
			["every day at midnight", { schedule: { cron: "0 0 * * *" } }],
			[
				"every day",
				{ schedule: { cron: "0 9 * * *" }, told: "No time of day was said, so it is 09:00." },
			],
			["lunch every day at noon", { schedule: { cron: "0 12 * * *" }, note: "lunch" }],
			[
				"pay rent on the 1st of each month at 9",
				{ schedule: { cron: "0 9 1 * *" }, note: "pay rent" },
			],
			["at noon every friday", { schedule: { cron: "0 12 * * 5" } }],
		],
	},
	{
		title: "The day before the clocks skip an hour in Berlin",
		zone: "Europe/Berlin",
		now: "2026-03-28T11:00:00Z",
		cases: [
			["tomorrow at 1:59", { local: "2026-03-29 01:59:00", utc: "2026-03-29T00:59:00Z" }],
			[
				"tomorrow at 2:00",
				{
					local: "2026-03-29 03:00:00",
					utc: "2026-03-29T01:00:00Z",
					told: "The clocks skip that time on that day, so it is moved forward by as much.",
				},
			],
			[
				"tomorrow at 2:30",
				{
					local: "2026-03-29 03:30:00",
					utc: "2026-03-29T01:30:00Z",
					told: "The clocks skip that time on that day, so it is moved forward by as much.",
				},
			],
			["tomorrow at 3:00", { local: "2026-03-29 03:00:00", utc: "2026-03-29T01:00:00Z" }],
			["in 1 day", { local: "2026-03-29 12:00:00", utc: "2026-03-29T10:00:00Z" }],
			["in 24 hours", { inMs: 86400000 }],
			["every day at 2:30", { schedule: { cron: "30 2 * * *" } }],
		],
	},
	{
		title: "The day before the clocks go back in Berlin",
		zone: "Europe/Berlin",
		now: "2026-10-24T10:00:00Z",
		cases: [
			["tomorrow at 1:59", { local: "2026-10-25 01:59:00", utc: "2026-10-24T23:59:00Z" }],
			[
				"tomorrow at 2:30",
				{
					local: "2026-10-25 02:30:00",
					utc: "2026-10-25T00:30:00Z",
					told: "That time comes twice on that day; it is the first.",
				},
			],
			["tomorrow at 3:00", { local: "2026-10-25 03:00:00", utc: "2026-10-25T02:00:00Z" }],
			["in 1 day", { local: "2026-10-25 12:00:00", utc: "2026-10-25T11:00:00Z" }],
			["in 24 hours", { inMs: 86400000 }],
		],
	},
	{
		title: "The day before the clocks skip an hour in New York",
		zone: "America/New_York",
		now: "2026-03-07T17:00:00Z",
		cases: [
			[
				"tomorrow at 2:30am",
				{
					local: "2026-03-08 03:30:00",
					utc: "2026-03-08T07:30:00Z",
					told: "The clocks skip that time on that day, so it is moved forward by as much.",
				},
			],
			["tomorrow at 2:30 pm", { local: "2026-03-08 14:30:00", utc: "2026-03-08T18:30:00Z" }],
			["in 1 day", { local: "2026-03-08 12:00:00", utc: "2026-03-08T16:00:00Z" }],
			["next monday 14:30", { local: "2026-03-09 14:30:00", utc: "2026-03-09T18:30:00Z" }],
			["on 12/24 at noon", { local: "2026-12-24 12:00:00", utc: "2026-12-24T17:00:00Z" }],
		],
	},
	{
		title: "Between the two days that UTC and Kathmandu have",
		zone: "Asia/Kathmandu",
		now: "2026-11-21T18:30:00Z",
		cases: [
			["tomorrow at 9", { local: "2026-11-23 09:00:00", utc: "2026-11-23T03:15:00Z" }],
			["at 9", { local: "2026-11-22 09:00:00", utc: "2026-11-22T03:15:00Z" }],
			["today at 9", { local: "2026-11-22 09:00:00", utc: "2026-11-22T03:15:00Z" }],
			[
				"midnight",
				{
					local: "2026-11-23 00:00:00",
					utc: "2026-11-22T18:15:00Z",
					told: "That time has passed today, so it is tomorrow.",
				},
			],
			[
				"friday",
				{
					local: "2026-11-27 09:00:00",
					utc: "2026-11-27T03:15:00Z",
					told: "No time of day was said, so it is 09:00.",
				},
			],
		],
	},
	{
		title: "The day before half an hour is skipped on Lord Howe Island",
		zone: "Australia/Lord_Howe",
		now: "2026-10-03T02:00:00Z",
		cases: [
			[
				"tomorrow at 2:15",
				{
					local: "2026-10-04 02:45:00",
					utc: "2026-10-03T15:45:00Z",
					told: "The clocks skip that time on that day, so it is moved forward by as much.",
				},
			],
			["in 1 day", { local: "2026-10-04 12:30:00", utc: "2026-10-04T01:30:00Z" }],
		],
	},
	{
		title: "On the other side of the date line",
		zone: "Pacific/Kiritimati",
		now: "2026-12-31T09:00:00Z",
		cases: [
			["at 23:30", { local: "2026-12-31 23:30:00", utc: "2026-12-31T09:30:00Z" }],
			["tomorrow at 9", { local: "2027-01-01 09:00:00", utc: "2026-12-31T19:00:00Z" }],
			["1 january at 9", { local: "2027-01-01 09:00:00", utc: "2026-12-31T19:00:00Z" }],
		],
	},
	{
		title: "Notes that look like times",
		zone: "Europe/Berlin",
		now: "2026-11-21T18:05:12Z",
		cases: [
			[
				"lunch at 12",
				{
					local: "2026-11-22 12:00:00",
					utc: "2026-11-22T11:00:00Z",
					note: "lunch",
					told: "That time has passed today, so it is tomorrow.",
				},
			],
			[
				"call mom at 5pm tomorrow",
				{ local: "2026-11-22 17:00:00", utc: "2026-11-22T16:00:00Z", note: "call mom" },
			],
			[
				"deploy on monday at 9am please",
				{ local: "2026-11-23 09:00:00", utc: "2026-11-23T08:00:00Z", note: "deploy please" },
			],
			[
				"meeting 3pm",
				{
					local: "2026-11-22 15:00:00",
					utc: "2026-11-22T14:00:00Z",
					note: "meeting",
					told: "That time has passed today, so it is tomorrow.",
				},
			],
			[
				"review PR #15 at 16:00",
				{
					local: "2026-11-22 16:00:00",
					utc: "2026-11-22T15:00:00Z",
					note: "review PR #15",
					told: "That time has passed today, so it is tomorrow.",
				},
			],
			[
				"ship v1.2.3 at 5pm",
				{
					local: "2026-11-22 17:00:00",
					utc: "2026-11-22T16:00:00Z",
					note: "ship v1.2.3",
					told: "That time has passed today, so it is tomorrow.",
				},
			],
			[
				"buy 2 tickets tomorrow at 10",
				{ local: "2026-11-22 10:00:00", utc: "2026-11-22T09:00:00Z", note: "buy 2 tickets" },
			],
			[
				"pay $500 on friday",
				{
					local: "2026-11-27 09:00:00",
					utc: "2026-11-27T08:00:00Z",
					note: "pay $500",
					told: "No time of day was said, so it is 09:00.",
				},
			],
			[
				"send 3/4 of report tomorrow",
				{
					local: "2026-11-22 09:00:00",
					utc: "2026-11-22T08:00:00Z",
					note: "send 3/4 of report",
					told: "No time of day was said, so it is 09:00.",
				},
			],
			["ask Bob about 2026 budget in 2h", { inMs: 7200000, note: "ask Bob about 2026 budget" }],
			["in 2h", { inMs: 7200000 }],
			["2h later", { inMs: 7200000 }],
			[
				"1 hour before noon tomorrow",
				{ understood: "1 hour before noon", problem: "not “tomorrow”" },
			],
			["march plan in 5 minutes", { inMs: 300000, note: "march plan" }],
			[
				"sat down meeting tomorrow at 9",
				{ local: "2026-11-22 09:00:00", utc: "2026-11-22T08:00:00Z", note: "sat down meeting" },
			],
			[
				"sunday lunch",
				{
					local: "2026-11-22 09:00:00",
					utc: "2026-11-22T08:00:00Z",
					note: "lunch",
					told: "No time of day was said, so it is 09:00.",
				},
			],
			[
				"monday morning",
				{
					local: "2026-11-23 06:00:00",
					utc: "2026-11-23T05:00:00Z",
					told: "“morning” is read as 06:00.",
				},
			],
			[
				"standup mon 9:15",
				{ local: "2026-11-23 09:15:00", utc: "2026-11-23T08:15:00Z", note: "standup" },
			],
			[
				"wake up at 6",
				{
					local: "2026-11-22 06:00:00",
					utc: "2026-11-22T05:00:00Z",
					note: "wake up",
					told: "That time has passed today, so it is tomorrow.",
				},
			],
			[
				"at 6 wake up",
				{
					local: "2026-11-22 06:00:00",
					utc: "2026-11-22T05:00:00Z",
					note: "wake up",
					told: "That time has passed today, so it is tomorrow.",
				},
			],
			[
				"6am wake up",
				{
					local: "2026-11-22 06:00:00",
					utc: "2026-11-22T05:00:00Z",
					note: "wake up",
					told: "That time has passed today, so it is tomorrow.",
				},
			],
			["today 18:00", { understood: "today 18:00", problem: "that has passed" }],
			["a week from friday", { understood: "friday", problem: "not “a week from”" }],
			[
				"first monday of december at 9",
				{ understood: "december at 9", problem: "not “first monday of”" },
			],
			[
				"in the morning",
				{
					local: "2026-11-22 06:00:00",
					utc: "2026-11-22T05:00:00Z",
					told: "“morning” is read as 06:00. That time has passed today, so it is tomorrow.",
				},
			],
			[
				"noon lunch",
				{
					local: "2026-11-22 12:00:00",
					utc: "2026-11-22T11:00:00Z",
					note: "lunch",
					told: "That time has passed today, so it is tomorrow.",
				},
			],
			["in 20min", { inMs: 1200000 }],
			["in 20m tea", { inMs: 1200000, note: "tea" }],
			["in 1 hr", { inMs: 3600000 }],
			["20min tea", { inMs: 1200000, note: "tea" }],
			["20 min tea", { inMs: 1200000, note: "tea" }],
			["5min", { inMs: 300000 }],
			["five minutes tea", { inMs: 300000, note: "tea" }],
			["tomorrow @ 9", { local: "2026-11-22 09:00:00", utc: "2026-11-22T08:00:00Z" }],
			["TOMORROW AT 9", { local: "2026-11-22 09:00:00", utc: "2026-11-22T08:00:00Z" }],
			["tmr at 9", { local: "2026-11-22 09:00:00", utc: "2026-11-22T08:00:00Z" }],
			["tmrw 9am", { local: "2026-11-22 09:00:00", utc: "2026-11-22T08:00:00Z" }],
			["at 9 today", { understood: "at 9 today", problem: "that has passed" }],
			["at 21 today", { local: "2026-11-21 21:00:00", utc: "2026-11-21T20:00:00Z" }],
			["every monday, wednesday at 9", { schedule: { cron: "0 9 * * 1,3" } }],
			["every monday at 9am and 5pm", { schedule: { cron: "0 9,17 * * 1" } }],
			["every hour on weekdays", { understood: "every hour", problem: "not “on weekdays”" }],
			["every 30 min from 9 to 17", { understood: "every 30 min", problem: "not “from 9 to 17”" }],
			["every 1 hour", { schedule: { every: "1h" } }],
			["once a day at 9", { schedule: { cron: "0 9 * * *" } }],
			["twice a day", { problem: "I found no time in “twice a day”." }],
			[
				"every other monday at 10 1:1 with Ann",
				{
					schedule: {
						rrule: "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;BYHOUR=10;BYMINUTE=0;BYSECOND=0",
						dtstart: "2026-11-23T10:00:00",
					},
					note: "1:1 with Ann",
				},
			],
			["every month on first at 9", { schedule: { cron: "0 9 1 * *" } }],
			["monthly on the 1st at 9", { schedule: { cron: "0 9 1 * *" } }],
			["every quarter", { problem: "I could not read “every quarter”." }],
			["biweekly on friday at 9", { problem: "I could not read “biweekly on friday at 9”." }],
			[
				"yearly on 24 december",
				{ schedule: { cron: "0 9 24 12 *" }, told: "No time of day was said, so it is 09:00." },
			],
			["every sunday night at 8", { schedule: { cron: "0 20 * * 0" } }],
			["tell each team in 10 minutes", { inMs: 600000, note: "tell each team" }],
			[
				"weekly report tomorrow at 9",
				{ local: "2026-11-22 09:00:00", utc: "2026-11-22T08:00:00Z", note: "weekly report" },
			],
			["daily standup in 10 minutes", { inMs: 600000, note: "daily standup" }],
			["daily standup at 9", { schedule: { cron: "0 9 * * *" }, note: "standup" }],
			["standup daily at 9", { schedule: { cron: "0 9 * * *" }, note: "standup" }],
			["at 9 daily", { schedule: { cron: "0 9 * * *" } }],
			[
				"weekend trip planning tomorrow at 9",
				{
					local: "2026-11-22 09:00:00",
					utc: "2026-11-22T08:00:00Z",
					note: "weekend trip planning",
				},
			],
			["in 20 minutes check monday report", { inMs: 1200000, note: "check monday report" }],
			[
				"tomorrow prepare monday 9am meeting",
				{
					problem:
						"I found more than one time: “tomorrow” and “monday 9am”. Put words that are no time in quotes.",
				},
			],
			["monday report in 20 minutes", { inMs: 1200000, note: "monday report" }],
			["may need review in 5 min", { inMs: 300000, note: "may need review" }],
			["in december", { problem: "I found no time in “in december”." }],
			[
				"5 minute talk tomorrow at 9",
				{ local: "2026-11-22 09:00:00", utc: "2026-11-22T08:00:00Z", note: "5 minute talk" },
			],
			["wait a second", { problem: "I found no time in “wait a second”." }],
			[
				"tomorrow the 9am meeting prep",
				{
					problem:
						"I found more than one time: “tomorrow” and “9am”. Put words that are no time in quotes.",
				},
			],
			[
				"in 2 hours sync w/ Ann & Bob, room 3",
				{ inMs: 7200000, note: "sync w/ Ann & Bob, room 3" },
			],
			["in 10 minutes, tea", { inMs: 600000, note: "tea" }],
			["in 10 minutes: tea", { inMs: 600000, note: "tea" }],
			["tea, in 10 minutes", { inMs: 600000, note: "tea" }],
			[
				"tea - tomorrow at 9",
				{ local: "2026-11-22 09:00:00", utc: "2026-11-22T08:00:00Z", note: "tea" },
			],
			["remind me in 10 minutes to drink", { inMs: 600000, note: "drink" }],
			["remind me to drink every day at 9", { schedule: { cron: "0 9 * * *" }, note: "drink" }],
			[
				"reminder tomorrow at 9",
				{ local: "2026-11-22 09:00:00", utc: "2026-11-22T08:00:00Z", note: "reminder" },
			],
			["at 9:00 tomorrow morning", { understood: "at 9:00 tomorrow", problem: "not “morning”" }],
			["tomorrow evening at 8", { local: "2026-11-22 20:00:00", utc: "2026-11-22T19:00:00Z" }],
			[
				"this friday 17:00 beer",
				{ local: "2026-11-27 17:00:00", utc: "2026-11-27T16:00:00Z", note: "beer" },
			],
			[
				"next tuesday",
				{
					local: "2026-11-24 09:00:00",
					utc: "2026-11-24T08:00:00Z",
					told: "No time of day was said, so it is 09:00.",
				},
			],
			[
				"on tuesday",
				{
					local: "2026-11-24 09:00:00",
					utc: "2026-11-24T08:00:00Z",
					told: "No time of day was said, so it is 09:00.",
				},
			],
			[
				"by friday",
				{
					local: "2026-11-27 09:00:00",
					utc: "2026-11-27T08:00:00Z",
					told: "No time of day was said, so it is 09:00.",
				},
			],
			["until friday", { understood: "friday", problem: "not “until”" }],
			["after lunch", { problem: "I found no time in “after lunch”." }],
			["later", { problem: "I found no time in “later”." }],
			["tomorrow 09h30", { understood: "tomorrow", problem: "not “09h30”" }],
			["tomorrow 9.30", { local: "2026-11-22 09:30:00", utc: "2026-11-22T08:30:00Z" }],
			["tomorrow at 9.30", { local: "2026-11-22 09:30:00", utc: "2026-11-22T08:30:00Z" }],
			["tomorrow at 0930", { understood: "tomorrow", problem: "not “at 0930”" }],
			["24.12.2026 at 9", { local: "2026-12-24 09:00:00", utc: "2026-12-24T08:00:00Z" }],
			["24.12. at 9", { understood: "at 9", problem: "not “24.12.”" }],
			["dec 24 9am", { local: "2026-12-24 09:00:00", utc: "2026-12-24T08:00:00Z" }],
			["Dec. 24 at 9", { local: "2026-12-24 09:00:00", utc: "2026-12-24T08:00:00Z" }],
			["24th at 9", { understood: "at 9", problem: "not “24th”" }],
			["24 dec 2027 9am", { local: "2027-12-24 09:00:00", utc: "2027-12-24T08:00:00Z" }],
			["2027-02-29 at 9", { problem: "I found no time in “2027-02-29 at 9”." }],
			[
				"12pm",
				{
					local: "2026-11-22 12:00:00",
					utc: "2026-11-22T11:00:00Z",
					told: "That time has passed today, so it is tomorrow.",
				},
			],
			[
				"at 12",
				{
					local: "2026-11-22 12:00:00",
					utc: "2026-11-22T11:00:00Z",
					told: "That time has passed today, so it is tomorrow.",
				},
			],
			["at 9 pm", { local: "2026-11-21 21:00:00", utc: "2026-11-21T20:00:00Z" }],
			["9 p.m.", { local: "2026-11-21 21:00:00", utc: "2026-11-21T20:00:00Z" }],
			[
				"at 9 a.m. tea",
				{
					local: "2026-11-22 09:00:00",
					utc: "2026-11-22T08:00:00Z",
					note: "tea",
					told: "That time has passed today, so it is tomorrow.",
				},
			],
			["at 9 and 10", { understood: "at 9", problem: "not “and 10”" }],
			["Monday and Tuesday at 9", { understood: "Tuesday at 9", problem: "not “Monday and”" }],
			["in 1 month", { local: "2026-12-21 19:05:12", utc: "2026-12-21T18:05:12Z" }],
			["in a year", { local: "2027-11-21 19:05:12", utc: "2027-11-21T18:05:12Z" }],
			["in 100 years", { local: "2126-11-21 19:05:12", utc: "2126-11-21T18:05:12Z" }],
			[
				"in 99999 years",
				{ understood: "in 99999 years", problem: "that lies beyond the year 9999" },
			],
			[
				"in 5 mins call John at the office at 9",
				{ inMs: 300000, note: "call John at the office at 9" },
			],
			["every day at 25", { understood: "every day", problem: "not “at 25”" }],
			[
				"every 31 february at 9",
				{
					understood: "every 31 february at 9",
					problem: "can never fire: February 31st never comes",
				},
			],
			["every 2nd tuesday of the month at 9", { schedule: { cron: "0 9 * * 2#2" } }],
			["every day for 5 days at 9", { understood: "every day", problem: "not “for 5 days at 9”" }],
			[
				"every weekday at 9 for 2 weeks",
				{ understood: "every weekday at 9", problem: "not “for 2 weeks”" },
			],
			["every minute", { schedule: { every: "1m" } }],
			["every 5 min tea", { schedule: { every: "5m" }, note: "tea" }],
			["every 1.5 hours", { schedule: { every: "1.5h" } }],
			["every two hours", { schedule: { every: "2h" } }],
			[
				"every two weeks on friday at 9",
				{
					schedule: {
						rrule: "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR;BYHOUR=9;BYMINUTE=0;BYSECOND=0",
						dtstart: "2026-11-27T09:00:00",
					},
				},
			],
			["every monday 9-17", { understood: "every monday", problem: "not “9-17”" }],
			[
				"every mon at 9 <@U1|bob> stand-up",
				{ schedule: { cron: "0 9 * * 1" }, note: "<@U1> stand-up" },
			],
			["😀 in 5 minutes", { inMs: 300000, note: "😀" }],
			["in 5 minutes 😀", { inMs: 300000, note: "😀" }],
			["demain à 9h", { understood: "9h", problem: "not “demain à”" }],
			["morgen um 9", { problem: "I found no time in “morgen um 9”." }],
			["明日9時", { problem: "I found no time in “明日9時”." }],
			["every friday beers at 17", { schedule: { cron: "0 17 * * 5" }, note: "beers" }],
			[
				"every friday report tomorrow at 9",
				{
					problem:
						"I found more than one time: “every friday” and “tomorrow at 9”. Put words that are no time in quotes.",
				},
			],
			["at 9 UTC+25", { understood: "at 9 UTC", problem: "not “+25”" }],
			["at 9 UTC-12", { local: "2026-11-21 22:00:00", utc: "2026-11-21T21:00:00Z" }],
			[
				"tomorrow in the morning",
				{
					local: "2026-11-22 06:00:00",
					utc: "2026-11-22T05:00:00Z",
					told: "“morning” is read as 06:00.",
				},
			],
			[
				"at 9 in the morning",
				{
					local: "2026-11-22 09:00:00",
					utc: "2026-11-22T08:00:00Z",
					told: "That time has passed today, so it is tomorrow.",
				},
			],
			["in two hours and a half", { inMs: 9000000 }],
			[
				"quarterly report tomorrow at 9",
				{ local: "2026-11-22 09:00:00", utc: "2026-11-22T08:00:00Z", note: "quarterly report" },
			],
			[
				"yearly review tomorrow at 9",
				{ local: "2026-11-22 09:00:00", utc: "2026-11-22T08:00:00Z", note: "yearly review" },
			],
			[
				"tomorrow noon lunch with Ann at Mario's",
				{
					local: "2026-11-22 12:00:00",
					utc: "2026-11-22T11:00:00Z",
					note: "lunch with Ann at Mario's",
				},
			],
			[
				"in 45 minutes pick up kids from school at 4",
				{ inMs: 2700000, note: "pick up kids from school at 4" },
			],
			[
				"call 555-1234 tomorrow at 9",
				{ local: "2026-11-22 09:00:00", utc: "2026-11-22T08:00:00Z", note: "call 555-1234" },
			],
			["buy milk 2% in 10 min", { inMs: 600000, note: "buy milk 2%" }],
			[
				"check 10:30 flight tomorrow at 7",
				{ local: "2026-11-22 07:00:00", utc: "2026-11-22T06:00:00Z", note: "check 10:30 flight" },
			],
			[
				"in 3 days renew passport",
				{ local: "2026-11-24 19:05:12", utc: "2026-11-24T18:05:12Z", note: "renew passport" },
			],
			[
				"renew passport in 3 days at 10am",
				{ local: "2026-11-24 10:00:00", utc: "2026-11-24T09:00:00Z", note: "renew passport" },
			],
			[
				"monday stand-up",
				{
					local: "2026-11-23 09:00:00",
					utc: "2026-11-23T08:00:00Z",
					note: "stand-up",
					told: "No time of day was said, so it is 09:00.",
				},
			],
			[
				"wed 3pm review",
				{ local: "2026-11-25 15:00:00", utc: "2026-11-25T14:00:00Z", note: "review" },
			],
			[
				"review wed 3pm",
				{ local: "2026-11-25 15:00:00", utc: "2026-11-25T14:00:00Z", note: "review" },
			],
			[
				"review on wed at 3 pm with team",
				{ local: "2026-11-25 15:00:00", utc: "2026-11-25T14:00:00Z", note: "review with team" },
			],
			[
				"24 dec party",
				{
					local: "2026-12-24 09:00:00",
					utc: "2026-12-24T08:00:00Z",
					note: "party",
					told: "No time of day was said, so it is 09:00.",
				},
			],
			[
				"party on dec 24 at 8pm",
				{ local: "2026-12-24 20:00:00", utc: "2026-12-24T19:00:00Z", note: "party" },
			],
			[
				"1/1 at 9 new year",
				{ local: "2027-01-01 09:00:00", utc: "2027-01-01T08:00:00Z", note: "new year" },
			],
			["1.1. at 9", { understood: "at 9", problem: "not “1.1.”" }],
			["3rd of december at 9", { local: "2026-12-03 09:00:00", utc: "2026-12-03T08:00:00Z" }],
			["the 3rd of december at 9", { local: "2026-12-03 09:00:00", utc: "2026-12-03T08:00:00Z" }],
			["december 3rd 2026 at 9", { local: "2026-12-03 09:00:00", utc: "2026-12-03T08:00:00Z" }],
			["on friday the 27th at 9", { understood: "on friday", problem: "not “the 27th at 9”" }],
			["at 9 on friday", { local: "2026-11-27 09:00:00", utc: "2026-11-27T08:00:00Z" }],
			["friday 9", { understood: "friday", problem: "not “9”" }],
			["9 tomorrow", { understood: "tomorrow", problem: "not “9”" }],
			["tomorrow 9", { understood: "tomorrow", problem: "not “9”" }],
			["tomorrow 9 stand-up", { understood: "tomorrow", problem: "not “9 stand-up”" }],
			[
				"tomorrow at 9 5 people",
				{ local: "2026-11-22 09:00:00", utc: "2026-11-22T08:00:00Z", note: "5 people" },
			],
			["8:30 tomorrow", { local: "2026-11-22 08:30:00", utc: "2026-11-22T07:30:00Z" }],
			["8.30 tomorrow", { local: "2026-11-22 08:30:00", utc: "2026-11-22T07:30:00Z" }],
			[
				"08:30",
				{
					local: "2026-11-22 08:30:00",
					utc: "2026-11-22T07:30:00Z",
					told: "That time has passed today, so it is tomorrow.",
				},
			],
			[
				"8:30am",
				{
					local: "2026-11-22 08:30:00",
					utc: "2026-11-22T07:30:00Z",
					told: "That time has passed today, so it is tomorrow.",
				},
			],
			[
				"830am",
				{
					local: "2026-11-22 08:30:00",
					utc: "2026-11-22T07:30:00Z",
					told: "That time has passed today, so it is tomorrow.",
				},
			],
			["in 15", { problem: "I found no time in “in 15”." }],
			["15 minutes", { inMs: 900000 }],
			["15 min", { inMs: 900000 }],
			["15mins tea", { inMs: 900000, note: "tea" }],
			["1 hour", { inMs: 3600000 }],
			["an hour", { inMs: 3600000 }],
			["half an hour", { inMs: 1800000 }],
			["in a minute", { inMs: 60000 }],
			["in one minute", { inMs: 60000 }],
			["in 1 min 30 sec", { inMs: 90000 }],
			["in 1 hour 30 minutes tea", { inMs: 5400000, note: "tea" }],
			["1 hour 30 minutes tea", { inMs: 5400000, note: "tea" }],
			["in 10m30s", { inMs: 630000 }],
			["10m30s egg", { inMs: 630000, note: "egg" }],
			["1.5h walk", { inMs: 5400000, note: "walk" }],
			[
				"0m x",
				{
					problem:
						'"0m" is not longer than zero. Expected milliseconds as a whole number, or text like 500ms, 30s, 1h30m or PT1H30M.',
				},
			],
			["-5m x", { understood: "-5m", problem: "that has passed" }],
			["15M x", { inMs: 900000, note: "x" }],
			["1H x", { inMs: 3600000, note: "x" }],
			["15 m x", { inMs: 900000, note: "x" }],
			["two hours nap", { inMs: 7200000, note: "nap" }],
			["in a couple of hours", { inMs: 7200000 }],
			["in a few hours", { inMs: 10800000 }],
			["in an hour or two", { understood: "in an hour", problem: "not “or two”" }],
			["in 5-10 minutes", { understood: "10 minutes", problem: "not “in 5-”" }],
			["in about 20 minutes", { inMs: 1200000 }],
			["around 9", { problem: "I found no time in “around 9”." }],
			["at about 9", { problem: "I found no time in “at about 9”." }],
			[
				"by 5pm tomorrow send report",
				{ local: "2026-11-22 17:00:00", utc: "2026-11-22T16:00:00Z", note: "send report" },
			],
			["before 5pm", { understood: "5pm", problem: "not “before”" }],
			["tomorrow before 9", { understood: "tomorrow", problem: "not “before 9”" }],
			["end of week", { problem: "I found no time in “end of week”." }],
			[
				"end of the month report",
				{
					local: "2026-11-30 09:00:00",
					utc: "2026-11-30T08:00:00Z",
					note: "report",
					told: "No time of day was said, so it is 09:00.",
				},
			],
			["next month on the 1st", { understood: "next month", problem: "not “on the 1st”" }],
			["first of december at 9", { local: "2026-12-01 09:00:00", utc: "2026-12-01T08:00:00Z" }],
			["new year's eve at 23:59", { understood: "at 23:59", problem: "not “new year's eve”" }],
			["tomorrow at 23:59:59", { local: "2026-11-22 23:59:59", utc: "2026-11-22T22:59:59Z" }],
			[
				"tomorrow at 9 sharp",
				{ local: "2026-11-22 09:00:00", utc: "2026-11-22T08:00:00Z", note: "sharp" },
			],
			[
				"tomorrow, 9am: stand-up",
				{ local: "2026-11-22 09:00:00", utc: "2026-11-22T08:00:00Z", note: "stand-up" },
			],
			[
				"tomorrow - 9am - stand-up",
				{ local: "2026-11-22 09:00:00", utc: "2026-11-22T08:00:00Z", note: "stand-up" },
			],
			[
				"tomorrow 9am; stand-up",
				{ local: "2026-11-22 09:00:00", utc: "2026-11-22T08:00:00Z", note: "stand-up" },
			],
			[
				'"stand-up" tomorrow at 9',
				{ local: "2026-11-22 09:00:00", utc: "2026-11-22T08:00:00Z", note: "stand-up" },
			],
			[
				"“stand-up at 10” tomorrow at 9",
				{ local: "2026-11-22 09:00:00", utc: "2026-11-22T08:00:00Z", note: "stand-up at 10" },
			],
			[
				"'stand-up at 10' tomorrow at 9",
				{ local: "2026-11-22 09:00:00", utc: "2026-11-22T08:00:00Z", note: "'stand-up at 10'" },
			],
			[
				"stand-up (daily) tomorrow at 9",
				{ local: "2026-11-22 09:00:00", utc: "2026-11-22T08:00:00Z", note: "stand-up (daily)" },
			],
			[
				"#standup tomorrow at 9",
				{ local: "2026-11-22 09:00:00", utc: "2026-11-22T08:00:00Z", note: "#standup" },
			],
			["@here in 5 minutes", { inMs: 300000, note: "@here" }],
			["*bold* in 5 minutes", { inMs: 300000, note: "*bold*" }],
			["in 5 minutes `code`", { inMs: 300000, note: "`code`" }],
			["every working day at 9", { schedule: { cron: "0 9 * * 1,2,3,4,5" } }],
			["every business day at 9", { schedule: { cron: "0 9 * * 1,2,3,4,5" } }],
			["each weekday 9am", { schedule: { cron: "0 9 * * 1,2,3,4,5" } }],
			["weekdays 9am stand-up", { schedule: { cron: "0 9 * * 1,2,3,4,5" }, note: "stand-up" }],
			[
				"every weekday morning",
				{ schedule: { cron: "0 6 * * 1,2,3,4,5" }, told: "The morning is read as 6:00." },
			],
			["every weekday morning at 8", { schedule: { cron: "0 8 * * 1,2,3,4,5" } }],
			["every monday morning at 9", { schedule: { cron: "0 9 * * 1" } }],
			["every tue/thu at 9", { schedule: { cron: "0 9 * * 2,4" } }],
			["every tuesday & thursday at 9", { schedule: { cron: "0 9 * * 2,4" } }],
			["tuesdays and thursdays at 9", { schedule: { cron: "0 9 * * 2,4" } }],
			["on tuesdays at 9", { schedule: { cron: "0 9 * * 2" } }],
			["every tuesday at 9, 12 and 15", { schedule: { cron: "0 9,12,15 * * 2" } }],
			["every 2 hours", { schedule: { every: "2h" } }],
			["every 2h tea", { schedule: { every: "2h" }, note: "tea" }],
			["every day 9am", { schedule: { cron: "0 9 * * *" } }],
			["every day at 9 am and 6 pm", { schedule: { cron: "0 9,18 * * *" } }],
			["every day at 9:15am, 6:45pm", { schedule: { cron: ["15 9 * * *", "45 18 * * *"] } }],
			["every half an hour", { schedule: { every: "30m" } }],
			["every quarter of an hour", { problem: "I could not read “every quarter of an hour”." }],
			["every 20 seconds", { schedule: { every: "20s" } }],
			["every 30s ping", { schedule: { every: "30s" }, note: "ping" }],
			["every year", { problem: "I could not read “every year”." }],
			[
				"every month",
				{
					schedule: {
						rrule: "FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=22;BYHOUR=9;BYMINUTE=0;BYSECOND=0",
						dtstart: "2026-11-22T09:00:00",
					},
					told: "No time of day was said, so it is 09:00.",
				},
			],
			[
				"every week",
				{
					schedule: {
						rrule: "FREQ=WEEKLY;INTERVAL=1;BYDAY=SU;BYHOUR=9;BYMINUTE=0;BYSECOND=0",
						dtstart: "2026-11-22T09:00:00",
					},
					told: "No time of day was said, so it is 09:00.",
				},
			],
			["every week on monday, wednesday at 9", { schedule: { cron: "0 9 * * 1,3" } }],
			[
				"every week on monday",
				{ schedule: { cron: "0 9 * * 1" }, told: "No time of day was said, so it is 09:00." },
			],
			[
				"every 6 months on the 1st at 9",
				{
					schedule: {
						rrule: "FREQ=MONTHLY;INTERVAL=6;BYMONTHDAY=1;BYHOUR=9;BYMINUTE=0;BYSECOND=0",
						dtstart: "2026-12-01T09:00:00",
					},
				},
			],
			["every first of the month at 9", { schedule: { cron: "0 9 1 * *" } }],
			["every 1st of the month at 9", { schedule: { cron: "0 9 1 * *" } }],
			[
				"every 1st monday at 9",
				{ schedule: { cron: "0 9 * * 1#1" }, told: "That is once a month." },
			],
			["every first monday of the month at 9", { schedule: { cron: "0 9 * * 1#1" } }],
			[
				"on the 2nd and 4th tuesday of each month at 10",
				{ schedule: { cron: "0 10 * * 2#2,2#4" } },
			],
			["the last friday of every month at 16", { schedule: { cron: "0 16 * * 5L" } }],
			["last friday of every month at 16", { schedule: { cron: "0 16 * * 5L" } }],
			["first monday of each month at 9", { schedule: { cron: "0 9 * * 1#1" } }],
			["on first monday of each month at 9", { schedule: { cron: "0 9 * * 1#1" } }],
			["monthly on the last friday at 16", { schedule: { cron: "0 16 * * 5L" } }],
			[
				"monthly at 9",
				{
					schedule: {
						rrule: "FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=22;BYHOUR=9;BYMINUTE=0;BYSECOND=0",
						dtstart: "2026-11-22T09:00:00",
					},
				},
			],
			[
				"weekly at 9",
				{
					schedule: {
						rrule: "FREQ=WEEKLY;INTERVAL=1;BYDAY=SU;BYHOUR=9;BYMINUTE=0;BYSECOND=0",
						dtstart: "2026-11-22T09:00:00",
					},
				},
			],
			["weekly on fridays at 16", { schedule: { cron: "0 16 * * 5" } }],
			[
				"every fri at 16:00 starting next week",
				{ understood: "every fri at 16:00", problem: "not “starting next week”" },
			],
			[
				"every fri at 16:00 until 24 december",
				{ understood: "every fri at 16:00", problem: "not “until 24 december”" },
			],
		],
	},
];
