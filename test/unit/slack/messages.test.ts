/** What is said: escaped, within Slack's limits, and of the types of Slack's own package. */
import type { KnownBlock } from "@slack/types";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TimerIdSchema } from "../../../src/contract/ids.ts";
import type { TimerView } from "../../../src/contract/timer.ts";
import { SLACK_BUTTONS } from "../../../src/core/slack/button.ts";
import { SLACK_LIMITS, type SlackMessage } from "../../../src/core/slack/message.ts";
import {
	renderFailure,
	renderHelp,
	renderMisread,
	renderStale,
	renderWorking,
} from "../../../src/core/slack/render-answer.ts";
import { renderFired } from "../../../src/core/slack/render-fired.ts";
import { renderScheduled } from "../../../src/core/slack/render-scheduled.ts";
import { renderQuiet, renderZone } from "../../../src/core/slack/render-settings.ts";
import {
	renderCancelled,
	renderDone,
	renderList,
	renderSnoozed,
} from "../../../src/core/slack/render-timer.ts";
import { decodeSlackText, escapeSlackText } from "../../../src/core/slack/text.ts";
import { TIMER_EXAMPLE } from "../../../src/http/routes/timer-examples.ts";

const NOW = Date.parse("2026-11-21T18:05:12Z");
const ID = TimerIdSchema.parse(`tmr_${"0".repeat(24)}`);
const zone = "Europe/Berlin";
const asker = { zone, now: NOW, command: "/ato" };

function timer(over: Partial<TimerView> = {}): TimerView {
	return {
		...TIMER_EXAMPLE,
		id: ID,
		name: "slack-1",
		createdAt: "2026-11-21T18:05:12.000Z",
		at: "2026-11-22T08:00:00.000Z",
		nextFireAt: "2026-11-22T08:00:00.000Z",
		nominalAt: "2026-11-22T08:00:00.000Z",
		actions: [],
		dependsOn: [],
		labels: {},
		...over,
	};
}

/** Every text that stands in a message, markup and plain. */
function textsOf(value: unknown): readonly string[] {
	if (Array.isArray(value)) return value.flatMap(textsOf);
	if (typeof value !== "object" || value === null) return [];
	return Object.entries(value).flatMap(([name, member]) =>
		name === "text" && typeof member === "string" ? [member] : textsOf(member),
	);
}

function checkLimits({ text, blocks }: SlackMessage): void {
	expect(text.length).toBeLessThanOrEqual(SLACK_LIMITS.messageText);
	expect(text).not.toBe("");
	expect(blocks.length).toBeLessThanOrEqual(SLACK_LIMITS.blocks);
	for (const block of blocks satisfies readonly KnownBlock[]) {
		if (block.type === "section") {
			const shown = block.text?.text ?? "";
			expect(shown.length).toBeGreaterThan(0);
			expect(shown.length).toBeLessThanOrEqual(SLACK_LIMITS.sectionText);
		} else if (block.type === "context") {
			expect(block.elements.length).toBeLessThanOrEqual(10);
			for (const shown of textsOf(block.elements)) {
				expect(shown.length).toBeLessThanOrEqual(SLACK_LIMITS.contextText);
			}
		} else if (block.type === "actions") {
			expect(block.elements.length).toBeLessThanOrEqual(25);
			const ids = new Set<string>();
			for (const element of block.elements) {
				if (element.type !== "button") throw new Error(`not a button: ${element.type}`);
				ids.add(element.action_id ?? "");
				expect(element.action_id?.length).toBeLessThanOrEqual(SLACK_LIMITS.actionId);
				expect(element.value?.length).toBeLessThanOrEqual(SLACK_LIMITS.buttonValue);
				expect(element.text.text.length).toBeLessThanOrEqual(SLACK_LIMITS.buttonText);
			}
			expect(ids.size).toBe(block.elements.length);
		} else {
			throw new Error(`not a block of ours: ${block.type}`);
		}
	}
}

/** Markup that is neither a mention of one nor a date of ours. */
const FOREIGN = /<(?![@#][A-Z0-9]+>|!date\^\d+\^\{date_short_pretty\} at \{time\}\|[^<>]*>)/;

const words = fc.oneof(
	fc.string({ unit: "grapheme", maxLength: 60 }),
	fc.string({ minLength: 2_500, maxLength: 6_000 }),
	fc.constantFrom(
		"<!channel> lunch",
		"<!here|here>",
		"&<>".repeat(2_000),
		"<@U1>".repeat(900),
		"<https://x.org|y>",
		"*_~`",
	),
	fc
		.array(fc.constantFrom("<!channel>", "<", ">", "&lt;", "<@U1>", "\n", "😀", "a"), {
			maxLength: 3_000,
		})
		.map((all) => all.join("")),
);

/** Every message there is, with the same words wherever people's words stand. */
function messagesWith(text: string): readonly SlackMessage[] {
	const target = { timerId: ID, firing: 1, dueAt: NOW };
	const named = timer({ metadata: { slack_note: text }, labels: { region: text } });
	const scheduled = {
		text,
		zone,
		zoneFrom: "stored",
		quietUntil: NOW,
		by: text,
		told: [text, text],
	} as const;
	return [
		renderHelp({ ...asker, command: text }),
		renderMisread({ understood: text, problem: text, example: text }),
		renderMisread({ understood: null, problem: text, example: text }),
		renderFailure(text, text),
		renderWorking(),
		renderStale(text),
		renderScheduled({ ...scheduled, timer: named, buttons: true, forAll: true }, NOW),
		renderScheduled(
			{
				...scheduled,
				timer: timer({ schedule: { cron: "0 9 * * *", timezone: zone } }),
				buttons: false,
			},
			NOW,
		),
		renderList(
			{
				timers: Array.from({ length: 60 }, () => named),
				more: true,
				zone,
				zoneFrom: "utc_unknown",
				page: 2,
			},
			asker,
		),
		renderList({ timers: [], more: false, zone, zoneFrom: "slack" }, asker),
		renderCancelled({ timer: named, outcome: "cancelled", by: text, zone }),
		renderSnoozed({ name: text, timerId: ID, dueAt: NOW, by: text, zone }),
		renderDone({ text, by: text }),
		renderQuiet({ hours: { fromMinute: 1_320, toMinute: 420 }, zone }),
		renderQuiet({ hours: null, zone }),
		renderZone({ zone, zoneFrom: "own" }),
		renderZone({ zone, zoneFrom: "utc_unknown" }),
		renderFired({
			text,
			target,
			recurring: true,
			asker: text,
			heldFrom: NOW,
			insteadOf: text,
			zone,
			buttons: true,
		}),
		renderFired({
			text,
			target,
			recurring: false,
			asker: null,
			heldFrom: null,
			insteadOf: null,
			zone,
			buttons: false,
		}),
	];
}

describe("every message", () => {
	it("[SAY-21] keeps Slack's limits", () => {
		fc.assert(fc.property(words, (text) => messagesWith(text).forEach(checkLimits)));
	});

	it("[SAY-20] holds no markup of what people wrote but mentions", () => {
		fc.assert(
			fc.property(words, (text) => {
				for (const message of messagesWith(text)) {
					for (const shown of [message.text, ...textsOf(message.blocks)]) {
						expect(shown).not.toMatch(FOREIGN);
					}
				}
			}),
		);
	});

	it("[SAY-20] shows text as it was typed", () => {
		fc.assert(
			fc.property(fc.string({ unit: "grapheme" }), (text) => {
				const plain = text.replace(/<[@#!]|<(?:https?|mailto):/g, "");
				expect(decodeSlackText(escapeSlackText(plain))).toBe(plain);
			}),
		);
		expect(escapeSlackText("<!channel> <@U1> a & b")).toBe("&lt;!channel&gt; <@U1> a &amp; b");
	});
});

describe("a confirmation", () => {
	const base = {
		timer: timer(),
		text: "stand-up",
		zone,
		zoneFrom: "slack",
		quietUntil: null,
		by: "U1",
		buttons: true,
	} as const;

	it("[SAY-22] shows the instant in the user's zone", () => {
		const { text, blocks } = renderScheduled(base, NOW);
		expect(text).toBe(
			`Scheduled timer *${ID}* (fires at Sun 22 Nov 2026, 09:00 (Europe/Berlin, UTC+01:00)).\nstand-up`,
		);
		expect(blocks.map(({ type }) => type)).toEqual(["section", "actions"]);
	});

	it("[SAY-22] tells what was assumed, the quiet hours and each reader's own time", () => {
		const message = renderScheduled(
			{
				...base,
				quietUntil: NOW,
				told: ["No time of day was said, so it is 09:00."],
				zoneFrom: "utc_unknown",
				forAll: true,
			},
			NOW,
		);
		expect(textsOf(message.blocks).join("\n")).toContain(
			[
				"No time of day was said, so it is 09:00.",
				"Slack did not tell your time zone, so this is UTC; `tz Europe/Berlin` sets one.",
				"Falls into quiet hours: held until Sat 21 Nov 2026, 19:05:12 (Europe/Berlin, UTC+01:00).",
				"For each reader: <!date^1795334400^{date_short_pretty} at {time}|Sun 22 Nov 2026, 08:00 (UTC)>",
				"Asked for by <@U1>",
			].join("\n"),
		);
	});

	it("[SAY-22] shows the next three times and what DST does to them", () => {
		const recurring = timer({ schedule: { cron: "30 2 * * *", timezone: zone } });
		const now = Date.parse("2026-03-27T12:00:00Z");
		const shown = textsOf(renderScheduled({ ...base, timer: recurring }, now).blocks).join("\n");
		expect(shown).toContain(
			[
				"Next:",
				"• Sat 28 Mar 2026, 02:30 (Europe/Berlin, UTC+01:00)",
				"• Sun 29 Mar 2026, 03:30 (Europe/Berlin, UTC+02:00) – gap: moved forward by 1h",
				"• Mon 30 Mar 2026, 02:30 (Europe/Berlin, UTC+02:00)",
			].join("\n"),
		);
	});

	it("[SAY-22] says which of the next times fall into quiet hours", () => {
		const recurring = timer({ schedule: { cron: "0 9,23 * * *", timezone: zone } });
		const quiet = { fromMinute: 22 * 60, toMinute: 7 * 60 };
		const input = { ...base, timer: recurring, quiet };
		const shown = textsOf(renderScheduled(input, NOW).blocks).join("\n");
		expect(shown).toContain(
			[
				"• Sat 21 Nov 2026, 23:00 (Europe/Berlin, UTC+01:00) – in quiet hours",
				"• Sun 22 Nov 2026, 09:00 (Europe/Berlin, UTC+01:00)",
				"• Sun 22 Nov 2026, 23:00 (Europe/Berlin, UTC+01:00) – in quiet hours",
			].join("\n"),
		);
	});

	it("[SAY-23] does not say that there are none where not all were looked at", () => {
		const asker = { command: "/ato", zone, now: NOW };
		const empty = { timers: [], zone, zoneFrom: "slack" } as const;
		expect(renderList({ ...empty, more: false }, asker).text).toContain("no timers waiting");
		expect(renderList({ ...empty, more: true }, asker).text).toContain("not all");
	});

	it("[SAY-25] of what was not understood says what was", () => {
		const misread = {
			understood: "tomorrow",
			problem: "not “at halb neun”",
			example: "/ato tomorrow at 8:30 stand-up",
		};
		expect(renderMisread(misread).text).toBe(
			"I understood *tomorrow*, but not “at halb neun”. Try `/ato tomorrow at 8:30 stand-up`",
		);
	});
});

describe("lists and firings", () => {
	it("[SAY-23] shows 20 a page, each with its buttons, and how to see more", () => {
		const input = { more: false, zone, zoneFrom: "slack" } as const;
		const timers = Array.from({ length: 21 }, () => timer());
		const { blocks } = renderList({ ...input, timers }, asker);
		expect(blocks.filter(({ type }) => type === "actions")).toHaveLength(20);
		expect(textsOf(blocks).join("\n")).toContain("`/ato list 2`");
		const few = renderList({ ...input, timers: timers.slice(0, 2) }, asker);
		expect(few.text).toBe("2 timers waiting");
		expect(textsOf(few.blocks).join("\n")).not.toContain("/ato list");
		const named = timer({ name: "tea", metadata: { slack_note: "boil water" } });
		const shown = textsOf(renderList({ ...input, timers: [named] }, asker).blocks).join();
		expect(shown).toContain(
			`boil water\nSun 22 Nov 2026, 09:00 (Europe/Berlin, UTC+01:00) · tea · \`${ID}\``,
		);
		expect(renderList({ ...input, timers: [] }, asker).text).toContain("/ato 15m stand-up");
	});

	it("[SAY-24] has buttons to snooze and settle, and to cancel what recurs", () => {
		const target = { timerId: ID, firing: 3, dueAt: NOW };
		const base = {
			text: "tea",
			target,
			asker: "U1",
			heldFrom: null,
			insteadOf: null,
			zone,
			buttons: true,
		};
		const ids = (recurring: boolean) =>
			renderFired({ ...base, recurring }).blocks.flatMap((block) =>
				block.type === "actions"
					? block.elements.map((one) => "action_id" in one && one.action_id)
					: [],
			);
		const { snooze10, snooze60, done, cancel } = SLACK_BUTTONS;
		expect(ids(false)).toEqual([snooze10, snooze60, done]);
		expect(ids(true)).toEqual([snooze10, snooze60, done, cancel]);
		const held = renderFired({ ...base, recurring: false, heldFrom: NOW, insteadOf: "C1" });
		expect(held.text).toBe(":alarm_clock: <@U1> tea");
		expect(textsOf(held.blocks).join("\n")).toContain("in quiet hours\nMeant for <#C1>");
	});
});
