/** `/v1/timers/:id/pause`, `/resume`, `/snooze`, and the bulk calls beside them. */
import { describe, expect, it } from "vitest";
import { TimerViewSchema } from "../../../src/contract/timer.ts";
import { type Api, newTenant } from "./api.ts";

const UNKNOWN_ID = "tmr_000000000000000000000000";

async function newTimer({ call }: Api, body: object = { in: "1h" }) {
	const created = await call("POST", "/v1/timers", body);
	if (created.status !== 201) throw new Error(JSON.stringify(created.body));
	return created.body;
}

async function limitedKey({ call }: Api): Promise<string> {
	const made = await call("POST", "/v1/keys", { name: "writer", scopes: ["timer.write"] });
	return made.body.apiKey;
}

describe("pause and resume", () => {
	it("[CTRL-4] show when it was paused and why, and forget it", async () => {
		const api = await newTenant();
		const { id, at } = await newTimer(api);
		const paused = await api.call("POST", `/v1/timers/${id}/pause`, { note: "moving" });
		expect(paused.status).toBe(200);
		expect(TimerViewSchema.parse(paused.body)).toEqual(paused.body);
		expect(paused.body).toMatchObject({
			status: "paused",
			at,
			nextFireAt: null,
			pauseNote: "moving",
		});
		expect(Date.parse(paused.body.pausedAt)).toBeGreaterThan(Date.now() - 60_000);
		expect(paused.headers.get("etag")).toBe(paused.body.etag);
		const listed = await api.call("GET", "/v1/timers?status=paused");
		expect(listed.body.items).toHaveLength(1);
		const again = await api.call("POST", `/v1/timers/${id}/pause`);
		expect(again.body.etag).toBe(paused.body.etag);
		const resumed = await api.call("POST", `/v1/timers/${id}/resume`);
		expect(resumed.body).toMatchObject({
			status: "scheduled",
			nextFireAt: at,
			pausedAt: null,
			pauseNote: null,
		});
	});

	it("[CTRL-3] are refused after the end", async () => {
		const api = await newTenant();
		const { id } = await newTimer(api);
		await api.call("POST", `/v1/timers/${id}/cancel`);
		for (const verb of ["pause", "resume"]) {
			const refused = await api.call("POST", `/v1/timers/${id}/${verb}`);
			expect(refused).toMatchObject({ status: 409, body: { code: "already_settled" } });
		}
	});
});

describe("snooze", () => {
	it("[CTRL-10] puts a timer off by a while, or until an instant", async () => {
		const api = await newTenant();
		const { id, at } = await newTimer(api);
		const later = await api.call("POST", `/v1/timers/${id}/snooze`, { by: "15m" });
		expect(Date.parse(later.body.at) - Date.parse(at)).toBe(15 * 60_000);
		const until = new Date(Date.now() + 600_000).toISOString();
		const sooner = await api.call("POST", `/v1/timers/${id}/snooze`, { until });
		expect(sooner.body).toMatchObject({ status: "scheduled", at: until });
	});

	it.each([
		[{}, "by"],
		[{ by: "1h", until: "2090-01-01T00:00:00.000Z" }, "by"],
		[{ by: "-1h" }, "by"],
		[{ by: "soon" }, "by"],
		[{ until: "2001-01-01T00:00:00.000Z" }, "until"],
		[{ until: "tomorrow" }, "until"],
		[{ for: "1h" }, "for"],
	])("[CTRL-11] refuses %j, naming %s", async (body, path) => {
		const api = await newTenant();
		const { id } = await newTimer(api);
		const refused = await api.call("POST", `/v1/timers/${id}/snooze`, body);
		expect(refused).toMatchObject({ status: 422, body: { code: "validation_failed" } });
		expect(refused.body.errors[0].path).toBe(path);
	});

	it("[CTRL-11] is bounded by the plan's horizon, and refused after the end", async () => {
		const api = await newTenant("free");
		const { id } = await newTimer(api);
		const far = await api.call("POST", `/v1/timers/${id}/snooze`, { by: "500d" });
		expect(far).toMatchObject({ status: 422, body: { errors: [{ path: "by" }] } });
		await api.call("POST", `/v1/timers/${id}/cancel`);
		const late = await api.call("POST", `/v1/timers/${id}/snooze`, { by: "1m" });
		expect(late).toMatchObject({ status: 409, body: { code: "already_settled" } });
	});
});

it.each(["pause", "resume", "snooze"])(
	"[TIMER-53] [AUTH-3] %s needs timer.manage, and an id of the tenant",
	async (verb) => {
		const api = await newTenant();
		const body = verb === "snooze" ? { by: "1m" } : {};
		expect(await api.call("POST", `/v1/timers/${UNKNOWN_ID}/${verb}`, body)).toMatchObject({
			status: 404,
		});
		const { id } = await newTimer(api);
		const authorization = `Bearer ${await limitedKey(api)}`;
		const refused = await api.call("POST", `/v1/timers/${id}/${verb}`, body, { authorization });
		expect(refused).toMatchObject({ status: 403, body: { code: "forbidden" } });
	},
);

describe("bulk", () => {
	it("[CTRL-20] pauses and resumes by filter, with a note", async () => {
		const api = await newTenant();
		const { id } = await newTimer(api, { in: "1h", labels: { team: "ops" } });
		await newTimer(api);
		const filter = { labels: { team: "ops" } };
		const bulk = (action: string) =>
			api.call("POST", "/v1/timers/bulk", { action, filter, reason: "night" });
		expect((await bulk("pause")).body).toMatchObject({ matched: 1, changed: 1 });
		const read = await api.call("GET", `/v1/timers/${id}`);
		expect(read.body).toMatchObject({ status: "paused", pauseNote: "night" });
		expect((await bulk("resume")).body).toMatchObject({ matched: 1, changed: 1 });
	});

	it("[CTRL-21] a cleanup counts on a dry run, removes what has ended, and nothing else", async () => {
		const api = await newTenant();
		const { id } = await newTimer(api);
		await newTimer(api);
		await api.call("POST", `/v1/timers/${id}/cancel`);
		const cleanup = (body: object) => api.call("POST", "/v1/timers/cleanup", body);
		expect((await cleanup({ olderThan: "1d" })).body).toMatchObject({ matched: 0 });
		const dry = await cleanup({ olderThan: 1, dryRun: true });
		expect(dry.body).toMatchObject({ action: "delete", matched: 1, changed: 0, dryRun: true });
		expect((await cleanup({ olderThan: 1, statuses: ["settled"] })).body).toMatchObject({
			matched: 0,
		});
		expect((await cleanup({ olderThan: 1 })).body).toMatchObject({ matched: 1, changed: 1 });
		expect(await api.call("GET", `/v1/timers/${id}`)).toMatchObject({ status: 404 });
		expect(await cleanup({ olderThan: "long" })).toMatchObject({
			status: 422,
			body: { errors: [{ path: "olderThan" }] },
		});
		const open = await cleanup({ olderThan: "1d", statuses: ["scheduled"] });
		expect(open).toMatchObject({ status: 422, body: { errors: [{ path: "statuses.0" }] } });
	});
});
