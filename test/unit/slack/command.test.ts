/** Sub-commands, flags, quotes and defaults of the slash command. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDuration } from "../../../src/core/duration.ts";
import { readCommand } from "../../../src/core/slack/command.ts";

const NOW = Date.parse("2026-11-21T18:05:12Z");
const asker = { zone: "Europe/Berlin", now: NOW, command: "/ato" };

function read(text: string) {
	const command = readCommand(text, asker);
	if (!command.ok) throw new Error(`${command.error.problem} (${command.error.understood})`);
	return command.value;
}

function create(text: string) {
	const command = read(text);
	if (command.kind !== "create") throw new Error(`not a timer: ${command.kind}`);
	return command;
}

function problem(text: string): string {
	const command = readCommand(text, asker);
	if (command.ok) throw new Error(`read as ${command.value.kind}`);
	return command.error.problem;
}

describe("sub-commands", () => {
	it.each([
		["help", { kind: "help" }],
		["HELP me", { kind: "help" }],
		["list", { kind: "list", page: 1 }],
		["list 2", { kind: "list", page: 2 }],
		["list page 3", { kind: "list", page: 3 }],
		["cancel tmr_1", { kind: "cancel", target: "tmr_1" }],
		["cancel my tea", { kind: "cancel", target: "my tea" }],
		["cancel “my tea”", { kind: "cancel", target: "my tea" }],
		["cancel `tmr_1`", { kind: "cancel", target: "tmr_1" }],
		["snooze *tmr_1* 5m", { kind: "snooze", target: "tmr_1", byMs: 300_000 }],
		["done tea", { kind: "done", target: "tea" }],
		["snooze tea", { kind: "snooze", target: "tea", byMs: 600_000 }],
		["snooze my tea 1h30m", { kind: "snooze", target: "my tea", byMs: 5_400_000 }],
		["snooze my tea for 5m", { kind: "snooze", target: "my tea", byMs: 300_000 }],
		["quiet", { kind: "quiet_show" }],
		["quiet off", { kind: "quiet", hours: null }],
		["quiet 22:00-07:00", { kind: "quiet", hours: { fromMinute: 1_320, toMinute: 420 } }],
		["tz Europe/Berlin", { kind: "zone", zone: "Europe/Berlin" }],
		["tz america/new_york", { kind: "zone", zone: "America/New_York" }],
		["tz utc", { kind: "zone", zone: "UTC" }],
		["tz auto", { kind: "zone", zone: null }],
	])("[SAY-10] %s", (text, expected) => {
		expect(read(text)).toEqual(expected);
	});

	it.each([
		["cancel", "/ato cancel stand-up"],
		["done", "/ato done stand-up"],
		["snooze 10m", "/ato snooze stand-up 10m"],
		["list groceries in 5 minutes", "/ato list"],
		["quiet foo", "/ato quiet 22:00-07:00"],
		["quiet 22:00", "/ato quiet 22:00-07:00"],
		["tz nowhere", "/ato tz Europe/Berlin"],
	])("[SAY-10] refuses %s with an example", (text, example) => {
		const command = readCommand(text, asker);
		expect(command).toMatchObject({ ok: false, error: { example } });
	});
});

describe("flags", () => {
	it.each([
		["--duration 15m stand-up", { in: 900_000 }],
		["--duration=15m stand-up", { in: 900_000 }],
		["-d 15m stand-up", { in: 900_000 }],
		["-d “1h 30m” stand-up", { in: 5_400_000 }],
		["stand-up --fire-at 2026-12-24T09:00:00Z", { at: "2026-12-24T09:00:00.000Z" }],
		["-f 2026-12-24T09:00:00+01:00 stand-up", { at: "2026-12-24T08:00:00.000Z" }],
		['--fire-at "tomorrow at 9" stand-up', { at: "2026-11-22T08:00:00.000Z" }],
		["15m --name tea stand-up", { in: 900_000, name: "tea" }],
		["15m -n “my tea” stand-up", { name: "my tea" }],
		["15m --name 'my tea' stand-up", { name: "my tea" }],
		["15m --region eu stand-up", { labels: { region: "eu" } }],
		["15m -r eu --labels {“team”: “ops”} stand-up", { labels: { team: "ops", region: "eu" } }],
		["15m --requester bob stand-up", { requestedBy: "bob" }],
		['15m --metadata \'{"a": [1, {"b": "}"}]}\' stand-up', { metadata: { a: [1, { b: "}" }] } }],
		['15m --action-bundle {"actions": []} stand-up', { actionBundle: { actions: [] } }],
		['15m --agent-binding {"target": "x"} stand-up', { agentBinding: { target: "x" } }],
		[
			'15m --ecosystem {"nextSyncIso": "x"} --nimbus {"policyId": "p"} --clear-seas {} --parserator {} --reposiologist {} --ecosystem-narrative “all well” --ecosystem-next-sync y stand-up',
			{
				metadata: {
					ecosystem: {
						nextSyncIso: "y",
						nimbusGuardian: { policyId: "p" },
						clearSeas: {},
						parserator: {},
						reposiologist: {},
						sharedNarrative: "all well",
					},
				},
			},
		],
	])("[SAY-11] %s", (text, expected) => {
		const command = create(text);
		expect(command.timer).toMatchObject(expected);
		expect(command.timer["metadata"]).toMatchObject({ slack_note: "stand-up" });
		expect(command.text).toBe("stand-up");
	});

	it("[SAY-11] answers in the channel with --public and --in-channel", () => {
		expect(create("15m tea").inChannel).toBe(false);
		expect(create("15m --public tea").inChannel).toBe(true);
		expect(create("15m tea --in-channel").inChannel).toBe(true);
	});

	it.each([
		["15m fix --force", "--force is no flag"],
		["15m tea --name", "--name needs a value"],
		["15m --metadata nope", "--metadata takes a JSON object"],
		["15m --labels [1]", "--labels takes a JSON object"],
		["-d soon tea", "--duration"],
		["--duration 5m --fire-at 2026-12-24T09:00:00Z", "give one of them"],
		["--fire-at 2020-01-01T00:00:00Z", "has passed"],
		["--fire-at tea", "tea"],
	])("[SAY-11] refuses %s", (text, expected) => {
		expect(problem(text)).toContain(expected);
	});

	it("[SAY-12] takes the dashes and quotes of a telephone", () => {
		expect(create("—name “my tea” 15m “hot water”")).toMatchObject({
			timer: { name: "my tea", in: 900_000 },
			text: "hot water",
		});
	});

	it("[SAY-12] takes Slack's escapes, links and mentions for what they stand for", () => {
		const text =
			"15m a &lt;b&gt; &amp;amp; <https://x.org/?a=1&amp;b|x.org> <@U12|bob> <#C1|general> <!here> <!subteam^S1|@ops> <mailto:a@b.org|a@b.org>";
		expect(create(text).text).toBe(
			"a <b> &amp; https://x.org/?a=1&b <@U12> <#C1> @here @ops a@b.org",
		);
	});

	it("[SAY-8] reads no times in quotes, links and mentions", () => {
		expect(create('in 20 minutes "tomorrow at 9"')).toMatchObject({
			timer: { in: 1_200_000 },
			text: "tomorrow at 9",
		});
		expect(create("see <https://x.org/2026-12-24|x> in 20 minutes").timer["in"]).toBe(1_200_000);
		expect(problem("“tomorrow at 9”")).toContain("no time");
	});
});

describe("defaults", () => {
	it("[SAY-13] waits 30 seconds when told nothing, and says so", () => {
		const command = create("");
		expect(command.timer).toEqual({
			name: `slack-${NOW}`,
			requestedBy: "slack:command",
			in: 30_000,
		});
		expect(command.told.join()).toContain("/ato help");
		expect(command.text).toBe("Time is up.");
		expect(create("--name tea")).toMatchObject({ timer: { in: 30_000, name: "tea" }, text: "tea" });
	});

	it("[SAY-13] keeps the words beside what metadata says", () => {
		const { timer } = create('15m --metadata {"a": 1} tea  time');
		expect(timer["metadata"]).toEqual({ a: 1, slack_note: "tea time" });
	});

	it("[SAY-2] takes a duration first and all the rest as the note", () => {
		fc.assert(
			fc.property(
				fc.constantFrom("15m", "1h30m", "2d", "90s", "PT5M", "1h 30m"),
				fc.constantFrom("tea", "tomorrow at 9", "every monday call", "on 03/04", "cancel it"),
				(duration, note) => {
					const ms = parseDuration(duration);
					expect(create(`${duration} ${note}`)).toMatchObject({
						timer: { in: ms.ok ? ms.value : 0 },
						text: note,
					});
				},
			),
		);
	});
});

describe("any text", () => {
	const piece = fc.oneof(
		{
			weight: 3,
			arbitrary: fc.constantFrom(
				...'every each on the first last monday weekday weekdays month of at 9 17:30 noon midnight tomorrow friday in 20 minutes hour half past and , - – to until --name -d {"a": } “ ” " \' <@U1|x> &lt; 03/04 2026-02-30 am pm EST UTC+25 next 31 february end day 5 times 99999999999999'.split(
					" ",
				),
			),
		},
		{ weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 12 }) },
	);
	const text = fc.array(piece, { maxLength: 14 }).map((words) => words.join(" "));

	it("[SAY-7] is a command or is refused with an example", () => {
		fc.assert(
			fc.property(
				text,
				fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Pacific/Apia"),
				fc.date({ min: new Date("2000-01-01"), max: new Date("2100-01-01"), noInvalidDate: true }),
				(words, zone, now) => {
					const command = readCommand(words, { zone, now: now.getTime(), command: "/ato" });
					if (!command.ok) {
						expect(command.error.example).toMatch(/^\/ato /);
						expect(command.error.problem).not.toBe("");
					} else if (command.value.kind === "create" && command.value.timer["at"] !== undefined) {
						expect(Date.parse(String(command.value.timer["at"]))).toBeGreaterThan(now.getTime());
					}
				},
			),
			{ numRuns: 2_000 },
		);
	});

	it.each([
		["spaces", " ".repeat(4_000)],
		["digits", "1".repeat(4_000)],
		["words", "every ".repeat(700)],
		["ordinals", "on the 1st ".repeat(90)],
		["days", "monday and ".repeat(90)],
		["quotes", "“".repeat(4_000)],
		["braces", "{".repeat(4_000)],
		["times", "at 9, ".repeat(160)],
		["dates", "12/12/".repeat(160)],
	])("[SAY-7] ends in time for 4,000 characters of %s", (_, words) => {
		const started = performance.now();
		readCommand(words, asker);
		readCommand(`x ${words}`, asker);
		expect(performance.now() - started).toBeLessThan(1_500);
	});
});
