/** Templates, context and conditions of a timer through the API. */
import { expect, it } from "vitest";
import { newTenant } from "../timers/api.ts";

const webhook = { type: "webhook", url: "https://1.1.1.1/${params.path}" };

it("[TEMPLATE-43] a timer with templates is stored and shown as it was written, its headers sealed", async () => {
	const { call } = await newTenant();
	const action = {
		...webhook,
		headers: { "x-user": "${params.user}" },
		body: { n: "${params.n}" },
	};
	const created = await call("POST", "/v1/timers", { in: "1h", actions: [action] });
	expect(created.status).toBe(201);
	const { body } = await call("GET", `/v1/timers/${created.body.id}`);
	expect(body.actions).toMatchObject([action]);
	const bad = { ...webhook, headers: { "x-user": "${a..b}" } };
	const refused = await call("POST", "/v1/timers", { in: "1h", actions: [bad] });
	expect(refused.status).toBe(422);
	expect(refused.body).toMatchObject({
		code: "validation_failed",
		errors: [
			{ path: "actions.0.headers.x-user", message: expect.stringContaining("the expression a..b") },
		],
	});
});

it("[COND-21] context may be changed and conditions removed while the timer waits", async () => {
	const { call } = await newTenant();
	const conditions = { environment: "production" };
	const created = await call("POST", "/v1/timers", { in: "1h", conditions });
	expect(created.body).toMatchObject({ conditions, context: {} });
	const path = `/v1/timers/${created.body.id}`;
	const context = { environment: "production" };
	const told = await call("PATCH", path, { context });
	expect(told.body).toMatchObject({ conditions, context });
	const freed = await call("PATCH", path, { conditions: null });
	expect(freed.body).toMatchObject({ conditions: null, context });
	expect((await call("GET", path)).body).toMatchObject({ conditions: null, context });
});

it("[COND-22] conditions of another form are 422, naming the field", async () => {
	const { call } = await newTenant();
	for (const [conditions, path] of [
		[[{ lhs: "a", operator: "matches", rhs: 1 }], "conditions.0.operator"],
		["a ==", "conditions"],
		[5, "conditions"],
	] as const) {
		const refused = await call("POST", "/v1/timers", { in: "1h", conditions });
		expect(refused.status).toBe(422);
		expect(refused.body.errors).toMatchObject([{ path }]);
	}
});
