/** `/v1/timers/export` and `/v1/timers/import` in workerd: from one tenant to another and back. */
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { LIMITS } from "../../../src/contract/limits.ts";
import { ImportAnswerSchema } from "../../../src/contract/transfer.ts";
import { call, newTenant, OPERATOR_KEY, outcome } from "../http/client.ts";

type Json = Record<string, unknown>;

const ndjson = { "content-type": "application/x-ndjson" };
/** Two of these tests move megabytes, one of them while its Worker starts. */
const SLOW = { timeout: 30_000 };
/** Longer than the delay of a growth and than an edge remembers a key's holder. */
const GROWTH_MS = 61_000;

beforeEach(() => {
	vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
});

afterEach(() => {
	vi.useRealTimers();
});

const calendar = { "content-type": "text/calendar" };
const AT = new Date(Date.now() + 86_400_000).toISOString();
const WEBHOOK = { type: "webhook", url: "https://example.com/hook", headers: { "x-secret": "s" } };

async function create(key: string, body: Json): Promise<Json> {
	const made = await call("/v1/timers", { key, body });
	if (made.status !== 201) throw new Error(JSON.stringify(made.body));
	return made.body;
}

async function exportText(key: string, query = ""): Promise<string> {
	const answer = await call(`/v1/timers/export${query}`, { key });
	expect(answer.status).toBe(200);
	return answer.body;
}

function linesOf(text: string): readonly Json[] {
	return text
		.split("\n")
		.filter((line) => line !== "")
		.map((line) => JSON.parse(line));
}

/** Without what belongs to the one timer and not to its copy. */
function essence({
	id,
	createdAt,
	etag,
	timeRemainingMs,
	progress,
	tenantId,
	...rest
}: Json): Json {
	return rest;
}

async function listed(key: string): Promise<readonly Json[]> {
	const { body } = await call("/v1/timers?limit=1000&order=due", { key });
	return body.items.map(essence);
}

const TIMERS: readonly Json[] = [
	{
		at: AT,
		name: "one",
		message: "hällo, wörld; and a long text that has to be folded in a calendar file",
		actions: [WEBHOOK, { type: "agent", mailbox: "build", command: { run: "make" } }],
		retry: { delaysMs: [1, 2] },
		priority: 2,
		labels: { team: "ops" },
		metadata: { a: [1, null] },
		params: { b: "x" },
		dedupeKey: "k",
		fidelity: "fast",
		requestedBy: "me",
	},
	{ at: AT, name: "large", actions: [{ ...WEBHOOK, body: { text: "y".repeat(100_000) } }] },
	{
		schedule: { cron: "0 9 * * MON-FRI", timezone: "Europe/Berlin", limit: 7 },
		name: "recurring",
		misfire: "skip",
		jitter: "10s",
	},
];

it(
	"[PORT-6] exports what another tenant imports, headers and large bodies included",
	SLOW,
	async () => {
		const source = await newTenant();
		for (const timer of TIMERS) await create(source.key, timer);
		for (const format of ["ndjson", "ical"]) {
			const target = await newTenant();
			const text = await exportText(source.key, `?format=${format}`);
			const headers = format === "ical" ? calendar : ndjson;
			const answer = await call("/v1/timers/import", { key: target.key, body: text, headers });
			expect(answer.body).toMatchObject({ created: 3, skipped: 0, failed: 0, dryRun: false });
			expect(ImportAnswerSchema.parse(answer.body)).toEqual(answer.body);
			expect(await listed(target.key)).toEqual(await listed(source.key));
			const [copy] = (await call("/v1/timers?name=large", { key: target.key })).body.items;
			const read = await call(`/v1/timers/${copy.id}`, { key: target.key });
			expect(read.body.actions[0]).toMatchObject({ headers: { "x-secret": "s" } });
			expect(read.body.actions[0].body.text).toHaveLength(100_000);
		}
	},
);

it(
	"[PORT-6] streams all shards, filtered as a list is, without what has ended unless it is asked for",
	SLOW,
	async () => {
		const { id, key } = await newTenant();
		for (const shards of [2, 4]) {
			const grow = { method: "PATCH", key: OPERATOR_KEY, body: { shards } };
			expect((await call(`/v1/tenants/${id}`, grow)).status).toBe(200);
			vi.setSystemTime(Date.now() + GROWTH_MS);
		}
		const timers = Array.from({ length: 1_000 }, (_, n) => ({
			in: "1h",
			name: `t${n}`,
			dedupeKey: `${n}`,
			labels: { parity: n % 2 === 0 ? "even" : "odd" },
		}));
		await call("/v1/timers/batch", { key, body: { timers } });
		const names = (text: string) => new Set(linesOf(text).map(({ name }) => name));
		expect(names(await exportText(key)).size).toBe(1_000);
		const homes = await Promise.all(
			[0, 1, 2, 3].map((shard) => env.TENANT_SHARD.getByName(`${id}:${shard}`).usage()),
		);
		expect(homes.filter(({ active }) => active > 0)).toHaveLength(4);
		expect(names(await exportText(key, "?label=parity:odd")).size).toBe(500);
		const [first] = (await call("/v1/timers?name=t0", { key })).body.items;
		await call(`/v1/timers/${first.id}/cancel`, { key, body: {} });
		expect(names(await exportText(key)).has("t0")).toBe(false);
		expect([...names(await exportText(key, "?status=cancelled"))]).toEqual(["t0"]);
		expect(await exportText(key, "?name=nothing")).toBe("");
		expect(await exportText(key, "?name=nothing&format=ical")).toMatch(
			/^BEGIN:VCALENDAR[\s\S]*END:VCALENDAR\r\n$/,
		);
	},
);

it("[PORT-7] tells line by line what was created, skipped and refused, in order", async () => {
	const { key } = await newTenant();
	const founding = { id: "timer_1_a", startTime: 0, endTime: 1, status: "expired" };
	const text = [
		JSON.stringify({ in: "1h", name: "a" }),
		JSON.stringify(founding),
		"{",
		JSON.stringify({ in: "soon" }),
		JSON.stringify({ in: "1h", tenantId: "other" }),
		JSON.stringify({ in: "1h", __proto__: 1, nme: "b" }),
		JSON.stringify({ id: "mine", in: "1h", name: "b" }),
	].join("\n");
	const { body } = await call("/v1/timers/import", { key, body: text, headers: ndjson });
	expect(ImportAnswerSchema.parse(body)).toMatchObject({ created: 2, skipped: 1, failed: 4 });
	expect(body.results.map((one: Json) => one["index"])).toEqual([0, 1, 2, 3, 4, 5, 6]);
	expect(body.results[1]).toEqual({
		index: 1,
		source: "timer_1_a",
		skipped: 'Its status is "expired".',
	});
	const codes = body.results.map((one: { error?: { code: string } }) => one.error?.code);
	expect(codes).toEqual([
		undefined,
		undefined,
		"validation_failed",
		"validation_failed",
		"tenant_mismatch",
		"validation_failed",
		undefined,
	]);
	expect(body.results[3].error.errors[0].path).toBe("in");
	const read = await call(`/v1/timers/${body.results[6].id}`, { key });
	expect([body.results[6].source, read.body.name]).toEqual(["mine", "b"]);
});

it("[PORT-8] a dry run says what would be created, and creates nothing", async () => {
	const { key } = await newTenant();
	const timers = [
		{ in: "1h", name: "a" },
		{ in: "soon" },
		{ id: "x", dependsOn: ["y"] },
		{ id: "y", in: "1h" },
	];
	const answer = await call("/v1/timers/import?dryRun=true", { key, body: timers });
	expect(ImportAnswerSchema.parse(answer.body)).toMatchObject({
		created: 0,
		failed: 1,
		dryRun: true,
	});
	expect(answer.body.results[0]).toEqual({ index: 0, source: null, timer: timers[0] });
	expect(answer.body.results[2]).toHaveProperty("timer");
	expect(await listed(key)).toEqual([]);
});

it("[PORT-5] a chain is imported with its edges, and what was paused is paused again", async () => {
	const source = await newTenant();
	const first = await create(source.key, { at: AT, name: "first" });
	const second = await create(source.key, {
		in: "5m",
		name: "second",
		dependsOn: [{ timer: first["id"], on: "always" }],
	});
	await create(source.key, { name: "third", dependsOn: [second["id"]] });
	await call(`/v1/timers/${first["id"]}/pause`, { key: source.key, body: { note: "later" } });
	const lines = linesOf(await exportText(source.key));
	const target = await newTenant();
	const reversed = [...lines]
		.reverse()
		.map((line) => JSON.stringify(line))
		.join("\n");
	const { body } = await call("/v1/timers/import", {
		key: target.key,
		body: reversed,
		headers: ndjson,
	});
	expect(body).toMatchObject({ created: 3, failed: 0 });
	const byName = new Map(
		(await call("/v1/timers", { key: target.key })).body.items.map((one: Json) => [
			one["name"],
			one,
		]),
	);
	const [a, b, c] = ["first", "second", "third"].map((name) => byName.get(name) as Json);
	expect(a).toMatchObject({ status: "paused", pauseNote: "later", at: AT });
	expect(b).toMatchObject({ status: "pending", dependsOn: [{ timer: a?.["id"], on: "always" }] });
	expect(c).toMatchObject({ status: "pending", dependsOn: [{ timer: b?.["id"], on: "success" }] });
});

it("[PORT-11] reads a crontab, for which the call has to say who runs the commands", async () => {
	const { key } = await newTenant();
	const text = "CRON_TZ=Europe/Berlin\n30 2 * * * backup\n@reboot x\n";
	const headers = { "content-type": "text/plain" };
	const silent = await call("/v1/timers/import", { key, body: text, headers });
	expect([outcome(silent), silent.body.errors[0].path]).toEqual(["422 validation_failed", "url"]);
	const path = "/v1/timers/import?url=https://example.com/run";
	const { body } = await call(path, { key, body: text, headers });
	expect(body).toMatchObject({ created: 1, failed: 1 });
	const read = await call(`/v1/timers/${body.results[0].id}`, { key });
	expect(read.body).toMatchObject({
		name: "backup",
		schedule: { cron: "30 2 * * *", timezone: "Europe/Berlin" },
		actions: [{ type: "webhook", url: "https://example.com/run", body: { command: "backup" } }],
	});
	const both = await call(`${path}&mailbox=m`, { key, body: text, headers });
	expect(both.body.errors[0].path).toBe("mailbox");
	const named = await call("/v1/timers/import?format=crontab&mailbox=m", { key, body: text });
	expect(named.body).toMatchObject({ created: 1, failed: 1 });
});

it("[PORT-9] refuses whole what is no list of timers, too long a one, and the wrong key", async () => {
	const { key, keyFor } = await newTenant();
	const send = (body: unknown, headers: Record<string, string> = ndjson) =>
		call("/v1/timers/import", { key, body, headers });
	expect(outcome(await send(""))).toBe("422 validation_failed");
	expect(outcome(await send("[]"))).toBe("422 validation_failed");
	expect(outcome(await send("hello", calendar))).toBe("422 validation_failed");
	const many = Array.from({ length: LIMITS.batchTimers + 1 }, () => '{"in":"1h"}').join("\n");
	expect(outcome(await send(many))).toBe("422 validation_failed");
	const unknown = await call("/v1/timers/import?format=xml", { key, body: "x" });
	expect(outcome(unknown)).toBe("422 validation_failed");
	const [reader, writer] = [await keyFor(["timer.read"]), await keyFor(["timer.write"])];
	expect(outcome(await call("/v1/timers/import", { key: reader, body: [] }))).toBe("403 forbidden");
	expect(outcome(await call("/v1/timers/export", { key: writer }))).toBe("403 forbidden");
	expect((await call("/v1/timers/export", { key: reader })).status).toBe(200);
});

it("[PORT-9] an import is repeated under its key without creating anything twice", async () => {
	const { key } = await newTenant();
	const headers = { ...ndjson, "idempotency-key": "i" };
	const text = [{ id: "b", dependsOn: ["a"] }, { id: "a", in: "1h" }, { in: "soon" }]
		.map((line) => JSON.stringify(line))
		.join("\n");
	const first = await call("/v1/timers/import", { key, body: text, headers });
	expect(first.body).toMatchObject({ created: 2, failed: 1 });
	const second = await call("/v1/timers/import", { key, body: text, headers });
	expect(second.body.results.slice(0, 2)).toEqual(first.body.results.slice(0, 2));
	expect(await listed(key)).toHaveLength(2);
});

it("[PORT-13] with `once` a second import finds what the first has made, and changes nothing", async () => {
	const { key } = await newTenant();
	const text = [
		{ id: "a", in: "1h", status: "paused", pauseNote: "n" },
		{ in: "2h", name: "unnamed" },
		{ in: "2h", name: "unnamed" },
		{ in: "3h", name: "own", dedupeKey: "mine" },
		{ id: "b", dependsOn: ["a"] },
	]
		.map((line) => JSON.stringify(line))
		.join("\n");
	const send = (query: string) =>
		call(`/v1/timers/import?${query}`, { key, body: text, headers: ndjson });
	const first = await send("once=true");
	expect(first.body).toMatchObject({ created: 5, existing: 0, failed: 0 });
	const [paused] = first.body.results;
	await call(`/v1/timers/${paused.id}/resume`, { key, body: {} });
	const second = await send("once=true");
	expect(ImportAnswerSchema.parse(second.body)).toMatchObject({ created: 0, existing: 5 });
	const ids = (answer: typeof first) => answer.body.results.map((one: Json) => one["id"]);
	expect(ids(second)).toEqual(ids(first));
	expect((await call(`/v1/timers/${paused.id}`, { key })).body.status).toBe("scheduled");
	expect(await listed(key)).toHaveLength(5);
	expect((await send("")).body).toMatchObject({ created: 4, existing: 1 });
});

it("[PORT-13] with `once` a line of a crontab is known by what it says, not by its number", async () => {
	const { key } = await newTenant();
	const send = (body: string) => {
		const path = "/v1/timers/import?once=true&mailbox=m&format=crontab";
		return call(path, { key, body });
	};
	expect((await send("@daily a\n@daily b\n")).body).toMatchObject({ created: 2 });
	const moved = await send("@hourly c\n@daily a\n@daily b\n");
	expect(moved.body).toMatchObject({ created: 1, existing: 2 });
});

it("[PORT-13] with `once` a timer that has ended is found for 30 days, also after a growth", async () => {
	const { id, key } = await newTenant();
	const send = (query = "") =>
		call(`/v1/timers/import?once=true${query}`, { key, body: [{ id: "a", in: "1h" }] });
	const first = await send();
	const grow = { method: "PATCH", key: OPERATOR_KEY, body: { shards: 8 } };
	for (const shards of [2, 4, 8]) {
		await call(`/v1/tenants/${id}`, { ...grow, body: { shards } });
		vi.setSystemTime(Date.now() + GROWTH_MS);
	}
	const [{ id: timer }] = first.body.results;
	expect((await send()).body.results).toEqual([
		{ index: 0, source: "a", id: timer, existing: true },
	]);
	expect((await send("&dryRun=true")).body).toMatchObject({
		existing: 1,
		results: [{ id: timer, existing: true }],
	});
});
