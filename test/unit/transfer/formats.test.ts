/** The formats of others: the founding system's files, crontabs, calendars; and the order of chains. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { inOrder, withIds, withoutEdges } from "../../../src/core/import/dependency-order.ts";
import type { ImportOptions, TimerLine } from "../../../src/core/import/import-line.ts";
import { readImport } from "../../../src/core/import/read-import.ts";
import { TemplateContext } from "../../../src/core/template/context.ts";
import { renderTemplates } from "../../../src/core/template/render.ts";
import { accepted, NOW, readTimer } from "../timers/read-timer.ts";

const OPTIONS: ImportOptions = {
	now: NOW,
	url: undefined,
	mailbox: undefined,
	timezone: undefined,
};
const LATER = NOW + 90_000;

function lines(format: "json" | "ical" | "crontab", text: string, options = {}) {
	const read = readImport(format, text, { ...OPTIONS, ...options });
	if (!read.ok) throw new Error(read.error);
	return read.value;
}

function bodies(format: "json" | "ical" | "crontab", text: string, options = {}) {
	return lines(format, text, options).map((line) => (line.kind === "timer" ? line.body : line));
}

const FOUNDING = {
	id: "timer_1764500000000_k3j9x2ab1",
	name: "coffee_break",
	duration: 90_000,
	startTime: NOW,
	endTime: LATER,
	status: "running",
	pid: 4711,
	scenario: "demo",
	metadata: { a: 1 },
	events: { on_expire: { webhook: "https://example.com/x", message: "done" } },
};

it("[PORT-10] a running timer of the founding system goes on, keeping what has no field here", () => {
	const [body] = bodies("json", JSON.stringify(FOUNDING));
	expect(body).toEqual({
		name: "coffee_break",
		at: new Date(LATER).toISOString(),
		events: FOUNDING.events,
		metadata: {
			a: 1,
			founding: {
				id: FOUNDING.id,
				startTime: NOW,
				endTime: LATER,
				pid: 4711,
				scenario: "demo",
			},
		},
	});
	const { doc, dueAt } = accepted(readTimer(body));
	expect([dueAt, doc.message]).toEqual([LATER, "done"]);
	expect(doc.actions).toEqual([{ type: "webhook", url: "https://example.com/x" }]);
});

it("[PORT-10] its times are numbers or text, and may be left to a start and a duration", () => {
	const at = (timer: object) => bodies("json", JSON.stringify({ ...timer }))[0];
	const { endTime: _, ...open } = FOUNDING;
	expect(at({ ...FOUNDING, endTime: new Date(LATER).toISOString() })).toMatchObject({
		at: new Date(LATER).toISOString(),
	});
	expect(at({ ...open, duration: "90s" })).toMatchObject({ at: new Date(LATER).toISOString() });
	expect(at({ id: "timer_1_a", duration: "90s" })).toMatchObject({ in: "90s" });
	expect(at({ ...FOUNDING, endTime: "soon" })).toMatchObject({
		kind: "refused",
		message: /^endTime: expected an instant, got "soon"/,
	});
	expect(at({ ...open, duration: "soon" })).toMatchObject({ message: /^duration: / });
});

it("[PORT-10] one that has ended, or whose time has passed, is skipped with the reason", () => {
	for (const status of ["expired", "cancelled", "error"]) {
		expect(lines("json", JSON.stringify({ ...FOUNDING, status }))).toEqual([
			{ kind: "skipped", source: FOUNDING.id, reason: `Its status is "${status}".` },
		]);
	}
	expect(lines("json", JSON.stringify({ ...FOUNDING, endTime: NOW }))).toEqual([
		{
			kind: "skipped",
			source: FOUNDING.id,
			reason: "It was due at 2026-11-21T10:00:00.000Z, which has passed.",
		},
	]);
});

it("[PORT-10] a file as the founding module wrote it is read: who made it, and that it did nothing", () => {
	const [body] = bodies("json", JSON.stringify({ ...FOUNDING, agentId: "claude_1", events: {} }));
	expect(body).toMatchObject({ agent_id: "claude_1" });
	expect(body).not.toHaveProperty("events");
	expect(accepted(readTimer(body)).doc).not.toHaveProperty("actions");
	const [nobodys] = bodies("json", JSON.stringify({ ...FOUNDING, agentId: "unknown_agent" }));
	expect(nobodys).not.toHaveProperty("agent_id");
});

it("[PORT-10] its command or file goes to a mailbox where one is named", () => {
	const on_expire = {
		command: { command: "make" },
		webhook: "https://example.com/x",
		message: "m",
	};
	const timer = JSON.stringify({ ...FOUNDING, events: { on_expire } });
	expect(bodies("json", timer)[0]).toMatchObject({ events: { on_expire } });
	const [body] = bodies("json", timer, { mailbox: "build" });
	expect(body).toMatchObject({
		message: "m",
		actions: [
			{ type: "webhook", url: "https://example.com/x" },
			{ type: "agent", mailbox: "build", command: { command: { command: "make" } } },
		],
	});
	expect(accepted(readTimer(body)).doc.actions).toHaveLength(2);
});

it("[PORT-4] JSON may be one timer, a list, an object with a list, or a timer a line", () => {
	const one = '{"in":"1h","name":"a"}';
	const both = ["a", "b"].map((name) => ({ in: "1h", name }));
	expect(bodies("json", one)).toEqual([both[0]]);
	expect(bodies("json", JSON.stringify(both))).toEqual(both);
	expect(bodies("json", JSON.stringify({ timers: both }))).toEqual(both);
	const text = `${one}\r\n\n{"in":\n7\n${JSON.stringify(FOUNDING)}`;
	expect(lines("json", text).map(({ kind }) => kind)).toEqual([
		"timer",
		"refused",
		"refused",
		"timer",
	]);
	expect(readImport("json", "  ", OPTIONS).ok).toBe(false);
});

const CRONTAB = `# backups
SHELL=/bin/bash
MAILTO=""
30 2 * * *	/usr/bin/backup --all
CRON_TZ=Europe/Berlin
@daily report
@reboot start
* * * *
0 9 1-5 * mon-fri mail -s "100\\% done" ops%Dear ops,%all is well
`;

it("[PORT-11] a crontab's lines become schedules, its commands the work of whoever is named", () => {
	const url = "https://example.com/run";
	const [backup, report, reboot, short, mail] = lines("crontab", CRONTAB, { url });
	const environment = { SHELL: "/bin/bash", MAILTO: "" };
	expect(backup).toEqual({
		kind: "timer",
		source: "line 4",
		body: {
			name: "/usr/bin/backup --all",
			schedule: { cron: "30 2 * * *" },
			actions: [{ type: "webhook", url, body: { command: "/usr/bin/backup --all", environment } }],
			metadata: { crontab: "30 2 * * *	/usr/bin/backup --all" },
		},
	});
	expect(report).toMatchObject({
		body: { schedule: { cron: "@daily", timezone: "Europe/Berlin" } },
	});
	expect(reboot).toMatchObject({
		kind: "refused",
		source: "line 7",
		message: /^@reboot names no time/,
	});
	expect(short).toMatchObject({ kind: "refused", message: /five fields/ });
	expect(mail).toMatchObject({
		body: {
			actions: [{ body: { command: 'mail -s "100% done" ops', stdin: "Dear ops,\nall is well" } }],
		},
	});
	for (const line of [backup, report, mail]) {
		accepted(readTimer(line?.kind === "timer" ? line.body : undefined));
	}
});

it("[PORT-11] with a mailbox, commands are messages; the call's zone holds until the file names one", () => {
	const [, , , , mail] = lines("crontab", CRONTAB, { mailbox: "cron" });
	expect(mail).toMatchObject({ body: { actions: [{ type: "agent", mailbox: "cron" }] } });
	const [first] = bodies("crontab", CRONTAB, { mailbox: "cron", timezone: "Asia/Tokyo" });
	expect(first).toMatchObject({ schedule: { timezone: "Asia/Tokyo" } });
});

function ical(...events: readonly string[]): string {
	const all = events.map((event) => `BEGIN:VEVENT\n${event}\nEND:VEVENT\n`).join("");
	return `BEGIN:VCALENDAR\n${all}END:VCALENDAR\n`.replaceAll("\n", "\r\n");
}

it("[PORT-12] an event is due when it starts, and recurs by its rule, in its zone", () => {
	const url = "https://example.com/run";
	const utc = "UID:a\nSUMMARY:Stand-up\nDESCRIPTION:All of us\nDTSTART:20261224T090000Z";
	const zoned = "UID:b\nDTSTART;TZID=Europe/Berlin:20261224T090000";
	const rule = `${zoned}\nRRULE:FREQ=WEEKLY;BYDAY=MO,TH\nEXDATE;TZID=Europe/Berlin:20261228T090000`;
	const day = "UID:c\nDTSTART;VALUE=DATE:20261224";
	const read = bodies("ical", ical(utc, zoned, rule, day), { url, timezone: "Asia/Tokyo" });
	expect(read[0]).toEqual({
		name: "Stand-up",
		message: "All of us",
		at: "2026-12-24T09:00:00Z",
		actions: [
			{ type: "webhook", url, body: { uid: "a", summary: "Stand-up", description: "All of us" } },
		],
		metadata: { ical: { uid: "a", summary: "Stand-up", description: "All of us" } },
	});
	const dues = read.map((body) => new Date(accepted(readTimer(body)).dueAt).toISOString());
	expect(dues).toEqual([
		"2026-12-24T09:00:00.000Z",
		"2026-12-24T08:00:00.000Z",
		"2026-12-24T08:00:00.000Z",
		"2026-12-23T15:00:00.000Z",
	]);
	const { doc } = accepted(readTimer(read[2]));
	expect(doc.schedule).toMatchObject({
		rrule: "FREQ=WEEKLY;BYDAY=MO,TH",
		timezone: "Europe/Berlin",
		exdate: [Date.UTC(2026, 11, 28, 8)],
	});
});

it("[PORT-12] a rule may count from a day, from UTC, and may add dates", () => {
	const texts = [
		"DTSTART;VALUE=DATE:20261224\nRRULE:FREQ=YEARLY;COUNT=3",
		"DTSTART:20261224T090000Z\nRRULE:FREQ=DAILY;UNTIL=20261226T090000Z",
		"DTSTART:20261224T090000\nRDATE:20261231T090000,20270101T090000",
	];
	const read = bodies("ical", ical(...texts), { timezone: "Asia/Tokyo" });
	const dues = read.map((body) => new Date(accepted(readTimer(body)).dueAt).toISOString());
	expect(dues).toEqual([
		"2026-12-23T15:00:00.000Z",
		"2026-12-24T09:00:00.000Z",
		"2026-12-24T00:00:00.000Z",
	]);
});

it("[PORT-12] events that cannot be timers say why", () => {
	const texts = [
		"UID:a\nSTATUS:CANCELLED\nDTSTART:20261224T090000Z",
		"UID:b\nRECURRENCE-ID:20261224T090000Z\nDTSTART:20261224T100000Z",
		"UID:c\nSUMMARY:x",
		"UID:d\nX-MINOOTS-TIMER;ENCODING=BASE64;VALUE=BINARY:e30",
		"UID:e\nX-MINOOTS-TIMER;ENCODING=BASE64;VALUE=BINARY:bm8=",
	];
	expect(lines("ical", ical(...texts)).map(({ kind, source }) => [kind, source])).toEqual([
		["skipped", "a"],
		["refused", "b"],
		["refused", "c"],
		["timer", null],
		["refused", "e"],
	]);
	expect(readImport("ical", "hello", OPTIONS)).toMatchObject({ ok: false, error: /iCalendar/ });
});

function chained(source: string, body: object): { readonly line: TimerLine } {
	return { line: { kind: "timer", source, body: { ...body } } };
}

it("[PORT-5] timers that wait for others of the file come after them, under their new ids", () => {
	const c = chained("c", { dependsOn: ["b", { timer: "a", on: "always" }] });
	const [b, a, x] = [chained("b", { depends_on: ["a"] }), chained("a", {}), chained("x", {})];
	expect(inOrder([c, b, x, a])).toEqual([[x, a], [b], [c]]);
	const ids = new Map([
		["a", "A"],
		["b", "B"],
	]);
	expect(withIds(c.line.body, ids)).toEqual({ dependsOn: ["B", { timer: "A", on: "always" }] });
	expect(withIds({ dependencies: ["other"] }, ids)).toEqual({ dependencies: ["other"] });
	expect(withoutEdges(c.line.body, new Set(["a"]))).toEqual({ dependsOn: ["b"] });
	expect(withoutEdges(c.line.body, new Set(["a", "b"]))).toEqual({ in: 1 });
	expect(withoutEdges({ at: "x", ...c.line.body }, new Set(["a", "b"]))).toEqual({ at: "x" });
	const [y, z] = [chained("y", { dependsOn: ["z"] }), chained("z", { dependsOn: ["y"] })];
	expect(inOrder([y, z, a])).toEqual([[a], [y, z]]);
	const long = Array.from({ length: 300 }, (_, n) =>
		chained(`${n}`, n === 299 ? {} : { dependsOn: [`${n + 1}`] }),
	);
	expect(inOrder(long)).toHaveLength(101);
});

it("[PORT-4] whatever text comes, each line of it is told, and nothing is thrown", () => {
	const pieces = fc.constantFrom(
		"BEGIN:VCALENDAR\r\n",
		"BEGIN:VEVENT\r\n",
		"END:VEVENT\r\n",
		"END:VCALENDAR\r\n",
		"DTSTART:20300101T000000Z\r\n",
		"DTSTART;VALUE=DATE:20301301\r\n",
		"RRULE:FREQ=DAILY;COUNT=x\r\n",
		"X-MINOOTS-TIMER;VALUE=BINARY:e30=\r\n",
		"* * * * * a%b\n",
		"A=b\n",
		'{"id":"timer_1","endTime":{}}\n',
		'{"startTime":9007199254740991,"duration":9000000000000000}\n',
		'{"endTime":-9007199254740991}\n',
		'{"status":"paused","dependsOn":[1,{}]}\n',
		"[[]]",
		"[",
	);
	const text = fc.array(fc.oneof(pieces, fc.string({ maxLength: 12 }))).map((all) => all.join(""));
	fc.assert(
		fc.property(text, fc.constantFrom("json", "ical", "crontab"), (input, format) => {
			const read = readImport(format, input, { ...OPTIONS, url: "https://example.com/" });
			for (const line of read.ok ? read.value : []) {
				expect(["timer", "skipped", "refused"]).toContain(line.kind);
				if (line.kind === "timer") withIds(line.body, new Map());
			}
		}),
		{ numRuns: 1_000 },
	);
});

/** What the receivers of a line's actions get. */
function resolved(body: unknown) {
	return (accepted(readTimer(body)).doc.actions ?? []).map((action) => {
		const work = "command" in action ? action.command : "body" in action ? action.body : null;
		const rendered = renderTemplates(work ?? null, new TemplateContext({}, NOW, "UTC"));
		return rendered.ok ? rendered.value : rendered.error;
	});
}

it("[PORT-14] what other systems wrote stays as it was, also where it looks like a template", () => {
	const line = "0 4 * * * backup ${HOME}/db ${LEVEL:-1}%for ${USER}";
	const [crontab] = bodies("crontab", line, { url: "https://example.com/cron" });
	expect(resolved(crontab)).toEqual([
		{ command: "backup ${HOME}/db ${LEVEL:-1}", stdin: "for ${USER}" },
	]);
	const on_expire = {
		command: "make ${TARGET}",
		file_write: { file: "log", content: "${timestamp} ${TARGET}" },
	};
	const timer = JSON.stringify({ ...FOUNDING, events: { on_expire } });
	const [founding] = bodies("json", timer, { mailbox: "build" });
	expect(resolved(founding)).toEqual([
		{
			command: "make ${TARGET}",
			file_write: { file: "log", content: `${new Date(NOW).toISOString()} ${"${TARGET}"}` },
		},
	]);
});
