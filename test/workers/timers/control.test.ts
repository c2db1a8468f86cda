/** `/v1/timers/:id/pause`, `/resume`, `/snooze`, and the bulk calls beside them. */
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../../src/contract/limits.ts";
import { TimerViewSchema } from "../../../src/contract/timer.ts";
import { ReplayFiringAnswerSchema, RunAnswerSchema } from "../../../src/contract/timer-calls.ts";
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

const PAST = { from: "2001-01-01T00:00:00Z", to: "2001-01-02T00:00:00Z" };

it.each([
	["pause", {}],
	["resume", {}],
	["snooze", { by: "1m" }],
	["run", {}],
	["replay", {}],
	["backfill", PAST],
])("[TIMER-53] [AUTH-3] %s needs timer.manage, and an id of the tenant", async (verb, body) => {
	const api = await newTenant();
	expect(await api.call("POST", `/v1/timers/${UNKNOWN_ID}/${verb}`, body)).toMatchObject({
		status: 404,
	});
	const { id } = await newTimer(api);
	const authorization = `Bearer ${await limitedKey(api)}`;
	const refused = await api.call("POST", `/v1/timers/${id}/${verb}`, body, { authorization });
	expect(refused).toMatchObject({ status: 403, body: { code: "forbidden" } });
});

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

/** A timer that has fired and settled. */
async function settled(api: Api, body: object = {}) {
	const { id } = await newTimer(api, { in: 20, ...body });
	const ended = await api.call("GET", `/v1/timers/${id}/wait`);
	expect(ended.status).toBe(200);
	return id;
}

describe("run, replay and backfill", () => {
	it("[CTRL-30] a run answers the number of its firing and the timer, whose schedule stays", async () => {
		const api = await newTenant();
		const { id, at } = await newTimer(api, { in: "1h", params: { a: 1 } });
		const run = await api.call("POST", `/v1/timers/${id}/run`, { params: { a: 2 } });
		expect(RunAnswerSchema.parse(run.body)).toEqual(run.body);
		expect(run).toMatchObject({
			status: 200,
			body: { firing: 2, timer: { id, at, params: { a: 1 } } },
		});
		const again = await api.call("POST", `/v1/timers/${id}/run`);
		expect(again.body.firing).toBe(3);
	});

	it("[CTRL-31] a run is refused while the timer is paused, and after its end", async () => {
		const api = await newTenant();
		const { id } = await newTimer(api);
		await api.call("POST", `/v1/timers/${id}/pause`);
		expect(await api.call("POST", `/v1/timers/${id}/run`)).toMatchObject({
			status: 409,
			body: { code: "paused" },
		});
		await api.call("POST", `/v1/timers/${id}/cancel`);
		expect(await api.call("POST", `/v1/timers/${id}/run`)).toMatchObject({
			status: 409,
			body: { code: "already_settled" },
		});
	});

	it("[CTRL-40] a replay answers which firing it repeats; the timer stays as it ended", async () => {
		const api = await newTenant();
		const id = await settled(api);
		const replayed = await api.call("POST", `/v1/timers/${id}/replay`);
		expect(ReplayFiringAnswerSchema.parse(replayed.body)).toEqual(replayed.body);
		expect(replayed.body).toMatchObject({ firing: 2, replayOf: 1, timer: { status: "settled" } });
	});

	it("[CTRL-41] a replay is refused before the first firing, and for one that is unknown", async () => {
		const api = await newTenant();
		const { id } = await newTimer(api);
		expect(await api.call("POST", `/v1/timers/${id}/replay`)).toMatchObject({
			status: 409,
			body: { code: "not_fired" },
		});
		const other = await settled(api);
		expect(await api.call("POST", `/v1/timers/${other}/replay`, { firing: 9 })).toMatchObject({
			status: 404,
		});
	});

	it("[CTRL-50] a backfill fires the occurrences of a time that has passed, and counts them", async () => {
		const api = await newTenant();
		const { id } = await newTimer(api, { schedule: { cron: "0 * * * *" } });
		const body = { from: "2026-01-01T00:00:00Z", to: "2026-01-01T05:30:00Z" };
		const filled = await api.call("POST", `/v1/timers/${id}/backfill`, {
			...body,
			overlap: "allow",
		});
		expect(filled).toMatchObject({ status: 200, body: { firings: 6, nextAt: null } });
		const far = { from: "2020-01-01T00:00:00Z", to: "2026-01-01T00:00:00Z" };
		const capped = await api.call("POST", `/v1/timers/${id}/backfill`, far);
		expect(capped.body).toEqual({ firings: 1_000, nextAt: "2020-02-11T16:00:00.000Z" });
	});

	it.each([
		[{ from: "2001-01-02T00:00:00Z", to: "2001-01-01T00:00:00Z" }, "from"],
		[{ from: "2001-01-01T00:00:00Z", to: "2099-01-01T00:00:00Z" }, "to"],
		[{ from: "yesterday", to: "2001-01-01T00:00:00Z" }, "from"],
		[{ to: "2001-01-01T00:00:00Z" }, "from"],
		[{ ...PAST, overlap: "skip" }, "overlap"],
		[PAST, ""],
	])("[CTRL-54] a backfill of %j is refused, naming '%s'", async (body, path) => {
		const api = await newTenant();
		const { id } = await newTimer(api);
		const refused = await api.call("POST", `/v1/timers/${id}/backfill`, body);
		expect(refused.status).toBe(422);
		expect(refused.body.errors[0].path).toBe(path);
	});
});

describe("acknowledge and escalate", () => {
	const webhook = { type: "webhook", url: "https://1.1.1.1/hook" };

	it("[ESC-11] an acknowledgement is shown with its note; before anything has fired it is refused", async () => {
		const api = await newTenant();
		const id = await settled(api);
		const answered = await api.call("POST", `/v1/timers/${id}/acknowledge`, { note: "on it" });
		expect(TimerViewSchema.parse(answered.body)).toEqual(answered.body);
		expect(answered.body).toMatchObject({ status: "settled", acknowledgeNote: "on it" });
		expect(Date.parse(answered.body.acknowledgedAt)).toBeGreaterThan(Date.now() - 60_000);
		const { id: waiting } = await newTimer(api);
		expect(await api.call("POST", `/v1/timers/${waiting}/acknowledge`)).toMatchObject({
			status: 409,
			body: { code: "not_fired" },
		});
		expect(await api.call("POST", `/v1/timers/${UNKNOWN_ID}/acknowledge`)).toMatchObject({
			status: 404,
		});
	});

	it("[ESC-1] [ESC-3] an escalation is shown as it was written, its headers and large bodies included", async () => {
		const api = await newTenant();
		const body = "x".repeat(LIMITS.inlineBodyBytes);
		const step = {
			...webhook,
			method: "POST",
			headers: { authorization: "secret" },
			timeoutMs: 10_000,
		};
		const escalation = {
			after: { attempts: 2 },
			steps: [{ actions: [step] }, { after: 60_000, actions: [{ ...step, body }] }],
		};
		const created = await newTimer(api, {
			in: "1h",
			escalation,
			actions: [{ ...webhook, escalation }],
		});
		const read = await api.call("GET", `/v1/timers/${created.id}`);
		expect(read.body.escalation).toEqual(escalation);
		expect(read.body.actions[0].escalation).toEqual(escalation);
		const patched = await api.call("PATCH", `/v1/timers/${created.id}`, { escalation: null });
		expect(patched.body.escalation).toBeNull();
		expect(patched.body.actions[0].escalation).toEqual(escalation);
		const changed = await api.call("PATCH", `/v1/timers/${created.id}`, { escalation });
		expect(changed.body.escalation).toEqual(escalation);
	});
});
