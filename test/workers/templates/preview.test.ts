/** `POST /v1/templates/preview`: the founding systems' cases through HTTP. */
import { describe, expect, it } from "vitest";
import { TemplatePreviewAnswerSchema } from "../../../src/contract/template.ts";
import {
	FOUNDING_CASES,
	FOUNDING_CONTEXT,
	FOUNDING_FAULTS,
	FOUNDING_NOW,
} from "../../unit/template/founding-cases.ts";
import { newTenant } from "../timers/api.ts";

const PATH = "/v1/templates/preview";

describe("trying a template", () => {
	it("[TEMPLATE-30] answers what it resolves to", async () => {
		const { call } = await newTenant();
		const context = { ...FOUNDING_CONTEXT, now: FOUNDING_NOW };
		for (const [template, value] of FOUNDING_CASES) {
			const { status, body } = await call("POST", PATH, { template, context });
			expect(status, JSON.stringify(body)).toBe(200);
			expect(body.value, JSON.stringify(template)).toEqual(value);
			expect(TemplatePreviewAnswerSchema.parse(body)).toEqual(body);
		}
	});

	it("[TEMPLATE-31] refuses a bad expression by its name and field", async () => {
		const { call } = await newTenant();
		const context = { ...FOUNDING_CONTEXT, now: FOUNDING_NOW };
		for (const [template, expression] of FOUNDING_FAULTS) {
			const { status, body } = await call("POST", PATH, { template, context });
			expect(status).toBe(422);
			expect(body).toMatchObject({
				code: "validation_failed",
				errors: [
					{
						path: expect.stringMatching(/^template/),
						message: expect.stringContaining(expression),
					},
				],
			});
		}
	});

	it("[TEMPLATE-32] tells which data a template reads, and which of it the context has not", async () => {
		const { call } = await newTenant();
		const { body } = await call("POST", PATH, {
			template: { to: "${params.name}", items: ["${params.missing}", "${params.nothing}"] },
			context: FOUNDING_CONTEXT,
		});
		expect(body).toEqual({
			value: { to: "John", items: [null, null] },
			variables: ["params.missing", "params.name", "params.nothing"],
			missing: ["params.missing"],
		});
	});

	it("[TEMPLATE-33] takes now and the time zone from the context, and refuses what are none", async () => {
		const { call } = await newTenant();
		const template = "${now_date} ${now}";
		const inBerlin = { now: "2025-08-08T23:30:00Z", timezone: "Europe/Berlin" };
		const { body } = await call("POST", PATH, { template, context: inBerlin });
		expect(body.value).toBe("2025-08-09 2025-08-08T23:30:00.000Z");
		for (const [name, value] of [
			["now", "tomorrow"],
			["now", true],
			["timezone", "Europe/Nowhere"],
		] as const) {
			const refused = await call("POST", PATH, { template, context: { [name]: value } });
			expect(refused.status).toBe(422);
			expect(refused.body.errors[0].path).toBe(`context.${name}`);
		}
		const arrival = await call("POST", PATH, { template: "${now}" });
		expect(Math.abs(Date.parse(arrival.body.value) - Date.now())).toBeLessThan(60_000);
	});

	it("[TEMPLATE-34] stores nothing: an Idempotency-Key is ignored", async () => {
		const { call } = await newTenant();
		const headers = { "idempotency-key": "k" };
		expect((await call("POST", PATH, { template: "a" }, headers)).body.value).toBe("a");
		expect((await call("POST", PATH, { template: "b" }, headers)).body.value).toBe("b");
	});
});
