/** `/v1/calendars` in workerd: put, list, read, remove, and whose they are. */
import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { CalendarSchema, CalendarSummarySchema } from "../../../src/contract/calendar.ts";
import { LIMITS } from "../../../src/contract/limits.ts";
import { call, newTenant, outcome } from "../http/client.ts";

const ICAL = [
	"BEGIN:VCALENDAR",
	"VERSION:2.0",
	"BEGIN:VEVENT",
	"SUMMARY:Christmas",
	"DTSTART;VALUE=DATE:20261225",
	"DTEND;VALUE=DATE:20261227",
	"END:VEVENT",
	"END:VCALENDAR",
	"",
].join("\r\n");

it("[CAL-1] takes dates or iCalendar, answers what it holds and raises the version", async () => {
	const { key } = await newTenant();
	const path = "/v1/calendars/holidays.de";
	const body = { dates: ["2027-01-01", "2026-12-25", "2027-01-01"] };
	const first = await call(path, { method: "PUT", key, body });
	expect(first.status).toBe(200);
	expect(CalendarSummarySchema.parse(first.body)).toMatchObject({
		name: "holidays.de",
		count: 2,
		firstDate: "2026-12-25",
		lastDate: "2027-01-01",
	});
	for (const headers of [{ "content-type": "Text/Calendar; charset=utf-8" }, undefined]) {
		const text = headers === undefined ? { ical: ICAL } : ICAL;
		const put = await call(path, { method: "PUT", key, body: text, ...(headers && { headers }) });
		expect(put.body).toMatchObject({ count: 2, lastDate: "2026-12-26" });
		expect(put.body.version).toBeGreaterThan(first.body.version);
	}
	const read = await call(path, { key });
	expect(CalendarSchema.parse(read.body).dates).toEqual(["2026-12-25", "2026-12-26"]);
});

it("[CAL-5] refuses what is no calendar, naming the field, and keeps what it had", async () => {
	const { key } = await newTenant();
	const path = "/v1/calendars/c";
	await call(path, { method: "PUT", key, body: { dates: ["2026-12-25"] } });
	const refused = async (body: unknown, type = "application/json") => {
		const headers = { "content-type": type };
		const answer = await call(path, { method: "PUT", key, body, headers });
		return [
			outcome(answer),
			...(answer.body.errors ?? []).map((one: { path: string }) => one.path),
		];
	};
	expect(await refused({})).toEqual(["422 validation_failed", "dates"]);
	expect(await refused({ dates: [], ical: ICAL })).toEqual(["422 validation_failed", "ical"]);
	expect(await refused({ dates: ["soon"] })).toEqual(["422 validation_failed", "dates.0"]);
	expect(await refused("hello", "text/calendar")).toEqual(["422 validation_failed", "ical"]);
	expect(await refused(ICAL)).toEqual(["400 invalid_json"]);
	const long = "X".repeat(LIMITS.bodyBytes + 1);
	expect(await refused(long, "text/calendar")).toEqual(["413 payload_too_large"]);
	expect((await call(path, { key })).body.dates).toEqual(["2026-12-25"]);
	const name = "/v1/calendars/no%20name";
	expect(outcome(await call(name, { method: "PUT", key, body: { dates: [] } }))).toMatch(/^404/);
});

it("[CAL-6] lists by name, reads and removes, each tenant its own, each call by its scope", async () => {
	const { key, keyFor } = await newTenant();
	const other = await newTenant();
	const reader = await keyFor(["timer.read"]);
	const writer = await keyFor(["timer.write"]);
	const body = { dates: ["2026-12-25"] };
	for (const name of ["b", "a"]) {
		const put = await call(`/v1/calendars/${name}`, { method: "PUT", key: writer, body });
		expect(put.status).toBe(200);
	}
	const listed = await call("/v1/calendars", { key: reader });
	expect(listed.body.items.map((one: { name: string }) => one.name)).toEqual(["a", "b"]);
	expect(CalendarSummarySchema.parse(listed.body.items[0])).toEqual(listed.body.items[0]);
	const path = "/v1/calendars/a";
	expect(outcome(await call(path, { method: "PUT", key: reader, body }))).toBe("403 forbidden");
	expect(outcome(await call(path, { method: "DELETE", key: writer }))).toBe("403 forbidden");
	expect(outcome(await call(path, { key: writer }))).toBe("403 forbidden");
	expect(outcome(await call(path, { key: other.key }))).toBe("404 not_found");
	expect((await call(path, { method: "DELETE", key })).status).toBe(204);
	expect(outcome(await call(path, { method: "DELETE", key }))).toBe("404 not_found");
	expect((await call("/v1/calendars", { key })).body.items).toHaveLength(1);
});

it("[CAL-8] a calendar put again after its removal is newer than what shards may still hold", async () => {
	const { key } = await newTenant();
	const put = async () => {
		const body = { dates: ["2026-12-25"] };
		return (await call("/v1/calendars/a", { method: "PUT", key, body })).body.version;
	};
	const before = await put();
	await call("/v1/calendars/a", { method: "DELETE", key });
	expect(await put()).toBeGreaterThan(before);
});

it("[CAL-4] a tenant has at most 100 calendars; changing one of them is still possible", async () => {
	const { key } = await newTenant();
	const put = (name: string) =>
		call(`/v1/calendars/${name}`, { method: "PUT", key, body: { dates: [] } });
	await Promise.all(Array.from({ length: LIMITS.calendars }, (_, n) => put(`c-${n}`)));
	const over = await put("one-more");
	expect([outcome(over), over.body.errors[0].message]).toEqual([
		"422 validation_failed",
		"a tenant has at most 100 calendars",
	]);
	expect((await put("c-0")).status).toBe(200);
});

const MONDAYS = { cron: "0 9 * * MON", timezone: "Europe/Berlin", exclude: { calendars: ["off"] } };

it("[CAL-9] a schedule leaves out a calendar's days, in previews, creates, batches and changes", async () => {
	const { key } = await newTenant();
	const body = { dates: ["2027-01-04", "2027-01-11"] };
	await call("/v1/calendars/off", { method: "PUT", key, body });
	const from = "2026-12-28T12:00:00Z";
	const preview = await call("/v1/timers/preview", {
		key,
		body: { schedule: MONDAYS, from, count: 2 },
	});
	expect(preview.body.occurrences.map(({ local }: { local: string }) => local)).toEqual([
		"2027-01-18T09:00:00",
		"2027-01-25T09:00:00",
	]);
	const dates = ["2027-01-11T09:00:00Z", "2027-01-12T09:00:00Z"];
	const schedule = { dates, exclude: { calendars: ["off"] } };
	const next = "2027-01-12T09:00:00.000Z";
	const made = await call("/v1/timers", { key, body: { schedule } });
	expect([made.status, made.body.nextFireAt]).toEqual([201, next]);
	const batch = await call("/v1/timers/batch", { key, body: { timers: [{ schedule }] } });
	const listed = await call(`/v1/timers/${batch.body.results[0].id}`, { key });
	expect(listed.body.nextFireAt).toBe(next);
	const plain = await call("/v1/timers", { key, body: { schedule: { dates } } });
	expect(plain.body.nextFireAt).toBe("2027-01-11T09:00:00.000Z");
	const patch = { method: "PATCH", key, body: { schedule } };
	const changed = await call(`/v1/timers/${plain.body.id}`, patch);
	expect(changed.body.nextFireAt).toBe(next);
});

it("[CAL-9] a calendar that is not there is refused, naming where it stands", async () => {
	const { key } = await newTenant();
	const schedule = { ...MONDAYS, businessDays: { calendars: ["none"], shift: "next" } };
	const paths = (answer: { body: { errors: { path: string }[] } }) =>
		answer.body.errors.map(({ path }) => path);
	const expected = ["schedule.exclude.calendars.0", "schedule.businessDays.calendars.0"];
	expect(paths(await call("/v1/timers", { key, body: { schedule } }))).toEqual(expected);
	expect(paths(await call("/v1/timers/preview", { key, body: { schedule } }))).toEqual(expected);
	const dry = await call("/v1/timers/import?dryRun=true", { key, body: { schedule } });
	expect(paths({ body: dry.body.results[0].error })).toEqual(expected);
	const many = Array.from({ length: 200 }, (_, n) => ({
		schedule: { ...MONDAYS, exclude: { calendars: [`c${n}`] } },
	}));
	const batch = await call("/v1/timers/batch", { key, body: { timers: many } });
	expect(batch.body).toMatchObject({ created: 0, failed: 200 });
});

it("[CAL-10] a calendar that changes moves the timers that name it; removed, it leaves them", async () => {
	const { id, key } = await newTenant();
	const put = (...dates: readonly string[]) =>
		call("/v1/calendars/off", { method: "PUT", key, body: { dates } });
	await put();
	const dates = ["2027-01-11T09:00:00Z", "2027-01-12T09:00:00Z"];
	const schedule = { dates, exclude: { calendars: ["off"] } };
	const made = await call("/v1/timers", { key, body: { schedule } });
	expect(made.body.nextFireAt).toBe("2027-01-11T09:00:00.000Z");
	const nextAfterwards = async () => {
		await runDurableObjectAlarm(env.TENANT_SHARD.getByName(`${id}:0`));
		return (await call(`/v1/timers/${made.body.id}`, { key })).body.nextFireAt;
	};
	await put("2027-01-11");
	expect(await nextAfterwards()).toBe("2027-01-12T09:00:00.000Z");
	await put("2027-01-12");
	expect(await nextAfterwards()).toBe("2027-01-11T09:00:00.000Z");
	await call("/v1/calendars/off", { method: "DELETE", key });
	expect(await nextAfterwards()).toBe("2027-01-11T09:00:00.000Z");
	const headers = { "idempotency-key": "k" };
	await put("2027-01-11");
	const first = await call("/v1/timers", { key, body: { schedule }, headers });
	await call("/v1/calendars/off", { method: "DELETE", key });
	const repeated = await call("/v1/timers", { key, body: { schedule }, headers });
	const { id: firstId, nextFireAt } = first.body;
	expect([repeated.status, repeated.body]).toMatchObject([201, { id: firstId, nextFireAt }]);
	const again = await call("/v1/timers", { key, body: { schedule } });
	expect(outcome(again)).toBe("422 validation_failed");
});
