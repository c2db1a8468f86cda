/** `/v1/timers/batch`, `/v1/timers/bulk` and `/v1/jobs/:id`. */
import { expect, it } from "vitest";
import { LIMITS } from "../../../src/contract/limits.ts";
import { BatchAnswerSchema, JobSchema } from "../../../src/contract/timer-calls.ts";
import { type Api, newTenant } from "./api.ts";

const ndjson = { "content-type": "application/x-ndjson" };

it("[BATCH-1] creates each good line and names what is wrong with each bad one", async () => {
	const { call } = await newTenant();
	const timers = [
		{ in: "1h", name: "a" },
		{ in: "soon" },
		{ in: "1h", actions: [{ type: "workflow" }] },
		{ in: "1h", actions: [{ type: "webhook", url: "https://localhost/" }] },
		{ in: "1h", tenantId: "someone" },
		7,
		{ in: "1h", name: "b" },
	];
	const { status, body } = await call("POST", "/v1/timers/batch", { timers });
	expect(status).toBe(200);
	expect(BatchAnswerSchema.parse(body)).toEqual(body);
	expect(body).toMatchObject({ created: 2, failed: 5 });
	const codes = body.results.map((one: { error?: { code: string } }) => one.error?.code);
	expect(codes).toEqual([
		undefined,
		"validation_failed",
		"unsupported_action",
		"destination_refused",
		"tenant_mismatch",
		"validation_failed",
		undefined,
	]);
	expect(body.results[1].error.errors[0].path).toBe("in");
	const read = await call("GET", `/v1/timers/${body.results[6].id}`);
	expect(read.body.name).toBe("b");
});

it("[BATCH-2] reads NDJSON, a bad line being that line's error", async () => {
	const { call } = await newTenant();
	const text = '{"in":"1h","name":"a"}\n{"in":\n\n{"in":"1h","name":"b"}\n';
	const { body } = await call("POST", "/v1/timers/batch", text, ndjson);
	expect(body).toMatchObject({ created: 2, failed: 1 });
	expect(body.results[1]).toMatchObject({ index: 1, error: { code: "invalid_json" } });
});

it("[BATCH-3] takes 10,000 lines and no more", async () => {
	const { call } = await newTenant();
	const lines = (count: number) => Array.from({ length: count }, () => '{"in":"1h"}').join("\n");
	const full = await call("POST", "/v1/timers/batch", lines(LIMITS.batchTimers), ndjson);
	expect(full.body).toMatchObject({ created: LIMITS.batchTimers, failed: 0 });
	expect(new Set(full.body.results.map(({ id }: { id: string }) => id)).size).toBe(10_000);
	const over = await call("POST", "/v1/timers/batch", lines(LIMITS.batchTimers + 1), ndjson);
	expect([over.status, over.body.code]).toEqual([422, "validation_failed"]);
	for (const body of [{ timers: [] }, { timers: {} }, [], { timers: [{}], more: 1 }]) {
		expect((await call("POST", "/v1/timers/batch", body)).status).toBe(422);
	}
});

it("[BATCH-4] replays a batch under its key", async () => {
	const { call } = await newTenant();
	const key = { "idempotency-key": "b-1" };
	const at = new Date(Date.now() + 300).toISOString();
	const body = { timers: [{ in: "1h" }, { in: "soon" }, { at }, { in: "1h", dedupeKey: "d" }] };
	const first = await call("POST", "/v1/timers/batch", body, key);
	expect(first.body).toMatchObject({ created: 3, failed: 1 });
	const due = first.body.results[2].id;
	expect((await call("GET", `/v1/timers/${due}/wait?timeout=5s`)).status).toBe(200);
	const second = await call("POST", "/v1/timers/batch", body, key);
	expect(second.body).toEqual(first.body);
	expect(second.headers.get("idempotency-replayed")).toBe("true");
	const reused = await call("POST", "/v1/timers/batch", { timers: [{ in: "2h" }] }, key);
	expect([reused.status, reused.body.code]).toEqual([422, "idempotency_key_reused"]);
	expect((await call("GET", "/v1/timers")).body.items).toHaveLength(3);
});

it("[BATCH-5] gives lines with one dedupe key one timer", async () => {
	const { call } = await newTenant();
	const line = { in: "1h", dedupeKey: "d" };
	const { body } = await call("POST", "/v1/timers/batch", { timers: [line, line] });
	expect(body.results[0].id).toBe(body.results[1].id);
});

it("[BATCH-6] refuses a batch that the plan has no room for, and takes it when it has", async () => {
	const { call } = await newTenant("free");
	const timers = Array.from({ length: 100 }, () => ({ in: "1h" }));
	const full = await call("POST", "/v1/timers/batch", { timers });
	const key = { "idempotency-key": "b-1" };
	const refused = await call("POST", "/v1/timers/batch", { timers: [{ in: "1h" }] }, key);
	expect(refused.status).toBe(429);
	await call("POST", `/v1/timers/${full.body.results[0].id}/cancel`);
	const taken = await call("POST", "/v1/timers/batch", { timers: [{ in: "1h" }] }, key);
	expect(taken.body).toMatchObject({ created: 1, failed: 0 });
});

async function fill({ call }: Api, count: number, more: object = {}): Promise<void> {
	const timers = Array.from({ length: count }, () => ({ in: "1h", ...more }));
	const { body } = await call("POST", "/v1/timers/batch", { timers });
	expect(body.created).toBe(count);
}

it("[BULK-1] counts on a dry run, cancels and deletes what the filter selects", async () => {
	const api = await newTenant();
	await fill(api, 3, { labels: { team: "ops" } });
	await fill(api, 2, { labels: { team: "dev" } });
	const filter = { labels: { team: "ops" } };
	const bulk = (body: object) => api.call("POST", "/v1/timers/bulk", body);
	expect((await bulk({ action: "cancel", filter, dryRun: true })).body).toEqual({
		action: "cancel",
		matched: 3,
		changed: 0,
		dryRun: true,
	});
	expect((await bulk({ action: "cancel", filter, reason: "over" })).body).toEqual({
		action: "cancel",
		matched: 3,
		changed: 3,
		dryRun: false,
	});
	const listed = await api.call("GET", "/v1/timers?status=cancelled");
	expect(listed.body.items.map((one: { cancelReason: string }) => one.cancelReason)).toEqual([
		"over",
		"over",
		"over",
	]);
	const left = { status: ["scheduled"] };
	expect((await bulk({ action: "delete", filter: left })).body).toMatchObject({ changed: 2 });
	expect((await bulk({ action: "delete", filter: {} })).body).toMatchObject({ changed: 3 });
	expect((await api.call("GET", "/v1/timers")).body.items).toEqual([]);
});

it("[BULK-2] refuses a filter or an action it does not know, naming the field", async () => {
	const { call } = await newTenant();
	for (const [body, path] of [
		[{ action: "cancel" }, "filter"],
		[{ action: "restart", filter: {} }, "action"],
		[{ action: "cancel", filter: { dueBefore: "tomorrow" } }, "filter.dueBefore"],
		[{ action: "cancel", filter: { label: "a:b" } }, "filter.label"],
	] as const) {
		const refused = await call("POST", "/v1/timers/bulk", body);
		expect([refused.status, refused.body.errors[0].path]).toEqual([422, path]);
	}
});

it("[BULK-3] makes a job of more than 5,000 matches and shows its progress", async () => {
	const api = await newTenant();
	await fill(api, LIMITS.bulkSyncTimers + 1);
	const started = await api.call("POST", "/v1/timers/bulk", { action: "cancel", filter: {} });
	expect(started).toMatchObject({ status: 202, body: { matched: 5_001 } });
	const path = started.headers.get("location") ?? "";
	expect(path).toBe(`/v1/jobs/${started.body.jobId}`);
	await expect
		.poll(async () => (await api.call("GET", path)).body, { timeout: 20_000 })
		.toEqual({
			jobId: started.body.jobId,
			action: "cancel",
			status: "done",
			matched: 5_001,
			processed: 5_001,
			changed: 5_001,
		});
	const job = (await api.call("GET", path)).body;
	expect(JobSchema.parse(job)).toEqual(job);
	const other = await newTenant();
	expect((await other.call("GET", path)).status).toBe(404);
	const timer = (await api.call("GET", "/v1/timers?limit=1")).body.items[0].id;
	expect((await api.call("GET", `/v1/jobs/${timer.replace("tmr", "job")}`)).status).toBe(404);
});

it("[LIST-10] filters by status, label, name and due time, in both orders", async () => {
	const { call } = await newTenant();
	const timers = [
		{ in: "3h", name: "c", labels: { team: "ops", "a:b": "x" } },
		{ in: "1h", name: "a", labels: { team: "ops" } },
		{ in: "2h", name: "b", labels: { team: "dev" } },
	];
	await call("POST", "/v1/timers/batch", { timers });
	const names = async (query: string) => {
		const { body } = await call("GET", `/v1/timers?${query}`);
		return body.items.map(({ name }: { name: string }) => name).join("");
	};
	expect(await names("")).toBe("cab");
	expect(await names("order=due")).toBe("abc");
	expect(await names("label=team:ops")).toBe("ca");
	expect(await names("label=team:ops&name=a")).toBe("a");
	expect(await names("label=team:ops&label=team:dev")).toBe("");
	const middle = encodeURIComponent(new Date(Date.now() + 5_400_000).toISOString());
	expect(await names(`dueBefore=${middle}`)).toBe("a");
	expect(await names(`dueAfter=${middle}&order=due`)).toBe("bc");
	expect(await names("status=scheduled&status=cancelled")).toBe("cab");
	expect(await names("status=cancelled")).toBe("");
});

it("[LIST-11] refuses queries it does not understand, naming the field", async () => {
	const { call } = await newTenant();
	for (const [query, path] of [
		["limit=0", "limit"],
		["limit=1001", "limit"],
		["limit=x", "limit"],
		["status=asleep", "status.0"],
		["label=team", "label.0"],
		["dueBefore=2026-01-01", "dueBefore"],
		["order=name", "order"],
		["colour=red", "colour"],
	] as const) {
		const refused = await call("GET", `/v1/timers?${query}`);
		expect([query, refused.status, refused.body.errors?.[0].path]).toEqual([query, 422, path]);
	}
	const refused = await call("GET", "/v1/timers?cursor=abc");
	expect([refused.status, refused.body.code]).toEqual([400, "invalid_cursor"]);
});

it("[LIST-13] pages through the largest timers, fewer at a time", async () => {
	const { call } = await newTenant();
	const timers = Array.from({ length: 40 }, () => ({
		in: "1h",
		metadata: { x: "x".repeat(250_000) },
	}));
	for (let i = 0; i < 4; i++) await call("POST", "/v1/timers/batch", { timers });
	const seen = new Set<string>();
	let cursor: string | null = "";
	while (cursor !== null) {
		const after: string = cursor === "" ? "" : `&cursor=${cursor}`;
		const page = await call("GET", `/v1/timers?limit=1000${after}`);
		expect(page.status).toBe(200);
		for (const { id } of page.body.items) seen.add(id);
		cursor = page.body.nextCursor;
	}
	expect(seen.size).toBe(160);
});
