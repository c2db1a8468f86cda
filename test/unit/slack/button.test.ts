/** Values of buttons: read back as they were made, and nothing else is one. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TimerIdSchema } from "../../../src/contract/ids.ts";
import { formatButtonValue, readButton, SLACK_BUTTONS } from "../../../src/core/slack/button.ts";

const ID = TimerIdSchema.parse(`tmr_${"0".repeat(24)}`);

describe("buttons", () => {
	const id = fc.stringMatching(/^[0-9abcdefghjkmnpqrstvwxyz]{24}$/).map((text) => `tmr_${text}`);
	const target = fc.record({
		timerId: id,
		firing: fc.option(fc.integer({ min: 1, max: 1_000_000 })),
		dueAt: fc.integer({ min: 0, max: 253_402_300_799_999 }),
	});

	it("[SAY-30] read back as what they were made of", () => {
		fc.assert(
			fc.property(target, (one) => {
				const value = formatButtonValue(one);
				expect(readButton(SLACK_BUTTONS.cancel, value)).toEqual({ kind: "cancel", target: one });
				expect(readButton(SLACK_BUTTONS.done, value)).toEqual({ kind: "done", target: one });
				expect(readButton(SLACK_BUTTONS.snooze10, value)).toEqual({
					kind: "snooze",
					byMs: 600_000,
					target: one,
				});
				expect(readButton(SLACK_BUTTONS.snooze60, value)).toEqual({
					kind: "snooze",
					byMs: 3_600_000,
					target: one,
				});
				expect(readButton("other_app", value)).toBeNull();
			}),
		);
	});

	it("[SAY-30] are none of ours when damaged", () => {
		fc.assert(
			fc.property(fc.string(), (value) => {
				expect(readButton(SLACK_BUTTONS.cancel, value)).toBeNull();
			}),
		);
		for (const value of [
			undefined,
			"",
			`2:${ID}::1`,
			`1:${ID}::`,
			`1:tmr_x::1`,
			`1:${ID}:-1:1`,
			`1:${ID}::1:`,
		]) {
			expect(readButton(SLACK_BUTTONS.cancel, value)).toBeNull();
		}
	});
});
