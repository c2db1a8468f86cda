/** Schedules over HTTP: previews, and timers that are made with them. */
import { describe, expect, it } from "vitest";
import {
	ACCEPTED_ZONES,
	CRON_CASES,
	HOURLY_DAYS,
	REFUSED_CRONS,
	REFUSED_RULES,
	REFUSED_ZONES,
	RULE_CASES,
} from "../../unit/recurrence/founding-tables.ts";
import { type Answer, newTenant } from "./api.ts";

const tenant = newTenant();
type Occurrence = { readonly at: string };

async function preview(body: object): Promise<Answer> {
	const { call } = await tenant;
	return call("POST", "/v1/timers/preview", body);
}

async function instants(body: object): Promise<string[]> {
	const answer = await preview(body);
	expect(answer.status).toBe(200);
	return answer.body.occurrences.map(({ at }: Occurrence) => at);
}

async function refusedAt(body: object): Promise<string[]> {
	const answer = await preview(body);
	expect(answer.status).toBe(422);
	return answer.body.errors.map(({ path }: { path: string }) => path);
}

describe("previews", () => {
	it.each([...RULE_CASES, ...CRON_CASES])(
		"[SCHED-15] $schedule in order",
		async ({ schedule, from, expected, all }) => {
			const count = expected.length + (all ? 1 : 0);
			expect(await instants({ schedule, from, count, inclusive: true })).toEqual(expected);
		},
	);

	it.each(HOURLY_DAYS)("[SCHED-16] an hourly rule on %s", async (day, from, to, count) => {
		const schedule = { rrule: "FREQ=HOURLY", timezone: "Europe/Berlin", dtstart: `${day}T00:00` };
		const fired = await instants({ schedule, from, count: 40, inclusive: true });
		expect(fired.filter((at) => at < to)).toHaveLength(count);
	});

	it.each(REFUSED_RULES)("[SCHED-52] refuses the rule %j", async (rrule) => {
		expect(await refusedAt({ schedule: { rrule } })).toEqual(["schedule.rrule"]);
	});

	it.each(REFUSED_CRONS)("[SCHED-52] refuses the expression %j", async (cron) => {
		expect(await refusedAt({ schedule: { cron } })).toEqual(["schedule.cron"]);
	});

	it.each(REFUSED_ZONES)("[SCHED-52] refuses the zone %j", async (timezone) => {
		const schedule = { cron: "0 9 * * *", timezone };
		expect(await refusedAt({ schedule })).toEqual(["schedule.timezone"]);
	});

	it.each(ACCEPTED_ZONES)("[SCHED-31] knows the zone %s", async (timezone) => {
		expect(await instants({ schedule: { cron: "0 9 * * *", timezone } })).toHaveLength(10);
	});

	it("[SCHED-50] tell the local time, its offset, and where DST moved one", async () => {
		const schedule = { cron: "30 2 * * *", timezone: "Europe/Berlin" };
		const { body } = await preview({ schedule, from: "2026-03-28T12:00:00Z", count: 2 });
		expect(body).toEqual({
			occurrences: [
				{
					at: "2026-03-29T01:30:00.000Z",
					local: "2026-03-29T03:30:00",
					offset: "+02:00",
					note: "gap: moved forward by 1h",
				},
				{ at: "2026-03-30T00:30:00.000Z", local: "2026-03-30T02:30:00", offset: "+02:00" },
			],
		});
	});

	it("[SCHED-50] need `timer.read`, and ignore an Idempotency-Key", async () => {
		const { call } = await tenant;
		const reader = await call("POST", "/v1/keys", { name: "reader", scopes: ["timer.read"] });
		const schedule = { every: "1h" };
		const headers = { authorization: `Bearer ${reader.body.apiKey}`, "idempotency-key": "k" };
		for (const count of [1, 2]) {
			const answer = await call("POST", "/v1/timers/preview", { schedule, count }, headers);
			expect(answer.body.occurrences).toHaveLength(count);
		}
		const puller = await call("POST", "/v1/keys", { name: "puller", scopes: ["agent.pull"] });
		const denied = { authorization: `Bearer ${puller.body.apiKey}` };
		expect((await call("POST", "/v1/timers/preview", { schedule }, denied)).status).toBe(403);
	});

	it("[SCHED-51] look from any instant, which counts only where it is included", async () => {
		const schedule = { cron: "0 0 1 1 *" };
		const from = "1970-01-01T00:00:00Z";
		expect(await instants({ schedule, from, count: 1 })).toEqual(["1971-01-01T00:00:00.000Z"]);
		expect(await instants({ schedule, from, count: 1, inclusive: true })).toEqual([
			"1970-01-01T00:00:00.000Z",
		]);
		const local = { schedule: { ...schedule, timezone: "Asia/Tokyo" }, count: 1 };
		expect(await instants({ ...local, from: "2025-12-31T23:59:59" })).toEqual([
			"2025-12-31T15:00:00.000Z",
		]);
	});

	it("[SCHED-50] read the founding scheduler's form", async () => {
		const founding = { schedule_kind: "cron", schedule_expr: "0 9 * * *", timezone: "Asia/Tokyo" };
		const from = "2026-01-01T00:00:00Z";
		expect(await instants({ ...founding, from, count: 1 })).toEqual(["2026-01-02T00:00:00.000Z"]);
		const once = { schedule_kind: "once", schedule_expr: "2026-02-01T09:00:00", from };
		expect(await instants(once)).toEqual(["2026-02-01T09:00:00.000Z"]);
		expect(await refusedAt({ ...founding, schedule_expr: "9 *" })).toEqual(["schedule_expr"]);
		expect(await refusedAt({ schedule_kind: "cron" })).toEqual(["schedule"]);
		expect(await refusedAt({ ...founding, schedule: { every: "1h" } })).toEqual(["schedule"]);
	});

	it("[SCHED-51] list up to 10,000, in order", async () => {
		const schedule = { rrule: "FREQ=DAILY;BYHOUR=2", timezone: "America/New_York" };
		const found = await instants({ schedule, from: "1990-01-01T00:00:00Z", count: 10_000 });
		expect(found).toHaveLength(10_000);
		expect([...found].sort()).toEqual(found);
		expect(new Set(found).size).toBe(10_000);
		expect(await refusedAt({ schedule, count: 10_001 })).toEqual(["count"]);
		expect(await refusedAt({ schedule, from: "yesterday" })).toEqual(["from"]);
	});
});

describe("timers", () => {
	it("[SCHED-40] are due at the first occurrence and show their schedule", async () => {
		const { call } = await tenant;
		const schedule = { cron: "0 9 * * MON-FRI", timezone: "Europe/Berlin" };
		const created = await call("POST", "/v1/timers", { schedule });
		expect(created.status).toBe(201);
		expect(created.body.schedule).toEqual(schedule);
		const [first] = await instants({ schedule, count: 1 });
		expect(created.body.nextFireAt).toBe(first);
		const read = await call("GET", `/v1/timers/${created.body.id}`);
		expect(read.body.schedule).toEqual(schedule);
	});

	it("[SCHED-41] are read as the founding scheduler wrote them", async () => {
		const { call } = await tenant;
		const created = await call("POST", "/v1/timers", {
			schedule_kind: "cron",
			schedule_expr: "30 8 * * 1-5",
			timezone: "Europe/Chisinau",
		});
		expect(created.body.schedule).toEqual({ cron: "30 8 * * 1-5", timezone: "Europe/Chisinau" });
	});

	it("[SCHED-42] take another schedule, or none", async () => {
		const { call } = await tenant;
		const created = await call("POST", "/v1/timers", { schedule: { cron: "0 9 * * *" } });
		const path = `/v1/timers/${created.body.id}`;
		const schedule = { cron: "0 0 1 1 *", timezone: "UTC" };
		const changed = await call("PATCH", path, { schedule });
		expect(changed.body.schedule).toEqual(schedule);
		expect(changed.body.nextFireAt).toMatch(/-01-01T00:00:00\.000Z$/);
		const single = await call("PATCH", path, { schedule: null });
		expect(single.body.schedule).toBeNull();
		expect(single.body.nextFireAt).toBe(changed.body.nextFireAt);
	});

	it("[SCHED-52] are refused with the path of what is wrong, and nothing is stored", async () => {
		const { call } = await tenant;
		const schedule = { rrule: "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30" };
		const refused = await call("POST", "/v1/timers", { name: "never", schedule });
		expect(refused.status).toBe(422);
		expect(refused.body.errors).toEqual([
			{ path: "schedule.rrule", message: "can never fire: February 30th never comes" },
		]);
		expect((await call("GET", "/v1/timers?name=never")).body.items).toEqual([]);
	});
});
