/** What is exported and imported again is the same timer, in either format. */
import fc from "fast-check";
import ICAL from "ical.js";
import { expect, it } from "vitest";
import { TimerIdSchema } from "../../../src/contract/ids.ts";
import type { TimerStatus } from "../../../src/contract/timer.ts";
import { NO_CALENDARS } from "../../../src/core/calendar/calendar-dates.ts";
import { NO_INSTANT } from "../../../src/core/dependency.ts";
import { exportLine } from "../../../src/core/export/export-line.ts";
import { ICAL_HEAD, ICAL_TAIL, icalEvent } from "../../../src/core/export/ical-event.ts";
import type { ImportLine } from "../../../src/core/import/import-line.ts";
import { readImport } from "../../../src/core/import/read-import.ts";
import { accepted, NOW, readTimer } from "../timers/read-timer.ts";

const OPTIONS = { now: NOW, url: undefined, mailbox: undefined, timezone: undefined };
const HOUR = 3_600_000;
const ID = `tmr_${"0".repeat(24)}`;

const text = fc.string({ minLength: 1, maxLength: 20, unit: "grapheme" });
const json = fc.dictionary(
	fc.string({ minLength: 1, maxLength: 8 }).filter((name) => name !== "__proto__"),
	fc.jsonValue({ maxDepth: 2 }),
	{ maxKeys: 3 },
);
const webhook = fc.record(
	{
		type: fc.constant("webhook"),
		url: fc.webUrl({ validSchemes: ["https"] }).map((url) => `https://example.com/${url.length}`),
		method: fc.constantFrom("POST", "PUT", "DELETE"),
		headers: fc.constantFrom({ authorization: "Bearer x" }, { "x-a": "1", "x-b": "2" }),
		body: fc.jsonValue({ maxDepth: 2 }).filter((value) => !JSON.stringify(value).includes("$")),
		timeoutMs: fc.integer({ min: 100, max: 60_000 }),
	},
	{ requiredKeys: ["type", "url"] },
);
const agent = fc.record(
	{
		type: fc.constant("agent"),
		mailbox: fc.constant("build"),
		command: fc.constantFrom({ run: "make" }, { nested: { a: [1, null, "x"] } }),
		ackTimeoutMs: fc.integer({ min: 100, max: 60_000 }),
	},
	{ requiredKeys: ["type", "mailbox"] },
);
const escalation = fc.record({
	after: fc.constantFrom({ attempts: 2 }, { unacknowledgedFor: "5m" }),
	steps: fc.array(
		fc.record(
			{
				after: fc.constantFrom("10s", 5_000),
				actions: fc.array(fc.oneof(webhook, agent), { minLength: 1, maxLength: 2 }),
			},
			{ requiredKeys: [] },
		),
		{ minLength: 1, maxLength: 3 },
	),
});
/** An action, with an escalation of its own or without. */
const action = fc
	.tuple(fc.oneof(webhook, agent), fc.option(escalation, { nil: undefined }))
	.map(([one, own]) => (own === undefined ? one : { ...one, escalation: own }));
const schedule = fc.oneof(
	fc.record({ cron: fc.constantFrom("0 9 * * MON-FRI", "@daily", "*/7 3 L * ?") }),
	fc.record({ every: fc.integer({ min: 1_000, max: 9_999_999 }) }),
	fc.record({
		rrule: fc.constantFrom("FREQ=MONTHLY;BYDAY=-1FR", "FREQ=DAILY;COUNT=9"),
		dtstart: fc.constant("2026-11-20T09:00:00"),
		timezone: fc.constantFrom("Europe/Berlin", "America/New_York"),
		exdate: fc.constant(["2026-12-25"]),
		limit: fc.integer({ min: 1, max: 5 }),
	}),
	fc.record({ event: fc.constant("builds"), filter: fc.constant("payload.ok") }),
	fc.record({
		event: fc.constant("a.b"),
		throttle: fc.constant({ key: "payload.id", period: "1m" }),
	}),
	fc.record({ condition: fc.constant("params.a"), every: fc.constantFrom("1m", "2h") }),
	fc.record({
		cron: fc.constant(["0 9 * * *", "30 17 * * FRI"]),
		dst: fc.constantFrom("skip", "twice"),
		exclude: fc.constant({
			rules: [{ cron: "0 9 1 * *" }, { rrule: "FREQ=YEARLY", dtstart: "2026-12-24" }],
			dates: ["2026-12-25", "2026-12-28T09:00:00Z"],
		}),
		businessDays: fc.constant({ weekend: ["FR"], shift: "nearest" }),
		end: fc.constant("2031-01-01T00:00:00Z"),
	}),
	fc.record({ dates: fc.constant(["2026-12-25T09:00:00", "2027-01-01T00:00:00Z"]) }),
	fc.record({ lastBusinessDay: fc.constant("17:00"), start: fc.constant("2027-01-01T00:00:00Z") }),
);
const when = fc.oneof(
	fc.integer({ min: 1, max: 1e10 }).map((ms) => ({ at: new Date(NOW + ms).toISOString() })),
	schedule.map((one) => ({ schedule: one })),
);
const rest = fc.record(
	{
		name: text,
		message: text.filter((value) => !value.includes("$")),
		actions: fc.array(action, { minLength: 1, maxLength: 3 }),
		escalation,
		retry: fc.constantFrom({ delaysMs: [1, 2] }, { backoff: "fixed", baseMs: 5, jitter: "none" }),
		priority: fc.integer({ min: 1, max: 9 }),
		labels: fc.dictionary(fc.constantFrom("a", "b"), text),
		metadata: json,
		params: json,
		context: json,
		conditions: fc.constantFrom("params.a", { environment: "production" }, ["labels.a"]),
		misfire: fc.constantFrom("skip", { policy: "catch_up", max: 3, pace: "2s", grace: "1m" }),
		overlap: fc.constantFrom("skip", "buffer_all", "allow"),
		jitter: fc.constantFrom("10s", 5),
		spread: fc.constantFrom("1h", 7),
		dedupe: fc.constantFrom({ key: "k", window: "1h", mode: "reject" }, { key: "k" }),
		concurrencyKey: text,
		fidelity: fc.constantFrom("full", "fast"),
		requestedBy: text,
	},
	{ requiredKeys: [] },
);
const timer = fc.tuple(when, rest).map(([one, other]) => ({ ...one, ...other }));

function exported(input: unknown, status: TimerStatus = "scheduled") {
	// As it comes over the wire, where there is no -0.
	const { doc, dueAt } = accepted(readTimer(JSON.parse(JSON.stringify(input))));
	const id = "tmr_source";
	const remaining = doc.schedule?.limit ?? null;
	return { id, status, createdAt: NOW, fireAt: dueAt, nominalAt: dueAt, remaining, doc };
}

function read(format: "json" | "ical", file: string): ImportLine | undefined {
	const lines = readImport(format, file, OPTIONS);
	return lines.ok ? lines.value[0] : undefined;
}

it("[PORT-1] a line of NDJSON makes the same document again", () => {
	fc.assert(
		fc.property(timer, (input) => {
			const source = exported(input);
			const line = read("json", `${JSON.stringify(exportLine(source))}\n`);
			expect(line).toMatchObject({ kind: "timer", source: "tmr_source" });
			const again = accepted(readTimer(line?.kind === "timer" ? line.body : undefined));
			expect(again.doc).toEqual(source.doc);
			expect(again.dueAt).toBe(source.fireAt);
		}),
	);
});

it("[PORT-2] an event of iCalendar carries the same, and other programs can read it", () => {
	fc.assert(
		fc.property(timer, (input) => {
			const source = exported(input);
			const file = `${ICAL_HEAD}${icalEvent(source, NO_CALENDARS)}${ICAL_TAIL}`;
			const line = read("ical", file);
			expect(line).toEqual(read("json", JSON.stringify(exportLine(source))));
			for (const one of file.split("\r\n")) {
				expect(new TextEncoder().encode(one).length).toBeLessThanOrEqual(75);
			}
			const calendar = new ICAL.Component(ICAL.parse(file));
			const [event] = calendar.getAllSubcomponents("vevent").map((one) => new ICAL.Event(one));
			// It drops the blanks that a name may begin and end with.
			expect(event?.summary?.trim()).toBe(source.doc.name?.trim());
			if (source.doc.schedule !== undefined) return;
			expect(event?.startDate.toJSDate().getTime()).toBe(Math.floor(source.fireAt / 1_000) * 1_000);
		}),
		{ numRuns: 50 },
	);
});

/** The first starts of an exported event, as ical.js expands them; of a zoned one its local times. */
function starts(input: unknown, count: number): readonly string[] {
	const file = `${ICAL_HEAD}${icalEvent(exported(input), NO_CALENDARS)}${ICAL_TAIL}`;
	const [component] = new ICAL.Component(ICAL.parse(file)).getAllSubcomponents("vevent");
	const iterator = new ICAL.Event(component).iterator();
	return Array.from({ length: count }, () => iterator.next()?.toString() ?? "none");
}

/** Its lines about time, unfolded. */
function timesOf(input: unknown): readonly string[] {
	const lines = icalEvent(exported(input), NO_CALENDARS).replaceAll("\r\n ", "").split("\r\n");
	return lines.filter((line) => /^(DTSTART|RRULE|RDATE)/.test(line));
}

it("[PORT-2] a rule is exported as a rule in its zone, any other schedule as its next occurrences", () => {
	const dtstart = "2026-11-20T09:00:00";
	const rule = { rrule: "FREQ=MONTHLY;BYDAY=-1FR", dtstart, timezone: "Europe/Berlin" };
	expect(starts({ schedule: rule }, 2)).toEqual(["2026-11-27T09:00:00", "2026-12-25T09:00:00"]);
	const exdate = ["2026-12-25T09:00:00"];
	const { timezone: _, ...utc } = rule;
	expect(starts({ schedule: { ...utc, exdate } }, 2)).toEqual([
		"2026-11-27T09:00:00Z",
		"2027-01-29T09:00:00Z",
	]);
	const daily = { cron: "0 9 * * *", timezone: "Europe/Berlin" };
	const days = ["1123", "1124", "1125", "1126", "1127", "1128", "1129", "1130", "1201", "1202"];
	expect(timesOf({ schedule: daily })).toEqual([
		"DTSTART:20261122T080000Z",
		`RDATE:${days.map((day) => `2026${day}T080000Z`).join(",")}`,
	]);
	expect(timesOf({ schedule: { ...rule, limit: 1 } })[0]).toBe("DTSTART:20261127T080000Z");
	const waiting = { ...exported({ in: "1h" }), fireAt: NO_INSTANT, nominalAt: NO_INSTANT };
	expect(icalEvent(waiting, NO_CALENDARS)).toContain("DTSTART:20261121T100000Z\r\n");
});

it("[PORT-3] what has ended is skipped, what was paused is paused again", () => {
	for (const status of ["settled", "failed", "cancelled", "skipped", "firing"] as const) {
		const line = exportLine(exported({ in: "1h" }, status));
		expect(read("json", JSON.stringify(line))).toMatchObject({ kind: "skipped" });
	}
	const paused = exported({ in: "1h" }, "paused");
	const noted = { ...paused, doc: { ...paused.doc, pause: { at: NOW, note: "wait" } } };
	expect(read("json", JSON.stringify(exportLine(noted)))).toMatchObject({
		kind: "timer",
		pause: { note: "wait" },
	});
	expect(read("json", JSON.stringify(exportLine(paused)))).toMatchObject({ pause: { note: null } });
	const recurring = exportLine(exported({ schedule: { every: "1h" } }, "firing"));
	expect(read("json", JSON.stringify(recurring))).toMatchObject({ kind: "timer" });
	expect(read("json", '{"id":"a","status":"sleeping"}')).toMatchObject({ kind: "refused" });
});

it("[PORT-3] a limit goes on with the firings that were left, a delay with what it waits for", () => {
	const limited = { ...exported({ schedule: { every: "1h", limit: 9 } }), remaining: 4 };
	expect(exportLine(limited)).toMatchObject({ schedule: { limit: 4 } });
	const waiting = exported({ in: "1h" });
	const doc = {
		...waiting.doc,
		dependsOn: [{ timer: TimerIdSchema.parse(ID), on: "always" as const }],
		delayMs: HOUR,
	};
	const pending = exportLine({ ...waiting, status: "pending", doc });
	expect(pending).toMatchObject({ dependsOn: [{ timer: ID, on: "always" }], in: HOUR });
	expect(pending).not.toHaveProperty("at");
	const released = exportLine({ ...waiting, doc });
	expect(released).toMatchObject({ at: new Date(NOW + HOUR).toISOString() });
	expect(released).not.toHaveProperty("dependsOn");
});
