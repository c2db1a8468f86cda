/** Mailboxes in the wire format of Cloudflare Queues, byte by byte; the official client is in e2e. */
import { beforeEach, expect, it } from "vitest";
import { call, newTenant, type TestTenant } from "../http/client.ts";

let tenant: TestTenant;
let base: string;

beforeEach(async () => {
	tenant = await newTenant();
	base = `/client/v4/accounts/${tenant.id}/queues/jobs/messages`;
});

const send = (path: string, body: unknown, key = tenant.key) => call(base + path, { key, body });

it("[MBOX-10] hands out text as it is and other JSON as base64, in Cloudflare's envelope", async () => {
	const pushed = await send("", { body: "ä text", content_type: "text" });
	expect([pushed.status, pushed.body]).toEqual([
		200,
		{ success: true, errors: [], messages: [], result: {} },
	]);
	await send("", { body: { n: "ä" }, content_type: "json" });
	const pulled = await send("/pull", { batch_size: 5, visibility_timeout_ms: 1_000 });
	expect(pulled.body).toEqual({
		success: true,
		errors: [],
		messages: [],
		result: {
			message_backlog_count: 0,
			messages: [
				{
					id: expect.stringMatching(/^msg_/),
					lease_id: expect.any(String),
					attempts: 1,
					body: "ä text",
					metadata: { "CF-Content-Type": "text" },
					timestamp_ms: expect.any(Number),
				},
				expect.objectContaining({
					body: Buffer.from('{"n":"ä"}').toString("base64"),
					metadata: { "CF-Content-Type": "json" },
				}),
			],
		},
	});
	const [one, two] = pulled.body.result.messages;
	const settled = await send("/ack", {
		acks: [{ lease_id: one.lease_id }, { lease_id: "gone" }],
		retries: [{ lease_id: two.lease_id, delay_seconds: 60 }],
	});
	expect(settled.body.result).toEqual({
		ackCount: 1,
		retryCount: 1,
		warnings: { gone: expect.any(String) },
	});
	const state = await call("/v1/mailboxes/jobs", { key: tenant.key });
	expect(state.body).toMatchObject({ depth: 0, leased: 0, delayed: 1 });
});

it("[MBOX-10] pushes batches, with a delay for those that have none of their own", async () => {
	const messages = [{ body: 1, delay_seconds: 0 }, { body: 2 }];
	expect((await send("/batch", { messages, delay_seconds: 60 })).status).toBe(200);
	const state = await call("/v1/mailboxes/jobs", { key: tenant.key });
	expect(state.body).toMatchObject({ depth: 1, delayed: 1 });
});

it("[MBOX-11] fails in Cloudflare's envelope, with our code before the text", async () => {
	const agent = await tenant.keyFor(["agent.pull"]);
	const limited = await tenant.keyFor(["agent.manage"], { mailboxes: ["build-*"] });
	const stranger = await newTenant();
	const failures: [string, unknown, string | undefined, number, RegExp][] = [
		["/pull", {}, "mnt_nobody_x", 401, /^unauthorized: /],
		["", { body: 1 }, agent, 403, /^forbidden: .*agent\.manage/],
		["/pull", {}, limited, 403, /^forbidden: .*"jobs"/],
		["/pull", {}, stranger.key, 403, /^tenant_mismatch: /],
		["/ack", {}, stranger.key, 403, /^tenant_mismatch: /],
		["", { body: 1 }, stranger.key, 403, /^tenant_mismatch: /],
		["/pull", { batch_size: 0 }, tenant.key, 422, /^validation_failed: batch_size/],
		["", { body: 1, content_type: "text" }, tenant.key, 422, /^validation_failed: body/],
		["/pull", "{", tenant.key, 415, /^unsupported_media_type: /],
	];
	for (const [path, body, key, status, message] of failures) {
		const answer = await send(path, body, key);
		expect(answer.headers.get("content-type")).toBe("application/json");
		expect([answer.status, answer.body]).toEqual([
			status,
			{
				success: false,
				errors: [
					{
						code: status,
						message: expect.stringMatching(message),
						documentation_url: expect.stringMatching(/^\/docs#problem-/),
					},
				],
				messages: [],
				result: null,
			},
		]);
	}
});
