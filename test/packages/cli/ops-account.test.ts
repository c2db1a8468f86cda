/** Keys, tenants, events and what else belongs to an account, from a terminal, on a real network. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createFolder, minoots, start } from "./cli.ts";
import { env, json, network, printed, run, startBefore } from "./on-network.ts";

startBefore();

it("[OPS-9] a key is shown once, works for its scopes, and is revoked", async () => {
	const words = [
		"keys",
		"create",
		"ci",
		"--scope",
		"timer.read,timer.write",
		"--scope",
		"agent.pull",
	];
	const created = await json([...words, "--expires", "30d"]);
	expect(created).toMatchObject({
		name: "ci",
		scopes: ["timer.read", "timer.write", "agent.pull"],
		apiKey: expect.stringMatching(/^mnt_dev_/),
	});
	expect(Date.parse(created.expiresAt) - Date.now()).toBeGreaterThan(29 * 86_400_000);
	const key = { MINOOTS_API_KEY: created.apiKey };
	expect(await printed(["list", "--quiet"], { env: key })).toBe("");
	expect((await run(["keys", "list"], { env: key })).code).toBe(1);
	const table = await printed(["keys", "list"]);
	expect(table).toMatch(/ ci +mnt_dev_\w{4}\.\.\. +timer\.read timer\.write agent\.pull/);
	expect(table).not.toContain(created.apiKey);
	const pattern = ["keys", "create", "agent", "--scope", "agent.pull", "--mailbox", "build-*"];
	expect(await printed([...pattern, "--quiet"])).toMatch(/^mnt_dev_\w{40}\n$/);
	const unasked = await run(["keys", "delete", created.id]);
	expect([unasked.code, unasked.stderr]).toEqual([2, expect.stringContaining("--yes")]);
	expect(await printed(["keys", "delete", created.id, "--yes"])).toMatch(`revoked ${created.id}`);
	expect(await printed(["keys", "list", "--quiet"])).not.toContain(created.id);
});

it("[OPS-9] scopes that there are not, or none, are wrong usage", async () => {
	for (const words of [["--scope", "timer.fly"], [], ["--scope", "timer.read", "--expires", "x"]]) {
		const { code, stderr } = await run(["keys", "create", "x", ...words]);
		expect([code, stderr]).toEqual([2, expect.stringMatching(/--(scope|expires): expected/)]);
	}
});

it("[OPS-10] tenants are made with the operator's key, wherever it comes from", async () => {
	const { adminKey, apiKey } = network.dev;
	const refused = await run(["tenants", "create", "one"]);
	expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("operator")]);
	const byEnv = { env: { MINOOTS_ADMIN_KEY: adminKey } };
	const made = await json(["tenants", "create", "one", "--plan", "pro", "--name", "One"], byEnv);
	expect(made).toMatchObject({
		id: "one",
		plan: "pro",
		apiKey: expect.stringMatching(/^mnt_one_/),
	});
	const byFlag = ["--api-key", adminKey];
	const text = await printed(["tenants", "update", "one", "--shards", "2", ...byFlag]);
	expect(text).toMatch(/^shards +2, used from /m);
	expect((await run(["tenants", "update", "one"], byEnv)).code).toBe(2);
	expect((await run(["tenants", "create", "x", "--plan", "gold"], byEnv)).code).toBe(2);
	const key = await printed(
		["keys", "create", "k", "--scope", "timer.read", "--tenant", "one", "-q"],
		byEnv,
	);
	expect(key).toMatch(/^mnt_one_/);
	expect(
		(await printed(["keys", "list", "--tenant", "one", "-q"], byEnv)).split("\n"),
	).toHaveLength(3);

	const cwd = await createFolder();
	await mkdir(join(cwd, ".minoots"));
	await writeFile(join(cwd, ".minoots", "dev.json"), JSON.stringify(network.dev));
	const local = { cwd, env: {} };
	const bare = await minoots(["tenants", "get", "one", "--json"], local);
	expect(JSON.parse(bare.stdout)).toMatchObject({ id: "one", shards: 2 });
	const own = await minoots(["tenants", "get", "dev"], {
		env: { ...env, MINOOTS_API_KEY: apiKey },
	});
	expect(own.stdout).toMatch(/^id +dev\n/);
});

it("[OPS-11] events are followed by type and timer, and gone on with behind a cursor", async () => {
	const all = start(["events", "--follow", "--type", "event.*", "--json", "--verbose"], { env });
	await all.shows("← 200");
	await printed(["events", "publish", "a.one", '{"n":1}']);
	await printed(["events", "publish", "a.two", "-"], { input: "text\n" });
	await all.shows("a.two");
	all.child.kill("SIGINT");
	const { code, stdout } = await all.ended;
	expect(code).toBe(130);
	const events = stdout
		.trimEnd()
		.split("\n")
		.map((line) => JSON.parse(line));
	expect(events.map(({ type, data }) => [type, data.topic, data.payload])).toEqual([
		["event.published", "a.one", { n: 1 }],
		["event.published", "a.two", "text"],
	]);
	const after = ["--after", events[0].cursor, "--limit", "1"];
	const later = await printed(["events", "-f", "--type", "event.published", ...after]);
	expect(later).toMatch(/event\.published +a\.two +topic=a\.two +payload=text\n$/);
	const unfollowed = await run(["events"]);
	expect([unfollowed.code, unfollowed.stderr]).toEqual([2, expect.stringContaining("--follow")]);
	const published = await json(["events", "publish", "a.three"]);
	expect(published).toMatchObject({ topic: "a.three", id: expect.stringMatching(/^evt_/) });
});

it("[OPS-11] only the events of one timer are followed", async () => {
	const [mine, other] = await Promise.all([
		printed(["create", "1h", "mine", "--quiet"]),
		printed(["create", "1h", "other", "--quiet"]),
	]);
	const words = ["events", "--follow", "--timer", mine.trim(), "--limit", "1", "--verbose"];
	const following = start(words, { env });
	await following.shows("← 200");
	await printed(["cancel", other.trim()]);
	await printed(["cancel", mine.trim()]);
	const { code, stdout } = await following.ended;
	expect([code, stdout]).toEqual([
		0,
		expect.stringContaining(`timer.cancelled     ${mine.trim()}`),
	]);
});

it("[OPS-12] usage and lateness say what the API says", async () => {
	expect(await printed(["usage"])).toMatch(/^active timers +\d+ \(no limit\)$/m);
	expect(await json(["usage"])).toMatchObject({
		plan: "enterprise",
		activeTimers: { limit: null },
	});
	await printed(["wait", (await printed(["create", "1ms", "late", "--quiet"])).trim()]);
	await expect
		.poll(() => printed(["lateness", "--hour"]))
		.toMatch(/^HOP +CLASS +COUNT +P50 MS.*\ndue to claimed +medium +\d+/);
	expect((await json(["lateness"])).total.histograms[0].hop).toBe("due_to_claimed");
});

it("[OPS-12] calendars are put from dates or iCalendar, listed, shown, removed", async () => {
	expect(await printed(["calendars", "put", "days", "--date", "2026-12-25"])).toBe(
		"put days, version 1, 1 date\n",
	);
	expect(
		await printed(["calendars", "put", "days", "-"], { input: "2026-12-25\n2026-12-26\n" }),
	).toBe("put days, version 2, 2 dates\n");
	const file = join(await createFolder(), "days.ics");
	const event = ["BEGIN:VEVENT", "UID:1", "DTSTART;VALUE=DATE:20270101", "END:VEVENT"];
	const lines = ["BEGIN:VCALENDAR", "VERSION:2.0", ...event, "END:VCALENDAR"];
	await writeFile(file, lines.join("\r\n"));
	expect(await json(["calendars", "put", "days", file])).toMatchObject({ version: 3, count: 1 });
	expect(await printed(["calendars", "get", "days"])).toMatch(/^dates +2027-01-01$/m);
	expect(await printed(["calendars", "list"])).toMatch(/^days +3 +1 +2027-01-01/m);
	expect((await run(["calendars", "put", "days"])).code).toBe(2);
	expect(await printed(["calendars", "delete", "days"])).toBe("deleted days\n");
	expect(await printed(["calendars", "list", "--quiet"])).toBe("");
});

it("[OPS-12] a template is tried with params and a context", async () => {
	const words = ["templates", "preview", "Hi ${params.name} of ${params.age}, ${event.kind}"];
	const { code, stdout, stderr } = await run([
		...words,
		"--param",
		"name=Ada",
		"--param",
		"age=36",
		"--context",
		'{"event":{}}',
	]);
	expect([code, stdout]).toEqual([0, "Hi Ada of 36, null\n"]);
	expect(stderr).toContain("event.kind");
	expect(
		await json(["templates", "preview", '{"n":"${params.n}"}', "--param", "n=1"]),
	).toMatchObject({
		value: { n: 1 },
		missing: [],
	});
});
