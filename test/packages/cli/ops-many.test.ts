/** Many timers at once from a terminal, on a real network: import, export, bulk, cleanup, jobs. */
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createFolder, inTerminal } from "./cli.ts";
import { env, json, printed, run, startBefore } from "./on-network.ts";

startBefore();

async function count(name: string): Promise<number> {
	return (await printed(["list", "--name", name, "--quiet", "--all"])).split("\n").length - 1;
}

const HOUR_MS = 3_600_000;

/** A folder as the founding module leaves it; `names` are of timers that still run. */
async function foundingFolder(names: readonly string[], pid = 0): Promise<string> {
	const folder = join(await createFolder(), "active_timers");
	await mkdir(folder);
	const now = Date.now();
	for (const [at, name] of names.entries()) {
		const id = `timer_${now}_${name.replaceAll("-", "")}${at}`;
		const timer = {
			id,
			name,
			duration: HOUR_MS,
			startTime: now,
			endTime: now + HOUR_MS,
			status: "running",
			pid,
			events: { on_expire: { message: `${name} is over` } },
		};
		await writeFile(join(folder, `${id}.json`), JSON.stringify(timer, null, 2));
		await writeFile(join(folder, `${id}_log.txt`), "started\n");
	}
	const old = { id: "timer_1_old", startTime: 1, endTime: 2, status: "expired" };
	await writeFile(join(folder, "timer_1_old.json"), JSON.stringify(old));
	return folder;
}

describe("import", () => {
	it("[OPS-13] tells line by line what became of it, from stdin, by its format", async () => {
		const crontab = "CRON_TZ=Europe/Berlin\n30 2 * * * backup --all\n@reboot hello\n";
		const dry = await run(["import", "-", "--mailbox", "cron", "--dry-run"], { input: crontab });
		expect([dry.code, dry.stdout]).toEqual([
			1,
			expect.stringMatching(/^1 +line 2 +would create +backup --all\n2 +line 3 +refused +@reboot/m),
		]);
		expect(await count("backup --all")).toBe(0);
		const { code, stdout, stderr } = await run(["import", "-", "--mailbox", "cron"], {
			input: crontab,
		});
		expect([code, stdout]).toEqual([1, expect.stringMatching(/^1 +line 2 +created +tmr_\w+$/m)]);
		expect(stderr).toContain("1 created, 0 there already, 0 skipped, 1 refused.");
		const unsaid = await run(["import", "-"], { input: crontab });
		expect([unsaid.code, unsaid.stderr]).toEqual([1, expect.stringContaining("mailbox")]);
		const file = join(await createFolder(), "team.ics");
		const event = ["BEGIN:VEVENT", "UID:stand-up", "SUMMARY:Stand-up"];
		const when = ["DTSTART;TZID=Europe/Berlin:20300107T093000", "RRULE:FREQ=WEEKLY", "END:VEVENT"];
		const lines = ["BEGIN:VCALENDAR", "VERSION:2.0", ...event, ...when, "END:VCALENDAR"];
		await writeFile(file, lines.join("\r\n"));
		const answer = await json(["import", file]);
		expect(answer).toMatchObject({ created: 1, results: [{ source: "stand-up" }] });
		const missing = await run(["import", join(file, "..", "none.json")]);
		expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining("none.json")]);
		const wrong = await run(["import", "-"], { input: '{"in":"soon"}\n{"in":"1h","nme":"x"}' });
		expect(wrong.stdout).toMatch(/^1 +refused +in: .*\n2 +refused +nme: /m);
	});

	it("[OPS-14] reads a folder of the founding module, and names what it cannot read", async () => {
		const folder = await foundingFolder(["founding-a", "founding-b"], process.pid);
		await writeFile(join(folder, "broken.json"), "{");
		await writeFile(join(folder, "list.json"), "[]");
		const { code, stdout, stderr } = await run(["import", folder]);
		expect(code).toBe(1);
		expect(stdout).toMatch(
			/^3 +timer_1_old\.json timer_1_old +skipped +Its status is "expired"\.$/m,
		);
		expect(stdout).toMatch(/^1 +timer_\d+_foundinga0\.json timer_\w+ +created +tmr_\w+$/m);
		expect(stdout).toMatch(/^4 +broken\.json +refused +not JSON: /m);
		expect(stdout).toMatch(/^5 +list\.json +refused +expected a timer/m);
		expect(stderr).toContain(`kill ${process.pid}`);
		const timer = await json(["list", "--name", "founding-a"]);
		expect(timer).toMatchObject({ status: "scheduled", message: "founding-a is over" });
		expect(Date.parse(timer.nextFireAt) - Date.now()).toBeGreaterThan(HOUR_MS / 2);
		const empty = await run(["import", await createFolder()]);
		expect([empty.code, empty.stderr]).toEqual([2, expect.stringContaining("*.json")]);
	});

	it("[OPS-15] repeated, it creates nothing twice, and --again does", async () => {
		const folder = await foundingFolder(["again-a", "again-b"]);
		const first = await json(["import", folder]);
		expect(first).toMatchObject({ created: 2, existing: 0, skipped: 1 });
		const second = await run(["import", folder]);
		expect(second.stdout).toMatch(/^1 +\S+ \S+ +there already +tmr_/m);
		expect(second.stderr).toContain("0 created, 2 there already, 1 skipped, 0 refused.");
		const ids = (await printed(["import", folder, "--quiet"])).trim().split("\n");
		expect(ids).toEqual(first.results.slice(0, 2).map(({ id }: { id: string }) => id));
		const dry = await json(["import", folder, "--dry-run"]);
		expect(dry).toMatchObject({ created: 0, existing: 2, dryRun: true });
		expect(await count("again-a")).toBe(1);
		expect(await json(["import", folder, "--again"])).toMatchObject({ created: 2, existing: 0 });
		expect(await count("again-a")).toBe(2);
	});

	it("[OPS-16] more than one call takes goes in parts, told as one", async () => {
		const lines = Array.from({ length: 10_001 }, (_, n) =>
			JSON.stringify({ id: `p${n}`, in: "1d", name: "part" }),
		);
		const answer = await json(["import", "-"], { input: lines.join("\n") });
		expect(answer).toMatchObject({ created: 10_001, failed: 0 });
		expect(answer.results).toHaveLength(10_001);
		expect(answer.results.at(-1)).toMatchObject({ index: 10_000, source: "p10000" });
		const list = JSON.stringify({ timers: lines.map((line) => JSON.parse(line)) });
		expect(await json(["import", "-"], { input: list })).toMatchObject({ existing: 10_001 });
		expect(await json(["bulk", "delete", "--name", "part", "--yes", "--wait"])).toMatchObject({
			status: "done",
			matched: 10_001,
		});
	});
});

describe("export", () => {
	it("[OPS-17] what it writes, import takes; the file is its owner's alone", async () => {
		const create = ["create", "1h", "exported", "--webhook", "https://example.com/hook"];
		await printed([...create, "--header", "x-secret=s"]);
		const file = join(await createFolder(), "timers.ndjson");
		const { code, stdout, stderr } = await run(["export", file, "--name", "exported"]);
		expect([code, stdout]).toEqual([0, ""]);
		expect(stderr).toContain(`1 timer written to ${file}`);
		expect((await stat(file)).mode & 0o777).toBe(0o600);
		expect(await readFile(file, "utf8")).toContain('"x-secret":"s"');
		const text = await printed(["export", "--name", "exported"]);
		expect(text).toBe(await readFile(file, "utf8"));
		expect(await json(["import", file])).toMatchObject({ created: 1, failed: 0 });
		expect(await count("exported")).toBe(2);
		const calendar = file.replace(".ndjson", ".ics");
		await printed(["export", calendar, "--name", "exported"]);
		expect(await readFile(calendar, "utf8")).toMatch(/^BEGIN:VCALENDAR\r\n[\s\S]*SUMMARY:exported/);
		expect(await json(["import", calendar, "--dry-run"])).toMatchObject({ failed: 0 });
		const none = await printed(["export", "--name", "nothing is called so"]);
		expect(none).toBe("");
		const answer = await json(["import", "-"], { input: none });
		expect(answer).toMatchObject({ created: 0, failed: 0, results: [] });
		const nowhere = await run(["export", join(file, "below")]);
		expect([nowhere.code, nowhere.stderr]).toEqual([
			1,
			expect.stringContaining("cannot be written"),
		]);
	});
});

describe("bulk and cleanup", () => {
	it("[OPS-18] need to be told which, count, ask, and act", async () => {
		for (const name of ["bulk-a", "bulk-a", "bulk-b"]) await printed(["create", "1h", name]);
		const all = await run(["bulk", "cancel"]);
		expect([all.code, all.stderr]).toEqual([2, expect.stringContaining("--all")]);
		expect((await run(["bulk", "explode", "--all"])).code).toBe(2);
		const bulk = ["bulk", "cancel", "--name", "bulk-a"];
		expect(await printed([...bulk, "--dry-run"])).toBe("cancel would meet 2 timers\n");
		const unasked = await run(bulk);
		expect([unasked.code, unasked.stderr]).toEqual([
			2,
			expect.stringContaining("Cancel 2 timers?"),
		]);
		const declined = await inTerminal(bulk, { env, input: "n" });
		expect([declined.code, declined.stdout]).toEqual([
			1,
			expect.stringContaining("Nothing was done"),
		]);
		expect(await json([...bulk, "--yes", "--reason", "over"])).toMatchObject({ changed: 2 });
		expect((await json(["list", "--name", "bulk-b"])).status).toBe("scheduled");

		const cleanup = ["cleanup", "--older-than", "1ms", "--status", "cancelled"];
		const { matched } = await json([...cleanup, "--dry-run"]);
		expect(matched).toBe(2);
		expect((await run(cleanup)).code).toBe(2);
		expect(await printed([...cleanup, "--yes"])).toBe("delete: 2 of 2 timers\n");
		expect(await json(["cleanup", "--dry-run"])).toMatchObject({ matched: 0 });
		expect((await run(["cleanup", "--status", "running"])).code).toBe(2);
	});

	it("[OPS-18] more than can be done at once is a job, which can be looked at", async () => {
		const lines = Array.from({ length: 5_001 }, () => '{"in":"2h","name":"job"}').join("\n");
		await json(["import", "-", "--again"], { input: lines });
		const started = await run(["bulk", "cancel", "--name", "job", "--yes"]);
		expect(started.stderr).toMatch(/minoots jobs get job_\w+ --wait/);
		const [id = ""] = /job_\w+/.exec(started.stdout) ?? [];
		const done = await json(["jobs", "get", id, "--wait"]);
		expect(done).toMatchObject({ jobId: id, status: "done", matched: 5_001, changed: 5_001 });
		expect(await printed(["jobs", "get", id])).toMatch(/^done +5001 of 5001$/m);
	});
});
