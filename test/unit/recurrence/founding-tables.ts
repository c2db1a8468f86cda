/**
 * What the founding scheduler's rules should have given, worked out independently of any engine:
 * wall-clock expectations in instants. Run against the engine in Node and over HTTP in workerd.
 */

export type Case = {
	readonly schedule: Readonly<Record<string, unknown>>;
	/** Where the looking begins; an occurrence at it counts. */
	readonly from: string;
	/** The first occurrences; where `all` is set, all of them. */
	readonly expected: readonly string[];
	readonly all?: true;
};

const BERLIN = "Europe/Berlin";
const NEW_YORK = "America/New_York";
const CHISINAU = "Europe/Chisinau";

function rule(rrule: string, timezone: string, dtstart: string, ...expected: string[]): Case {
	return {
		schedule: { rrule, timezone, dtstart },
		// Before DTSTART in every zone, so that nothing of the rule is missed.
		from: new Date(Date.parse(`${dtstart.slice(0, 10)}T00:00:00Z`) - 86_400_000).toISOString(),
		expected,
	};
}

/** `2025-01-01` … at one time of day in UTC. */
function at(time: string, ...days: string[]): string[] {
	return days.map((day) => `${day}T${time}:00.000Z`);
}

function instants(...texts: string[]): string[] {
	return texts.map((text) => `${text}:00.000Z`);
}

export const RULE_CASES: readonly Case[] = [
	rule(
		"FREQ=DAILY;BYHOUR=2;BYMINUTE=30",
		BERLIN,
		"2025-03-28T00:00",
		...instants("2025-03-28T01:30", "2025-03-29T01:30", "2025-03-30T01:30", "2025-03-31T00:30"),
	),
	rule(
		"FREQ=DAILY;BYHOUR=2;BYMINUTE=30",
		BERLIN,
		"2025-10-24T00:00",
		...instants("2025-10-24T00:30", "2025-10-25T00:30", "2025-10-26T00:30", "2025-10-27T01:30"),
	),
	rule(
		"FREQ=DAILY;BYHOUR=2;BYMINUTE=30",
		NEW_YORK,
		"2025-03-08T00:00",
		...instants("2025-03-08T07:30", "2025-03-09T07:30", "2025-03-10T06:30"),
	),
	rule(
		"FREQ=DAILY;BYHOUR=1;BYMINUTE=30",
		NEW_YORK,
		"2025-11-01T00:00",
		...instants("2025-11-01T05:30", "2025-11-02T05:30", "2025-11-03T06:30"),
	),
	rule(
		"FREQ=DAILY;BYHOUR=8;BYMINUTE=30",
		BERLIN,
		"2025-03-29T00:00",
		...instants("2025-03-29T07:30", "2025-03-30T06:30", "2025-03-31T06:30"),
	),
	rule(
		"FREQ=WEEKLY;BYDAY=WE;BYHOUR=10;BYMINUTE=0",
		CHISINAU,
		"2025-03-19T00:00",
		...at("08:00", "2025-03-19", "2025-03-26"),
		...at("07:00", "2025-04-02", "2025-04-09"),
	),
	rule(
		"FREQ=MONTHLY;BYDAY=1MO;BYHOUR=10;BYMINUTE=0",
		CHISINAU,
		"2024-01-01T08:00",
		...at("08:00", "2024-01-01", "2024-02-05", "2024-03-04"),
		...at("07:00", "2024-04-01", "2024-05-06", "2024-06-03", "2024-07-01"),
		...at("07:00", "2024-08-05", "2024-09-02", "2024-10-07"),
		...at("08:00", "2024-11-04", "2024-12-02"),
	),
	rule(
		"FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1",
		CHISINAU,
		"2024-01-01T10:00",
		...at("08:00", "2024-01-01"),
		...at("07:00", "2024-04-01", "2024-07-01", "2024-10-01"),
	),
	rule(
		"FREQ=MONTHLY;BYMONTHDAY=31",
		CHISINAU,
		"2024-01-31T12:00",
		...at("10:00", "2024-01-31"),
		...at("09:00", "2024-03-31", "2024-05-31", "2024-07-31", "2024-08-31"),
		...at("10:00", "2024-10-31", "2024-12-31"),
	),
	rule(
		"FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25;BYHOUR=0;BYMINUTE=0",
		CHISINAU,
		"2024-06-01T00:00",
		...at("22:00", "2024-12-24", "2025-12-24"),
	),
	rule(
		"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYHOUR=12;BYMINUTE=0",
		CHISINAU,
		"2025-01-01T00:00",
		...at("10:00", "2028-02-29", "2032-02-29", "2036-02-29"),
	),
	...["BYDAY=-1FR", "BYDAY=FR;BYSETPOS=-1"].map((days) =>
		rule(
			`FREQ=MONTHLY;${days};BYHOUR=17;BYMINUTE=0`,
			CHISINAU,
			"2025-01-01T00:00",
			...at("15:00", "2025-01-31", "2025-02-28", "2025-03-28"),
			...at("14:00", "2025-04-25", "2025-05-30", "2025-06-27"),
		),
	),
	rule(
		"FREQ=MONTHLY;BYDAY=2MO",
		CHISINAU,
		"2025-01-01T09:00",
		...at("07:00", "2025-01-13", "2025-02-10", "2025-03-10"),
		...at("06:00", "2025-04-14", "2025-05-12", "2025-06-09"),
	),
	rule(
		"FREQ=MONTHLY;BYMONTHDAY=15;BYDAY=MO,TU,WE,TH,FR;BYHOUR=11;BYMINUTE=0",
		CHISINAU,
		"2025-01-01T00:00",
		...at("09:00", "2025-01-15"),
		...at("08:00", "2025-04-15", "2025-05-15", "2025-07-15"),
		...at("08:00", "2025-08-15", "2025-09-15", "2025-10-15"),
		...at("09:00", "2025-12-15"),
	),
	rule(
		"FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1,2,3;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1;BYHOUR=9;BYMINUTE=0",
		CHISINAU,
		"2025-01-01T00:00",
		...at("07:00", "2025-01-01"),
		...at("06:00", "2025-04-01", "2025-07-01", "2025-10-01"),
	),
	rule(
		"FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1,2,3;BYDAY=MO,TU,WE,TH,FR;BYHOUR=9;BYMINUTE=0",
		CHISINAU,
		"2025-01-01T00:00",
		...at("07:00", "2025-01-01", "2025-01-02", "2025-01-03"),
		...at("06:00", "2025-04-01"),
	),
	rule(
		"FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;BYHOUR=14;BYMINUTE=30",
		CHISINAU,
		"2025-01-07T00:00",
		...at("12:30", "2025-01-07", "2025-01-09", "2025-01-21", "2025-01-23", "2025-02-04"),
		...at("12:30", "2025-02-06"),
	),
	rule(
		"FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;BYHOUR=9;BYMINUTE=0",
		BERLIN,
		"2025-01-06T00:00",
		...at("08:00", "2025-01-06", "2025-01-20", "2025-02-03", "2025-02-17"),
	),
	{
		...rule(
			"FREQ=DAILY;COUNT=3;BYHOUR=9;BYMINUTE=0",
			BERLIN,
			"2025-01-06T00:00",
			...at("08:00", "2025-01-06", "2025-01-07", "2025-01-08"),
		),
		all: true,
	},
	rule(
		"FREQ=DAILY;BYHOUR=9,18;BYMINUTE=0",
		"UTC",
		"2025-01-01T00:00",
		...instants("2025-01-01T09:00", "2025-01-01T18:00", "2025-01-02T09:00", "2025-01-02T18:00"),
	),
	{
		schedule: {
			rrule: "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=8;BYMINUTE=30",
			timezone: CHISINAU,
		},
		from: "2024-01-01T05:00:00.000Z",
		expected: [
			...at("06:30", "2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04", "2024-01-05"),
			...at("06:30", "2024-01-08"),
		],
	},
	{
		schedule: { rrule: "FREQ=DAILY;UNTIL=20240101T000000Z", dtstart: "2023-01-01T00:00" },
		from: "2025-01-01T00:00:00.000Z",
		expected: [],
		all: true,
	},
];

/** One local day of an hourly rule: how many firings it has. */
export const HOURLY_DAYS = [
	["2025-03-30", "2025-03-29T23:00:00.000Z", "2025-03-30T22:00:00.000Z", 23],
	["2025-10-26", "2025-10-25T22:00:00.000Z", "2025-10-26T23:00:00.000Z", 25],
] as const;

export const CRON_CASES: readonly Case[] = [
	{
		schedule: { cron: "30 8 * * 1-5" },
		from: "2025-01-05T00:00:00.000Z",
		expected: [
			...at("08:30", "2025-01-06", "2025-01-07", "2025-01-08", "2025-01-09", "2025-01-10"),
			...at("08:30", "2025-01-13"),
		],
	},
	{
		schedule: { cron: "0 0 13 * 5" },
		from: "2025-01-01T00:00:00.000Z",
		expected: at("00:00", "2025-01-03", "2025-01-10", "2025-01-13", "2025-01-17", "2025-01-24"),
	},
	{
		schedule: { cron: "*/5 * * * *" },
		from: "2025-01-01T00:01:00.000Z",
		expected: instants("2025-01-01T00:05", "2025-01-01T00:10", "2025-01-01T00:15"),
	},
	{
		schedule: { cron: "0 0 1 * *" },
		from: "2025-01-02T00:00:00.000Z",
		expected: at("00:00", "2025-02-01", "2025-03-01"),
	},
	{
		schedule: { cron: "0 9 * * MON-FRI" },
		from: "2025-01-03T10:00:00.000Z",
		expected: at("09:00", "2025-01-06", "2025-01-07"),
	},
	{
		schedule: { cron: "*/3 * * * * *" },
		from: "2025-01-01T00:00:01.000Z",
		expected: ["2025-01-01T00:00:03.000Z", "2025-01-01T00:00:06.000Z"],
	},
	...(
		[
			["UTC", "09:00"],
			[CHISINAU, "07:00"],
			[NEW_YORK, "14:00"],
			["Asia/Tokyo", "00:00"],
		] as const
	).map(([timezone, time]) => ({
		schedule: { cron: "0 9 * * *", timezone },
		from: "2025-01-01T00:00:00.000Z",
		expected: at(time, "2025-01-01", "2025-01-02"),
	})),
	{
		schedule: { cron: "30 2 * * *", timezone: BERLIN },
		from: "2025-03-29T00:00:00.000Z",
		expected: instants("2025-03-29T01:30", "2025-03-30T01:30", "2025-03-31T00:30"),
	},
	{
		schedule: { cron: "30 2 * * *", timezone: BERLIN },
		from: "2025-10-25T00:00:00.000Z",
		expected: instants("2025-10-25T00:30", "2025-10-26T00:30", "2025-10-27T01:30"),
	},
];

export const REFUSED_RULES: readonly string[] = [
	"INVALID=DAILY",
	"FREQ=INVALID",
	"FREQ=DAILY;INTERVAL=0",
	"FREQ=DAILY;COUNT=3;UNTIL=20300101T000000Z",
	"FREQ=WEEKLY;BYDAY=XX",
	"FREQ=YEARLY;BYMONTH=13",
	"FREQ=MONTHLY;BYDAY=6MO",
	"FREQ=YEARLY;BYDAY=54SU",
	"FREQ=WEEKLY;BYDAY=1MO,2TU",
	"FREQ=DAILY;BYHOUR=25",
	"FREQ=MONTHLY;BYMONTHDAY=32",
	"FREQ=DAILY;BADPROP=1",
	"",
	"FREQ=DAILY;",
	"FREQ=;BYHOUR=9",
	";;",
	"BYDAY=MO",
];

export const REFUSED_CRONS: readonly string[] = [
	"60 9 * * *",
	"0 25 * * *",
	"0 9 32 * *",
	"0 9 * 13 *",
	"0 9 *",
	"",
];

export const REFUSED_ZONES = ["Invalid/Timezone", "Europe/NonExistent", "GMT+5", ""] as const;
export const ACCEPTED_ZONES = ["UTC", "Asia/Tokyo", "Australia/Sydney"] as const;
