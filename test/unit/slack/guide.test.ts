/** The tables of the guide to phrases, read as if someone typed each row. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { ScheduleSchema } from "../../../src/contract/schedule.ts";
import { formatDuration } from "../../../src/core/duration.ts";
import { readCommand } from "../../../src/core/slack/command.ts";
import { nextTimes } from "../../../src/core/slack/next-times.ts";
import { renderMisread } from "../../../src/core/slack/render-answer.ts";
import { showLocal } from "../../../src/core/slack/show-time.ts";

const PAGE = resolve(import.meta.dirname, "../../../docs/guides/slack-phrases.md");
const NOW = Date.parse("2026-11-21T19:05:00+01:00");
const asker = { zone: "Europe/Berlin", now: NOW, command: "/ato" };

const rows = [...readFileSync(PAGE, "utf8").matchAll(/^\| `([^`…]+)` \| (.+) \|$/gm)].map(
	([, phrase = "", said = ""]) => [phrase, said] as const,
);

function answer(phrase: string): string {
	const command = readCommand(phrase, asker);
	if (!command.ok) return renderMisread(command.error).text;
	if (command.value.kind !== "create") return command.value.kind;
	const { in: inMs, at, schedule } = command.value.timer;
	if (typeof inMs === "number") return `in ${formatDuration(inMs)}`;
	if (typeof at === "string") return showLocal(Date.parse(at), asker.zone);
	return nextTimes(ScheduleSchema.parse(schedule), NOW, 2)
		.map((time) => showLocal(time.at, asker.zone))
		.join("; ");
}

describe("the guide to phrases", () => {
	it("[SAY-9] has tables of phrases", () => {
		expect(rows.length).toBeGreaterThan(40);
	});

	it.each(rows)("[SAY-9] %s", (phrase, said) => {
		expect(answer(phrase).slice(0, said.length)).toBe(said);
	});
});
