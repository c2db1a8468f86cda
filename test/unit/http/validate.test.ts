import fc from "fast-check";
import { expect, it } from "vitest";
import { TenantCreateSchema } from "../../../src/contract/tenant.ts";
import { TimerCreateSchema } from "../../../src/contract/timer.ts";
import { TimerListQuerySchema } from "../../../src/contract/timer-list.ts";
import { closestName } from "../../../src/http/closest-name.ts";
import { validate } from "../../../src/http/validate.ts";

function messages(value: unknown): readonly string[] {
	const result = validate(TimerCreateSchema, value);
	return result.ok ? [] : result.error.errors.map(({ path, message }) => `${path}: ${message}`);
}

const CASES: readonly (readonly [value: unknown, message: string])[] = [
	[[], ": expected an object, got an empty array"],
	[null, ": expected an object, got null"],
	[{ in: {} }, "in: expected a number or text, got an object"],
	[{ in: true }, "in: expected a number or text, got true"],
	[{ name: 7 }, "name: expected text, got 7"],
	[{ name: "" }, 'name: expected at least 1 character, got ""'],
	[{ priority: 1.5 }, "priority: expected a whole number, got 1.5"],
	[{ priority: 10 }, "priority: expected at most 9, got 10"],
	[{ actions: [] }, "actions: expected at least 1 item, got an empty array"],
	[{ actions: [{ type: "webhook" }] }, "actions.0.url: is missing: expected text"],
	[{ retry: { maxAttempts: 0 } }, "retry.maxAttempts: expected at least 1, got 0"],
	[{ retry: 5 }, "retry: expected an object, got 5"],
	[{ labels: { a: 1 } }, "labels.a: expected text, got 1"],
	[{ metadata: [1] }, "metadata: expected a JSON object, got an array of 1"],
	[{ fidelity: "ful" }, 'fidelity: expected one of "full", "fast", got "ful"'],
	[
		{ events: { on_expire: { webhook: {} } } },
		"events.on_expire.webhook.url: is missing: expected text",
	],
];

it.each(CASES)("[HTTP-6] %j: says what came and what is expected", (value, message) => {
	expect(messages(value)).toEqual([message]);
});

it("[HTTP-6] names what a union of objects misses by the branch that came nearest", () => {
	expect(messages({ retry: { delaysMs: [1], maxAttempts: 3 } })).toEqual([
		"retry.maxAttempts: unknown field",
	]);
});

it("[HTTP-5] names every unknown field and what was probably meant", () => {
	expect(messages({ nmae: "x", action: [], zzz: 1 })).toEqual([
		'nmae: unknown field; did you mean "name"?',
		'action: unknown field; did you mean "actions"?',
		"zzz: unknown field",
	]);
	expect(messages({ actions: [{ type: "webhook", url: "x", hedaers: {} }] })).toEqual([
		'actions.0.hedaers: unknown field; did you mean "headers"?',
	]);
});

it("[HTTP-6] a timer that names only common members is read as any other", () => {
	const common = {
		name: fc.constantFrom("x", "", 7),
		in: fc.constantFrom("1h", 5, true),
		actions: fc.constantFrom([{ type: "webhook", url: "https://a.b" }], [{ type: "webhook" }], {}),
		labels: fc.constantFrom({ a: "b" }, { a: 1 }),
		fidelity: fc.constantFrom("fast", "ful"),
	};
	const timers = fc.record(common, { requiredKeys: [] });
	fc.assert(
		fc.property(timers, (timer) => {
			const alone = validate(TimerCreateSchema, timer);
			// A member that is not common has the whole schema asked.
			const whole = validate(TimerCreateSchema, { ...timer, requestedBy: "me" });
			if (alone.ok && whole.ok) expect(whole.value).toEqual({ ...alone.value, requestedBy: "me" });
			else expect(alone).toEqual(whole);
		}),
	);
});

it("[HTTP-5] names unknown parameters of a query", () => {
	const result = validate(TimerListQuerySchema, { lable: "a:b" });
	expect(result).toMatchObject({
		error: { errors: [{ path: "lable", message: 'unknown field; did you mean "label"?' }] },
	});
});

it("[HTTP-6] keeps the message that a schema brings along, and adds what came", () => {
	expect(validate(TenantCreateSchema, { id: "A" })).toMatchObject({
		error: {
			errors: [{ message: 'expected 1 to 40 of a-z, 0-9 and -, not starting with -, got "A"' }],
		},
	});
});

it("[HTTP-6] shows a long text by its beginning", () => {
	const [message = ""] = messages({ priority: "x".repeat(10_000) });
	expect(message.length).toBeLessThan(120);
	expect(message).toContain("10000 characters");
});

it("[HTTP-5] suggests only what is near", () => {
	const known = ["name", "in", "at", "actions"];
	expect(closestName("nmae", known)).toBe("name");
	expect(closestName("Actions", known)).toBe("actions");
	expect(closestName("on", known)).toBeUndefined();
	expect(closestName("webhook", known)).toBeUndefined();
	expect(closestName("x".repeat(100_000), known)).toBeUndefined();
});
