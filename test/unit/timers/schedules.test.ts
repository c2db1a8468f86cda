/** Timers with schedules: creation, the founding scheduler's members, changes. */
import { describe, expect, it } from "vitest";
import { accepted, NOW, readPatch, readTimer, refused } from "./read-timer.ts";

const cron = { cron: "0 9 * * *", timezone: "Europe/Berlin" };
const iso = (at: number): string => new Date(at).toISOString();

describe("a new timer", () => {
	it("[SCHED-40] is due at the first occurrence and keeps the schedule", () => {
		const timer = accepted(readTimer({ schedule: cron }));
		expect(iso(timer.dueAt)).toBe("2026-11-22T08:00:00.000Z");
		expect(timer.doc).toEqual({ schedule: { cron: ["0 9 * * *"], timezone: "Europe/Berlin" } });
		expect(JSON.parse(timer.stored.doc)).toEqual(timer.doc);
	});

	it("[SCHED-40] anchors its schedule at the creation", () => {
		const { doc, dueAt } = accepted(
			readTimer({ schedule: { every: "15m" } }, { now: NOW + 7_000 }),
		);
		expect(doc.schedule).toEqual({ everyMs: 900_000, phaseMs: 7_000 });
		expect(dueAt).toBe(NOW + 7_000 + 900_000);
	});

	it("[TIMER-11] says when once", () => {
		expect(refused(readTimer({ in: "1h", schedule: cron }))).toEqual([
			"validation_failed",
			"in",
			"schedule",
		]);
	});

	it("[TIMER-13] is held to the plan's horizon only where the schedule names instants", () => {
		const plan = { name: "Free", horizonDays: 30 };
		const later = { dates: ["2026-11-22T00:00:00Z", "2027-06-01T00:00:00Z"] };
		expect(refused(readTimer({ schedule: later }, { plan }))).toEqual([
			"validation_failed",
			"schedule.dates",
		]);
		const yearly = { cron: "0 0 1 6 *" };
		expect(iso(accepted(readTimer({ schedule: yearly }, { plan })).dueAt)).toBe(
			"2027-06-01T00:00:00.000Z",
		);
	});

	it("[SCHED-32] is refused when nothing lies ahead", () => {
		expect(refused(readTimer({ schedule: { dates: ["2026-11-20T00:00:00Z"] } }))).toEqual([
			"validation_failed",
			"schedule.dates",
		]);
	});
});

describe("the founding scheduler", () => {
	it.each([
		["cron", "0 9 * * *", { cron: ["0 9 * * *"], timezone: "Europe/Berlin" }, "22T08:00"],
		[
			"rrule",
			"FREQ=DAILY;BYHOUR=9;BYMINUTE=0",
			{
				rrule: "FREQ=DAILY;BYHOUR=9;BYMINUTE=0",
				dtstart: "2026-11-21T11:00:00",
				timezone: "Europe/Berlin",
			},
			"22T08:00",
		],
	])("[SCHED-41] %s is a schedule", (schedule_kind, schedule_expr, schedule, due) => {
		const timer = readTimer({ schedule_kind, schedule_expr, timezone: "Europe/Berlin" });
		expect(accepted(timer).doc).toEqual({ schedule });
		expect(iso(accepted(timer).dueAt)).toBe(`2026-11-${due}:00.000Z`);
	});

	it.each([
		["2026-12-01T09:00:00Z", "2026-12-01T09:00:00.000Z"],
		["2026-12-01T09:00:00+02:00", "2026-12-01T07:00:00.000Z"],
		["2026-12-01T09:00:00.123Z", "2026-12-01T09:00:00.123Z"],
		["2026-12-01T09:00:00", "2026-12-01T08:00:00.000Z"],
	])("[SCHED-41] once at %s is an instant", (schedule_expr, due) => {
		const timer = readTimer({ schedule_kind: "once", schedule_expr, timezone: "Europe/Berlin" });
		expect(iso(accepted(timer).dueAt)).toBe(due);
		expect(accepted(timer).doc).toEqual({});
	});

	it.each([
		"2026-13-01T00:00:00Z",
		"2026-12-32T00:00:00Z",
		"2026-12-01T25:00:00Z",
		"2026-12-01T10:61:00Z",
		"2026-11-21T09:00:00Z",
		"soon",
	])("[SCHED-41] once at %s is refused", (schedule_expr) => {
		expect(refused(readTimer({ schedule_kind: "once", schedule_expr }))).toEqual([
			"validation_failed",
			"schedule_expr",
		]);
	});

	it.each([
		[{ schedule_kind: "cron" }, ["schedule_expr"]],
		[{ schedule_kind: "cron", schedule_expr: "0 9 *" }, ["schedule_expr"]],
		[{ schedule_kind: "cron", schedule_expr: "0 9 * * *", timezone: "GMT+5" }, ["timezone"]],
		[{ schedule_kind: "once", schedule_expr: "soon", timezone: "" }, ["timezone"]],
		[{ in: "1m", timezone: "UTC" }, ["timezone"]],
		[{ in: "1m", schedule_expr: "0 9 * * *" }, ["schedule_expr"]],
		[{ schedule_kind: "event", schedule_expr: "" }, ["schedule_expr"]],
		[{ schedule_kind: "event", schedule_expr: "a".repeat(257) }, ["schedule_expr"]],
		[{ schedule_kind: "daily", schedule_expr: "9" }, ["schedule_kind"]],
	])("[SCHED-41] %j is refused", (timer, paths) => {
		expect(refused(readTimer(timer))).toEqual(["validation_failed", ...paths]);
	});
});

describe("a change", () => {
	it("[SCHED-42] to a schedule moves the timer to its first occurrence", () => {
		const { change } = accepted(readPatch({ schedule: cron }));
		expect(iso(change.dueAt ?? 0)).toBe("2026-11-22T08:00:00.000Z");
		expect(JSON.parse(change.docPatch ?? "")).toEqual({
			schedule: { cron: ["0 9 * * *"], timezone: "Europe/Berlin" },
		});
	});

	it("[SCHED-42] to an instant leaves the schedule, and null removes it", () => {
		const at = "2026-12-01T09:00:00Z";
		expect(accepted(readPatch({ at })).change.docPatch).toBeNull();
		const { change } = accepted(readPatch({ at, schedule: null }));
		expect(iso(change.dueAt ?? 0)).toBe("2026-12-01T09:00:00.000Z");
		expect(JSON.parse(change.docPatch ?? "")).toEqual({ schedule: null });
	});
});
