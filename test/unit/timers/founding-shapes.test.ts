/** The founding systems' ways of writing a timer, as their readers and samples have them. */
import { expect, it } from "vitest";
import { LIMITS } from "../../../src/contract/limits.ts";
import { accepted, NOW, readTimer, refused } from "./read-timer.ts";

const url = "https://api.example.com/hook";

function bundle(...actions: object[]) {
	return { duration: "30s", actionBundle: { actions } };
}
const bundled = { id: "a", kind: "webhook", parameters: { url } };

it("[FOUND-1] reads the README's timer", () => {
	const json = {
		name: "backup_database",
		duration: "30s",
		events: { on_expire: { webhook: url, message: "Time to back up!" } },
	};
	const { dueAt, doc } = accepted(readTimer(json));
	expect(dueAt).toBe(NOW + 30_000);
	expect(doc).toEqual({
		name: "backup_database",
		message: "Time to back up!",
		actions: [{ type: "webhook", url }],
	});
});

it("[FOUND-2] reads on_expire.webhook as an object", () => {
	const webhook = { url, method: "put", headers: { "X-A": "1" }, message: "m", data: { a: 1 } };
	const { doc } = accepted(readTimer({ duration: 5_000, events: { on_expire: { webhook } } }));
	expect(doc).toEqual({
		actions: [
			{
				type: "webhook",
				url,
				method: "PUT",
				headers: { "x-a": "1" },
				message: "m",
				data: { a: 1 },
			},
		],
	});
});

it("[FOUND-2] judges on_expire.webhook as any action, naming it where it was written", () => {
	const read = (webhook: unknown) =>
		refused(readTimer({ duration: 5_000, events: { on_expire: { webhook } } }));
	expect(read("http://10.0.0.1/")).toEqual(["destination_refused", "events.on_expire.webhook.url"]);
	expect(read({ url, method: "BREW" })).toEqual([
		"validation_failed",
		"events.on_expire.webhook.method",
	]);
	expect(read({ url, timeoutMs: 1 })).toEqual([
		"validation_failed",
		"events.on_expire.webhook.timeoutMs",
	]);
	expect(read({ url, headers: { Host: "b" } })).toEqual([
		"validation_failed",
		"events.on_expire.webhook.headers.Host",
	]);
});

it("[FOUND-3] takes a message of text alone, and refuses one for a channel", () => {
	const read = (message: unknown, more = {}) =>
		readTimer({ duration: "1s", events: { on_expire: { message } }, ...more });
	expect(accepted(read("hello")).doc).toEqual({ message: "hello" });
	expect(accepted(read("hello", { message: "hello" })).doc).toEqual({ message: "hello" });
	const path = "events.on_expire.message";
	expect(refused(read({ channel: "ops" }))).toEqual(["unsupported_action", path]);
	expect(refused(read(7))).toEqual(["validation_failed", path]);
	expect(refused(read("hello", { message: "other" }))).toEqual(["validation_failed", path]);
	expect(refused(read("x".repeat(LIMITS.messageLength + 1)))).toEqual(["validation_failed", path]);
});

it.each(["command", "file_write"])("[FOUND-4] refuses on_expire.%s by name", (kind) => {
	const events = { on_expire: { webhook: url, [kind]: "rm -rf /" } };
	expect(refused(readTimer({ duration: "1s", events }))).toEqual([
		"unsupported_action",
		`events.on_expire.${kind}`,
	]);
});

it("[FOUND-5] reads an action bundle of webhooks", () => {
	const parameters = { url, method: "POST", body: { a: 1 }, timeoutMs: 5_000 };
	const agent = { id: "c", kind: "agent", parameters: { mailbox: "build", command: { run: 1 } } };
	const json = bundle(bundled, { id: "b", kind: "webhook", parameters }, agent);
	expect(accepted(readTimer(json)).doc).toEqual({
		actions: [
			{ type: "webhook", url },
			{ type: "webhook", url, method: "POST", body: { a: 1 }, timeoutMs: 5_000 },
			{ type: "agent", mailbox: "build", command: { run: 1 } },
		],
	});
});

it("[FOUND-6] refuses what a bundle could say and the network does not do", () => {
	expect(refused(readTimer(bundle(bundled, { ...bundled, kind: "agent_prompt" })))).toEqual([
		"unsupported_action",
		"actionBundle.actions.1.kind",
	]);
	const command = { kind: "command", parameters: {} };
	const escalation = { escalatesTo: command };
	expect(refused(readTimer(bundle({ ...bundled, escalation })))).toEqual([
		"unsupported_action",
		"actionBundle.actions.0.escalation.escalatesTo.kind",
	]);
	expect(
		refused(readTimer({ duration: "1s", actionBundle: { actions: [bundled], concurrency: 2 } })),
	).toEqual(["validation_failed", "actionBundle.concurrency"]);
	expect(refused(readTimer(bundle({ ...bundled, parameters: { url, retries: 3 } })))).toEqual([
		"validation_failed",
		"actionBundle.actions.0.parameters.retries",
	]);
	expect(refused(readTimer(bundle({ ...bundled, parameters: {} })))).toEqual([
		"validation_failed",
		"actionBundle.actions.0.parameters.url",
	]);
});

it.each([
	[{}, { maxAttempts: 1 }],
	[{ maxAttempts: 4 }, { delaysMs: [1_000, 2_000, 4_000] }],
	[{ maxAttempts: 4, backoffInitialMs: 100, backoffMultiplier: 3 }, { delaysMs: [100, 300, 900] }],
	[{ maxAttempts: 3, backoffMultiplier: 0.5 }, { delaysMs: [1_000, 500] }],
])("[FOUND-7] reads the retry policy %j as %j", (retryPolicy, retry) => {
	const json = { duration: "1s", actionBundle: { actions: [bundled], retryPolicy } };
	expect(accepted(readTimer(json)).doc.retry).toEqual(retry);
});

it("[FOUND-7] keeps the longest founding policy within the limits", () => {
	const retryPolicy = { maxAttempts: 100, backoffInitialMs: 1, backoffMultiplier: 100 };
	const json = { duration: "1s", actionBundle: { actions: [bundled], retryPolicy } };
	const { retry } = accepted(readTimer(json)).doc;
	const delaysMs = retry !== undefined && "delaysMs" in retry ? retry.delaysMs : [];
	expect(delaysMs).toHaveLength(99);
	expect(Math.max(...delaysMs)).toBe(LIMITS.retryDelayMsMax);
});

it("[FOUND-7] refuses two retry policies", () => {
	const json = {
		duration: "1s",
		retry: { maxAttempts: 2 },
		actionBundle: { actions: [bundled], retryPolicy: {} },
	};
	expect(refused(readTimer(json))).toEqual(["validation_failed", "actionBundle.retryPolicy"]);
});

it("[FOUND-8] refuses actions written in two ways", () => {
	const json = {
		duration: "1s",
		actions: [{ type: "webhook", url }],
		events: { on_expire: { webhook: url } },
	};
	expect(refused(readTimer(json))).toEqual(["validation_failed", "actions", "events"]);
});

it("[FOUND-9] makes labels of agent_id and team", () => {
	const json = { duration: "1s", agent_id: "a1", team: "ops", labels: { x: "y" } };
	expect(accepted(readTimer(json)).doc.labels).toEqual({ x: "y", agent_id: "a1", team: "ops" });
	expect(readTimer({ ...json, labels: { team: "ops" } }).ok).toBe(true);
	expect(refused(readTimer({ ...json, labels: { team: "dev" } }))).toEqual([
		"validation_failed",
		"team",
	]);
});

it("[FOUND-10] keeps requestedBy", () => {
	const json = { tenantId: "acme", requestedBy: "agent:minoots", duration: "1s" };
	expect(accepted(readTimer(json)).doc).toEqual({ requestedBy: "agent:minoots" });
});

it.each(["ecosystem"])("[FOUND-11] refuses %s as an unknown field", (field) => {
	expect(refused(readTimer({ duration: "1s", [field]: {} }))).toEqual(["validation_failed", field]);
});
