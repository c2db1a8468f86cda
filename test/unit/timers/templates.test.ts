/** What a timer with templates, a context and conditions is stored as, and how it is refused. */
import { describe, expect, it } from "vitest";
import { normaliseReplay } from "../../../src/core/normalise-replay.ts";
import { parseTimerDoc } from "../../../src/core/timer-doc.ts";
import { accepted, RULES, readPatch, readTimer, refused } from "./read-timer.ts";

const url = "https://example.com/hook";
const webhook = { type: "webhook", url };

function withAction(action: object, rest: object = {}) {
	return readTimer({ in: "1h", actions: [action], ...rest });
}

describe("templates of a timer", () => {
	it("[TEMPLATE-40] are stored as they were written", () => {
		const action = {
			...webhook,
			url: "https://example.com/${params.path}?d=${now_date}",
			headers: { "x-user": "${params.user}" },
			body: { user: "${params.user}", "${params.user}": ["${now+1h}"] },
		};
		const { stored } = accepted(withAction(action, { message: "for ${params.user}" }));
		expect(parseTimerDoc(stored.doc)).toMatchObject({
			actions: [action],
			message: "for ${params.user}",
		});
	});

	it.each([
		["url", { ...webhook, url: "https://example.com/${a..b}" }, "actions.0.url"],
		["headers", { ...webhook, headers: { "x-a": "${a..b}" } }, "actions.0.headers.x-a"],
		["body", { ...webhook, body: { a: ["${a}", "${a..b}"] } }, "actions.0.body.a.1"],
		["body of text", { ...webhook, body: "${a..b}" }, "actions.0.body"],
		["message", { ...webhook, message: "${a..b}" }, "actions.0.message"],
		["data", { ...webhook, data: { a: "${a..b}" } }, "actions.0.data.a"],
		["command", { type: "agent", mailbox: "m", command: { a: "${a..b}" } }, "actions.0.command.a"],
	])("[TEMPLATE-41] a bad expression is refused where it stands: %s", (_, action, path) => {
		const result = withAction(action);
		expect(refused(result)).toEqual(["validation_failed", path]);
		expect(JSON.stringify(result)).toContain("the expression a..b");
		expect(refused(readPatch({ actions: [action] }))).toEqual(["validation_failed", path]);
	});

	it("[TEMPLATE-41] a bad expression is refused in a message, in founding shapes and in an edit", () => {
		expect(refused(withAction(webhook, { message: "${a..b}" }))).toEqual([
			"validation_failed",
			"message",
		]);
		expect(refused(readPatch({ message: "${a..b}" }))).toEqual(["validation_failed", "message"]);
		const founding = { in: "1h", events: { on_expire: { webhook: `${url}/\${a..b}` } } };
		expect(refused(readTimer(founding))).toEqual([
			"validation_failed",
			"events.on_expire.webhook.url",
		]);
		expect(normaliseReplay({ body: { a: "${a..b}" } }, RULES)).toMatchObject({
			ok: false,
			error: { code: "validation_failed", errors: [{ path: "patch.body.a" }] },
		});
	});

	it.each([
		["https://10.0.0.1/${params.path}", "destination_refused"],
		["https://localhost/${params.path}", "destination_refused"],
		["http://example.com/${params.path}", "destination_refused"],
		["ftp://${params.host}/", "validation_failed"],
		["${params.url}", "validation_failed"],
		["${params.scheme}://example.com/", "validation_failed"],
		["https${params.s}://example.com/", "validation_failed"],
	])("[TEMPLATE-42] what can be known of %s is judged at once", (templated, code) => {
		expect(refused(withAction({ ...webhook, url: templated }))).toEqual([code, "actions.0.url"]);
		expect(normaliseReplay({ url: templated }, RULES)).toMatchObject({ error: { code } });
	});

	it.each([
		"https://${params.host}/hook",
		"https://example.com${params.path}",
		"https://example.com:${params.port}/",
		"https://example.com/${params.path}#${params.part}",
	])("[TEMPLATE-42] %s is left to the firing", (templated) => {
		accepted(withAction({ ...webhook, url: templated }));
		expect(normaliseReplay({ url: templated }, RULES).ok).toBe(true);
	});
});

describe("context and conditions of a timer", () => {
	const conditions = [
		{ lhs: "context.environment", operator: "equals", rhs: "production" },
		"params.tests > 3",
	];

	it("[COND-20] are stored and shown as they were written, and changed whole", () => {
		const context = { environment: "production" };
		const normal = accepted(readTimer({ in: "1h", conditions, context }));
		const doc = parseTimerDoc(normal.stored.doc);
		expect(doc).toEqual({ conditions, context });
		const { change } = accepted(readPatch({ context: { a: 1 }, conditions: null }));
		expect(JSON.parse(change.docPatch ?? "")).toEqual({ context: { a: 1 }, conditions: null });
		expect(refused(readPatch({ conditions: "a ==" }))).toEqual(["validation_failed", "conditions"]);
		expect(refused(readTimer({ in: "1h", conditions: [{ lhs: "a" }] }))).toEqual([
			"validation_failed",
			"conditions.0.operator",
			"conditions.0.rhs",
		]);
	});
});
