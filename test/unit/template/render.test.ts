/** Templates as the founding systems wrote them, and what holds of every text. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonObject, JsonValue } from "../../../src/contract/json.ts";
import { Budget } from "../../../src/core/jmespath/budget.ts";
import { checkTemplates } from "../../../src/core/template/check.ts";
import { TemplateContext } from "../../../src/core/template/context.ts";
import { renderTemplates, renderText } from "../../../src/core/template/render.ts";
import { missingVariables, templateVariables } from "../../../src/core/template/variables.ts";
import {
	FOUNDING_CASES,
	FOUNDING_CONTEXT,
	FOUNDING_FAULTS,
	FOUNDING_NOW,
} from "./founding-cases.ts";

const NOW = Date.parse(FOUNDING_NOW);

function contextOf(roots: JsonObject = FOUNDING_CONTEXT, zone = "UTC", now = NOW) {
	return new TemplateContext(roots, now, zone);
}

function rendered(template: JsonValue, context = contextOf()): JsonValue {
	const value = renderTemplates(template, context);
	if (!value.ok) throw new Error(value.error.message);
	return value.value;
}

describe("templates", () => {
	test.each(FOUNDING_CASES)("[TEMPLATE-10] %j is resolved", (template, value) => {
		expect(rendered(template)).toEqual(value);
	});

	test.each(FOUNDING_FAULTS)(
		"[TEMPLATE-11] %j is refused, naming the expression",
		(template, expression) => {
			expect(renderTemplates(template, contextOf())).toMatchObject({
				ok: false,
				error: { expression, message: expect.stringContaining(expression) },
			});
		},
	);

	test("[TEMPLATE-12] a text stays a text where one is needed", () => {
		expect(renderText("${params.age}", contextOf())).toEqual({ ok: true, value: "30" });
		expect(renderText("${params.items}", contextOf())).toEqual({
			ok: true,
			value: '["apple","banana","cherry"]',
		});
		expect(renderText("${params.name}", contextOf())).toEqual({ ok: true, value: "John" });
	});

	test.each([
		["UTC", "2025-08-08T23:30:00Z", "2025-08-08"],
		["Europe/Berlin", "2025-08-08T23:30:00Z", "2025-08-09"],
		["America/New_York", "2025-08-09T03:30:00Z", "2025-08-08"],
	])("[TEMPLATE-13] now_date is the date in the zone: %s", (zone, at, date) => {
		const context = contextOf({}, zone, Date.parse(at));
		expect(rendered("${now_date}", context)).toBe(date);
		expect(rendered("${now}", context)).toBe(new Date(at).toISOString());
	});

	test("[TEMPLATE-14] text without ${ is left as it is", () => {
		fc.assert(
			fc.property(fc.jsonValue(), (value) => {
				const template = JSON.parse(JSON.stringify(value).replaceAll("${", "$(")) as JsonValue;
				expect(rendered(template)).toEqual(template);
			}),
		);
	});

	test("[TEMPLATE-15] what an expression yields is never taken for a template", () => {
		const text = fc.oneof(
			fc.string(),
			fc.constantFrom("${params.value}", "${now}", "${", "${a..b}", "x ${now+1h} y"),
		);
		fc.assert(
			fc.property(text, text, (value, before) => {
				const context = () => contextOf({ params: { value } });
				expect(rendered("${params.value}", context())).toBe(value);
				const around = before.replaceAll("${", "");
				expect(rendered(`${around} \${params.value}!`, context())).toBe(`${around} ${value}!`);
			}),
		);
	});

	test("[TEMPLATE-16] no text makes resolving or checking it throw, and what is resolved was found good", () => {
		const piece = fc.constantFrom(
			"${",
			"}",
			"params",
			".name",
			"now",
			"+1h",
			"'",
			'"',
			"`",
			"{",
			" ",
			"\\",
			"[0]",
			"@",
		);
		fc.assert(
			fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
				const template = pieces.join("");
				const flaws = checkTemplates(template, "body", new Budget());
				const value = renderTemplates(template, contextOf());
				if (value.ok) expect(flaws).toEqual([]);
			}),
		);
	});

	test("[TEMPLATE-17] what templates make is bounded in size, depth and work", () => {
		const large = contextOf({ params: { large: "x".repeat(600_000) } });
		expect(renderTemplates("${params.large} ${params.large}", large)).toMatchObject({
			ok: false,
			error: { reason: "too_large" },
		});
		const many = Array.from({ length: 3 }, () => "${params.large}");
		expect(renderTemplates(many, large)).toMatchObject({ error: { reason: "too_large" } });
		const deep = `${"[".repeat(33)}"\${params.deep}"${"]".repeat(33)}`;
		const value = JSON.parse(`${"[".repeat(32)}${"]".repeat(32)}`) as JsonValue;
		expect(renderTemplates(JSON.parse(deep), contextOf({ params: { deep: value } }))).toMatchObject(
			{
				error: { reason: "too_large" },
			},
		);
		const work = Array.from({ length: 40_000 }, () => "${params.a.b.c.d}");
		expect(renderTemplates(work, contextOf())).toMatchObject({ error: { reason: "too_costly" } });
		expect(checkTemplates(work, "body", new Budget()).length).toBeGreaterThan(0);
	});

	test("[TEMPLATE-18] a template says which data it reads, and which of it is missing", () => {
		const template = {
			url: "https://example.com/${params.name}/${steps.w.xs[0].p}",
			body: [
				"${params.missing} ${params.name}",
				'${length(params.items[?@ == name]) || steps."not there"}',
				"${now+1h}",
				"${params.nothing}",
				"${event.payload | {rain: rain}}",
			],
		};
		expect(templateVariables(template)).toEqual([
			"event.payload",
			"now",
			"params.items",
			"params.missing",
			"params.name",
			"params.nothing",
			'steps."not there"',
			"steps.w.xs[0].p",
		]);
		expect(missingVariables(template, contextOf())).toEqual([
			"params.missing",
			'steps."not there"',
		]);
	});
});
