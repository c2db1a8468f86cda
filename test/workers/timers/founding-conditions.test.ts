/** The founding table of pipelines (C3) as far as timers have it: its conditions and its values. */
import { expect, it } from "vitest";
import { call, newTenant } from "../http/client.ts";

const DATA = {
	params: { enabled: true, disabled: false, threshold: 20 },
	context: {
		weather: { temp: 25, summary: "Sunny" },
		calendar: { events: ["stand-up", "review"] },
		environment: "production",
		tests_passed: true,
	},
};

it.each([
	["params.enabled", "settled"],
	["${params.enabled}", "settled"],
	["params.disabled", "skipped"],
	["params.missing", "skipped"],
	["context.weather.temp > params.threshold", "settled"],
	["context.weather.temp > 20", "settled"],
	["context.weather.temp > `30`", "skipped"],
	["length(context.calendar.events) > `1`", "settled"],
	["length(context.missing.events) > `0`", "skipped"],
	["context.weather.summary == `Sunny`", "settled"],
	[{ environment: "production", tests_passed: true }, "settled"],
	[{ environment: "production", tests_passed: false }, "skipped"],
	[[{ lhs: "context.weather.temp", operator: "gte", rhs: 25 }], "settled"],
	[[{ lhs: "metadata.owner", operator: "exists" }], "skipped"],
] as const)("[COND-40] a timer whose condition is %j ends %s", async (conditions, status) => {
	const { key } = await newTenant();
	const created = await call("/v1/timers", { key, body: { in: "1h", conditions, ...DATA } });
	expect(created.status).toBe(201);
	const moved = await call("/v1/dev/clock", { key, body: { advance: "61m" } });
	expect(moved, JSON.stringify(moved.body)).toMatchObject({ status: 200, body: { reached: true } });
	const { body } = await call(`/v1/timers/${created.body.id}`, { key });
	expect(body.status).toBe(status);
	const events = await call(`/v1/timers/${created.body.id}/events`, { key });
	const skips = events.body.items.filter((one: { type: string }) => one.type === "timer.skipped");
	expect(skips.map((one: { data: { reason: string } }) => one.data.reason)).toEqual(
		status === "skipped" ? ["conditions_not_met"] : [],
	);
});

it("[COND-41] a condition that cannot be read is refused, and the expression named", async () => {
	const { key } = await newTenant();
	const refused = await call("/v1/timers", {
		key,
		body: { in: "1h", conditions: "invalid..expression" },
	});
	expect(refused.status).toBe(422);
	expect(refused.body.errors).toMatchObject([
		{ path: "conditions", message: expect.stringContaining("invalid..expression") },
	]);
});

it.each([
	[
		{ a: "${params.x}", b: "${params.y}" },
		{ a: 10, b: 5 },
	],
	["Result: ${steps.sum.result}", "Result: 15"],
	["Weather: ${steps.weather.summary} (${steps.weather.temp}°C)", "Weather: Sunny (22°C)"],
	["You have ${length(steps.calendar.events)} events today", "You have 2 events today"],
])("[COND-42] the values that steps are given: %j", async (template, value) => {
	const { key } = await newTenant();
	const steps = {
		sum: { result: 15 },
		weather: { summary: "Sunny", temp: 22 },
		calendar: { events: [1, 2] },
	};
	const context = { params: { x: 10, y: 5 }, steps };
	const { body } = await call("/v1/templates/preview", { key, body: { template, context } });
	expect(body.value).toEqual(value);
});
