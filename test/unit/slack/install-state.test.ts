/** The state of an installation: who made it, and that nothing of it can be changed. */

import fc from "fast-check";
import { expect, it } from "vitest";
import { mintInstallState, parseInstallState } from "../../../src/core/slack/install-state.ts";
import { fromPlainTemplate, toPlainTemplate } from "../../../src/core/slack/plain-text.ts";
import { scanTemplate } from "../../../src/core/template/scan.ts";

const KEY = new Uint8Array(32).fill(7);
const STATE = {
	tenant: "acme-1",
	expiresAt: 1_700_000_900_000,
	nonce: "0123456789abcdef".repeat(2),
};

it("[SLACK-5] reads a state that it has made, and no other", () => {
	const text = mintInstallState(STATE, KEY);
	expect(parseInstallState(text, KEY)).toEqual(STATE);
	expect(parseInstallState(text, new Uint8Array(32).fill(8))).toBeUndefined();
	expect(parseInstallState(text.replace("acme-1", "acme-2"), KEY)).toBeUndefined();
	expect(parseInstallState(text.replace("17000009", "18000009"), KEY)).toBeUndefined();
	for (const other of ["", "msi_", `${text}0`, text.slice(0, -1), "x".repeat(1_000)]) {
		expect(parseInstallState(other, KEY)).toBeUndefined();
	}
});

it("[SLACK-9] keeps what people type from being a template", () => {
	fc.assert(
		fc.property(
			fc.array(fc.constantFrom("${", "a", "}", "'", "$", "{", "now"), { maxLength: 12 }),
			(parts) => {
				const typed = parts.join("");
				const template = toPlainTemplate(typed);
				const shown = scanTemplate(template).map((part) =>
					"text" in part ? part.text : literalOf(part.expression),
				);
				expect(shown.join("")).toBe(typed);
				expect(fromPlainTemplate(template)).toBe(typed);
			},
		),
	);
});

/** A raw text of JMESPath is the only expression there may be. */
function literalOf(expression: string): string {
	const [, text] = /^'([^']*)'$/.exec(expression) ?? [];
	if (text === undefined) throw new Error(`an expression came through: ${expression}`);
	return text;
}
