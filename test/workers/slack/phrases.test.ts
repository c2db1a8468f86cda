/** The phrases of the specification in the runtime that serves them: its zones and its parser. */
import { describe, it } from "vitest";
import { PHRASES } from "../../unit/slack/phrase-cases.ts";
import { readCase } from "../../unit/slack/read-case.ts";

describe.each(PHRASES)("$title", ({ zone, now, cases }) => {
	it("[SAY-1] means the same in workerd", ({ expect }) => {
		for (const [phrase, expected] of cases) {
			expect(readCase(phrase, zone, now), phrase).toEqual(expected);
		}
	});
});
