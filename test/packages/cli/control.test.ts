/** Control of timers from a terminal, on a real network, and any call of the API. */
import { describe, expect, it } from "vitest";
import { inTerminal } from "./cli.ts";
import { env, json, run, startBefore } from "./on-network.ts";
import { api, create, printed } from "./timer-calls.ts";

startBefore();

describe("control", () => {
	it("[CLI-16] cancel says what became of it", async () => {
		const id = await create("1h");
		expect(await printed(["cancel", id])).toBe(`cancelled ${id}\n`);
		const ended = await create("10ms");
		await printed(["wait", ended]);
		expect(await printed(["cancel", ended])).toMatch(/^had ended already/);
		expect(await json(["cancel", ended])).toMatchObject({ outcome: "already_fired" });
	});

	it("[CLI-16] reschedule, snooze, pause and resume", async () => {
		const id = await create("1h");
		expect(await printed(["reschedule", id, "2h"])).toMatch(/^rescheduled .*\(in 2h\)/);
		expect(await printed(["reschedule", id, "--extend", "1h"])).toMatch(/\(in 3h\)/);
		expect(await printed(["reschedule", id, "2099-01-01T00:00Z"])).toContain(
			"due 2099-01-01 00:00:00",
		);
		const other = await run(["reschedule", id, "1h", "--if-match", '"1-other"']);
		expect(other).toMatchObject({ code: 1 });
		expect(other.stderr).toContain("Read it with `minoots get`");
		const cron = ["reschedule", id, "--cron", "0 9 * * *", "--tz", "Europe/Berlin"];
		expect((await json(cron)).schedule).toEqual({ cron: "0 9 * * *", timezone: "Europe/Berlin" });
		await printed(["reschedule", id, "1h"]);
		expect(await printed(["snooze", id, "15m"])).toMatch(/^snoozed .*\(in 1h 1[45]m\)/);
		const until = await json(["snooze", id, "2099-01-01T00:00Z"]);
		expect(until.nextFireAt).toBe("2099-01-01T00:00:00.000Z");
		expect(await printed(["pause", id, "--note", "moving"])).toBe(`paused ${id}\n`);
		expect(await printed(["get", id])).toMatch(/paused .*: moving/);
		expect(await printed(["resume", id])).toMatch(/^resumed /);
	});

	it("[CLI-16] run-now, replay, firings, deliveries and ack", async () => {
		const id = await create("1h", "--mailbox", "cli-runs", "--params", "a=1");
		expect(await printed(["run-now", id, "--params", "a=2"])).toMatch(/^firing 2 of /);
		expect(await printed(["firings", id])).toMatch(/^FIRING +STATUS.*\n2 +firing/);
		expect(await printed(["deliveries", id])).toMatch(/dlv_\w+ +2 .*mailbox cli-runs/);
		expect(await json(["deliveries", id])).toMatchObject({ timerId: id, firing: 2 });
		const done = await create("10ms");
		await printed(["wait", done]);
		expect(await printed(["replay", done, "--firing", "1"])).toMatch(/^firing 2 repeats 1 of /);
		expect((await printed(["firings", done, "--json"])).trimEnd().split("\n")).toHaveLength(2);
		expect(await printed(["ack", done, "--note", "seen"])).toMatch(/^acknowledged /);
		expect(await json(["get", done])).toMatchObject({ acknowledgeNote: "seen" });
	});

	it("[CLI-17] delete asks on a terminal, and is refused where nobody can be asked", async () => {
		const id = await create("1h");
		expect(await run(["delete", id])).toMatchObject({ code: 2, stdout: "" });
		const no = await inTerminal(["delete", id], { env, input: "n" });
		expect(no.code).toBe(1);
		expect(no.stdout).toContain(`Delete the timer ${id} with all history?`);
		expect(await api(`/v1/timers/${id}`)).toMatchObject({ id });
		const yes = await inTerminal(["delete", id], { env, input: "y" });
		expect(yes.code).toBe(0);
		expect(yes.stdout).toContain(`deleted ${id} with 0 deliveries and`);
		expect(await api(`/v1/timers/${id}`)).toMatchObject({ status: 404 });
		const [one, two] = [await create("1h"), await create("1h")];
		const both = await printed(["delete", "--yes", "-"], { input: `${one} ${two}` });
		expect(both.trimEnd().split("\n")).toHaveLength(2);
	});

	it("[CLI-18] preview shows when a schedule fires, on its own clock and around DST", async () => {
		const words = [
			"preview",
			"30 2 * * *",
			"--tz",
			"Europe/Berlin",
			"--from",
			"2027-03-27",
			"--count",
			"3",
		];
		const lines = (await printed(words)).trimEnd().split("\n");
		expect(lines[0]).toMatch(/^EUROPE\/BERLIN +INSTANT/);
		expect(lines[2]).toMatch(
			/^2027-03-28 03:30:00 \+02:00 +2027-03-28T01:30:00\.000Z .*moved forward by 1h/,
		);
		expect(lines).toHaveLength(4);
		expect(await json(words)).toMatchObject({
			occurrences: [{}, { note: expect.any(String) }, {}],
		});
		const kinds = ["FREQ=MONTHLY;BYDAY=-1FR", "90m", "PT90M", "0 9 * * MON-FRI", "@daily"];
		for (const kind of kinds) {
			expect((await json(["preview", kind, "--count", "2"])).occurrences, kind).toHaveLength(2);
		}
	});
});

describe("api", () => {
	it("[CLI-19] makes any call, its body a word or stdin", async () => {
		const words = ["api", "post", "/v1/timers", '{"in":"1h","name":"by api"}'];
		const { id } = JSON.parse(await printed(words));
		expect(JSON.parse(await printed(["api", "GET", `/v1/timers/${id}`]))).toMatchObject({
			name: "by api",
		});
		const body = { input: '{"in":"1h"}\n{"in":"2h"}' };
		const batch = [
			"api",
			"POST",
			"/v1/timers/batch",
			"-",
			"--content-type",
			"application/x-ndjson",
		];
		expect(JSON.parse(await printed(batch, body))).toMatchObject({ created: 2 });
		const keyed = ["api", "POST", "/v1/timers", '{"in":"1h"}', "--header", "Idempotency-Key=cli-1"];
		expect(await printed(keyed)).toBe(await printed(keyed));
		expect(await run(["api", "GET", "/v1/nothing"])).toMatchObject({ code: 1, stdout: "" });
		expect((await inTerminal(["api", "GET", "/v1/key"], { env })).stdout).toContain(
			'{\r\n  "kind"',
		);
	});
});
