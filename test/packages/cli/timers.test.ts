/** Timers from a terminal, on a real network: create, find, wait, follow. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createFolder, inTerminal, start } from "./cli.ts";
import { env, json, run, startBefore } from "./on-network.ts";
import { api, create, DEAD_URL, ID, printed } from "./timer-calls.ts";

startBefore();

describe("create", () => {
	it("[CLI-6] a length of time and a name make a timer; its id and due time are printed", async () => {
		const line = await printed(["create", "30s", "coffee break"]);
		expect(line).toMatch(
			/^tmr_\w+ {2}coffee break {2}due \d{4}-\d\d-\d\d [\d:]+ \+00:00 \(in 30s\)\n$/,
		);
		const [id] = ID.exec(line) ?? [];
		expect(await api(`/v1/timers/${id}`)).toMatchObject({ name: "coffee break" });
	});

	it("[CLI-6] an instant may leave out seconds, time and offset, which are this machine's", async () => {
		const at = async (...words: string[]) => (await json(["create", ...words], berlin)).at;
		const berlin = { env: { TZ: "Europe/Berlin" } };
		expect(await at("2099-12-01T09:00Z")).toBe("2099-12-01T09:00:00.000Z");
		expect(await at("2099-12-01T09:00+05:30")).toBe("2099-12-01T03:30:00.000Z");
		expect(await at("2099-12-01 09:00")).toBe("2099-12-01T08:00:00.000Z");
		expect(await at("--at", "2099-12-01")).toBe("2099-11-30T23:00:00.000Z");
		expect(await at("--in", "PT1H", "an hour")).toMatch(/Z$/);
	});

	it("[CLI-6] options say all of a timer", async () => {
		const before = await create("1h");
		const timer = await json([
			...["create", "--cron", "0 9 * * MON-FRI", "--cron", "0 12 * * SAT"],
			...["--tz", "Europe/Berlin", "stand-up", "--label", "team=ops", "--label", "a=b=c"],
			...["--metadata", "ticket=4711", "--metadata", '{"deep":{"er":1}}', "--params", "db=orders"],
			...["--webhook", DEAD_URL, "--method", "put", "--header", "x-team=ops", "--body", '{"n":1}'],
			...["--mailbox", "builds", "--command", '{"build":"nightly"}', "--message", "hello"],
			...["--retry", "1s,1m", "--priority", "2", "--dedupe-key", "stand-up"],
			...["--depends-on", `${before}:always`],
		]);
		expect(timer).toMatchObject({
			name: "stand-up",
			schedule: { cron: ["0 9 * * MON-FRI", "0 12 * * SAT"], timezone: "Europe/Berlin" },
			labels: { team: "ops", a: "b=c" },
			metadata: { ticket: 4711, deep: { er: 1 } },
			params: { db: "orders" },
			actions: [
				{ type: "webhook", url: DEAD_URL, method: "PUT", body: { n: 1 } },
				{ type: "agent", mailbox: "builds", command: { build: "nightly" } },
			],
			message: "hello",
			retry: { delaysMs: [1_000, 60_000] },
			priority: 2,
			dedupeKey: "stand-up",
			dependsOn: [{ timer: before, on: "always" }],
		});
		const attempts = await json(["create", "1h", "--retry", "3"]);
		expect(attempts.retry).toMatchObject({ maxAttempts: 3 });
		const policy = await json(["create", "1h", "--retry", '{"backoff":"fixed","baseMs":5}']);
		expect(policy.retry).toMatchObject({ backoff: "fixed", baseMs: 5 });
		const every = await json(["create", "--every", "15m", "pulse"]);
		expect(every).toMatchObject({ name: "pulse", schedule: { every: "15m" } });
		const rule = await json([
			"create",
			"--rrule",
			"FREQ=DAILY",
			"--dtstart",
			"2026-01-01T09:00:00Z",
		]);
		expect(rule.schedule).toMatchObject({ rrule: "FREQ=DAILY" });
	});

	it("[CLI-7] a file or stdin is a timer, which words and options change", async () => {
		const timer = { in: "1h", name: "from a file", labels: { team: "ops" } };
		const options = { input: JSON.stringify(timer) };
		expect(await json(["create", "--file", "-"], options)).toMatchObject({ name: "from a file" });
		const changed = ["create", "2099-01-01T00:00Z", "other", "--file", "-", "--priority", "1"];
		const { in: _, ...rest } = timer;
		expect(await json(changed, { input: JSON.stringify(rest) })).toMatchObject({
			at: "2099-01-01T00:00:00.000Z",
			name: "other",
			labels: { team: "ops" },
			priority: 1,
		});
		const path = join(await createFolder(), "timer.json");
		await writeFile(path, JSON.stringify(timer));
		expect(await json(["create", "renamed", "--file", path])).toMatchObject({ name: "renamed" });
		const list = await run(["create", "--file", "-"], { input: "[]" });
		expect(list.code).toBe(2);
		expect(list.stderr).toContain("minoots import");
	});

	it("[CLI-8] a refusal says what, field by field, and what to do; exit code 1", async () => {
		const refused = await run(["create", "3x", "--priority", "12"]);
		expect(refused).toMatchObject({ code: 1, stdout: "" });
		expect(refused.stderr).toMatch(/^error: The request is not valid\.\n/);
		expect(refused.stderr).toMatch(/\n {2}priority {2}.*9/);
		expect(refused.stderr).toMatch(/\nrequest req_\S+\n$/);
		const asJson = await run(["create", "1h", "--webhook", "http://10.0.0.1/x", "--json"]);
		expect(asJson).toMatchObject({ code: 1, stdout: "" });
		const { error } = JSON.parse(asJson.stderr);
		expect(error).toMatchObject({ code: "destination_refused", status: 422 });
		expect(error.errors).toEqual([{ path: "actions.0.url", message: expect.any(String) }]);
		expect(error.requestId).toMatch(/^req_/);
		const unknown = await run(["get", "tmr_00000000000khsgtqzzhn9wb"]);
		expect(unknown.stderr).toMatch(/hint: .*`minoots list` shows/);
		const key = await run(["list"], { env: { MINOOTS_API_KEY: "mnt_dev_wrong" } });
		expect(key).toMatchObject({ code: 1, stdout: "" });
		expect(key.stderr).toContain("`minoots login`");
	});
});

describe("list and get", () => {
	it("[CLI-9] a table has every timer that the filters select, ids whole", async () => {
		const ids = [
			await create("1h", "one", "--label", "list=a"),
			await create("2h", "--label", "list=a"),
		];
		const due = await printed([
			"list",
			"--label",
			"list=a",
			"--order",
			"due",
			"--status",
			"scheduled",
		]);
		const [head, first, second, ...rest] = due.trimEnd().split("\n");
		expect(head).toMatch(/^ID +NAME +STATUS +DUE +FIRED$/);
		expect(first).toMatch(new RegExp(`^${ids[0]} +one +scheduled +.* \\(in 1h\\) +0$`));
		expect(second).toContain(ids[1]);
		expect(rest).toEqual([]);
		expect(await printed(["list", "--name", "one", "--label", "list=a", "-q"])).toBe(`${ids[0]}\n`);
		const none = await run(["list", "--label", "list=none"]);
		expect(none).toEqual({ code: 0, stdout: "", stderr: "No timers.\n" });
		const soon = new Date(Date.now() + 90 * 60_000).toISOString();
		const before = await printed(["list", "--label", "list=a", "--due-before", soon, "--quiet"]);
		expect(before).toBe(`${ids[0]}\n`);
	});

	it("[CLI-10] people are shown 50 and told that there are more; programs get all, one a line", async () => {
		const timers = Array.from({ length: 60 }, () => ({ in: "1h", labels: { list: "many" } }));
		await json(["api", "POST", "/v1/timers/batch", JSON.stringify({ timers })]);
		const many = ["list", "--label", "list=many"];
		const table = await run(many);
		expect(table.stdout.trimEnd().split("\n")).toHaveLength(51);
		expect(table.stderr).toBe("There are more timers: --all shows them.\n");
		expect((await printed([...many, "--all"])).trimEnd().split("\n")).toHaveLength(61);
		expect((await printed([...many, "--limit", "5"])).trimEnd().split("\n")).toHaveLength(6);
		const lines = (await printed([...many, "--json"])).trimEnd().split("\n");
		expect(lines).toHaveLength(60);
		const { items } = (await api("/v1/timers?label=list:many&limit=1")) as {
			items: { id: string }[];
		};
		const { timeRemainingMs: _, progress: __, ...first } = JSON.parse(lines[0] ?? "");
		expect(items[0]).toMatchObject(first);
	});

	it("[CLI-11] get shows what there is to a timer, or the API's JSON as it is", async () => {
		const id = await create(
			"1h",
			"shown",
			"--webhook",
			DEAD_URL,
			"--label",
			"a=b",
			"--message",
			"hi",
		);
		const text = await printed(["get", id]);
		for (const part of [
			`id +${id}`,
			"name +shown",
			"status +scheduled",
			"due .*in 1h",
			"labels +a=b",
		]) {
			expect(text).toMatch(new RegExp(`^${part}`, "m"));
		}
		expect(text).toContain(`POST ${DEAD_URL}`);
		const { timeRemainingMs: _, progress: __, ...read } = await json(["get", id]);
		expect(await api(`/v1/timers/${id}`)).toMatchObject(read);
	});

	it("[CLI-12] several ids at once, or from stdin: a failure of one stops no other", async () => {
		const [one, two] = [await create("1h"), await create("1h")];
		const lines = await printed(["get", "-", "--json"], { input: `${one}\n${two}\n` });
		expect(
			lines
				.trimEnd()
				.split("\n")
				.map((line) => JSON.parse(line).id),
		).toEqual([one, two]);
		const mixed = await run(["cancel", one, "tmr_00000000000khsgtqzzhn9wb", two]);
		expect(mixed.code).toBe(1);
		expect(mixed.stdout).toBe(`cancelled ${one}\ncancelled ${two}\n`);
		expect(mixed.stderr).toMatch(/^error: tmr_00000000000khsgtqzzhn9wb: /);
		const none = await run(["get", "-"], { input: "" });
		expect(none).toMatchObject({ code: 2, stdout: "" });
	});
});

describe("wait", () => {
	it("[CLI-13] exit code 0 when it settled, 1 when it failed or was cancelled", async () => {
		const tea = await create("300ms", "tea");
		expect(await printed(["wait", tea])).toMatch(
			new RegExp(`^settled {2}${tea} {2}tea {2}fired .* ms late`),
		);
		expect(await json(["wait", tea])).toMatchObject({ id: tea, status: "settled" });
		const dead = await create("50ms", "--webhook", DEAD_URL, "--retry", "1");
		const failed = await run(["wait", dead]);
		expect(failed.code).toBe(1);
		expect(failed.stdout).toMatch(/^failed /);
		expect(failed.stderr).toContain(`minoots deliveries ${dead}`);
		const late = await create("1h");
		const waiting = start(["wait", tea, late], { env });
		await waiting.shows("settled");
		await printed(["cancel", late, "--reason", "no longer"]);
		expect(await waiting.ended).toMatchObject({
			code: 1,
			stdout: expect.stringMatching(/\ncancelled .* no longer\n$/),
		});
	});

	it("[CLI-13] exit code 1 when --timeout is over", async () => {
		const id = await create("1h");
		const { code, stdout, stderr } = await run(["wait", id, "--timeout", "200ms"]);
		expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
		expect(stderr).toContain(`The timer ${id} is still scheduled after 200 ms.`);
	});

	it("[CLI-14] a terminal shows a bar that fills, and then how it ended", async () => {
		const id = await create("1500ms", "tea");
		const { code, stdout } = await inTerminal(["wait", id], { env });
		expect(code).toBe(0);
		const shares = [...stdout.matchAll(/(\d+)%/g)].map(([, share]) => Number(share));
		expect(shares.length).toBeGreaterThan(5);
		expect(shares).toEqual([...shares].sort((one, other) => one - other));
		expect(shares.at(-1)).toBe(100);
		expect(stdout).toMatch(/tea {2}.*█.*░.* in \d/);
		expect(stdout.split("\r").at(-2)).toContain("settled");
	});
});

describe("logs", () => {
	it("[CLI-15] shows what has happened, oldest first", async () => {
		const id = await create("50ms", "--webhook", DEAD_URL, "--retry", "1");
		await run(["wait", id]);
		const lines = (await printed(["logs", id])).trimEnd().split("\n");
		const types = lines.map((line) => line.split(/ {2,}/)[1]);
		expect(types[0]).toBe("timer.created");
		expect(types.slice(-2)).toEqual(["delivery.dead", "timer.failed"]);
		expect(lines.join()).toContain("outcome=connection_failed");
		const two = (await printed(["logs", id, "--tail", "2", "--json"])).trimEnd().split("\n");
		expect(two.map((line) => JSON.parse(line).type)).toEqual(["delivery.dead", "timer.failed"]);
		const { items } = (await api(`/v1/timers/${id}/events?limit=1`)) as { items: unknown[] };
		expect(JSON.parse(two[1] ?? "")).toEqual(items[0]);
	});

	it("[CLI-15] --follow goes on until the timer has ended, and tells each event once", async () => {
		const id = await create("1h", "followed");
		const following = start(["logs", id, "--follow", "--json"], { env });
		await following.shows("timer.created");
		await printed(["pause", id]);
		await printed(["resume", id]);
		await following.shows("timer.resumed");
		await printed(["reschedule", id, "50ms"]);
		const { code, stdout } = await following.ended;
		const events = stdout
			.trimEnd()
			.split("\n")
			.map((line) => JSON.parse(line));
		expect(code).toBe(0);
		expect(events.map(({ type }) => type)).toEqual([
			"timer.created",
			"timer.paused",
			"timer.resumed",
			"timer.updated",
			"timer.fired",
			"timer.settled",
		]);
		expect((await printed(["logs", id, "--follow", "--json"])).trimEnd()).toBe(stdout.trimEnd());
	});
});
