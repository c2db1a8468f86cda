/** Mailboxes over HTTP: messages put in, pulled, settled, given up. */
import { beforeEach, describe, expect, it } from "vitest";
import {
	AckAnswerSchema,
	DeadMessageSchema,
	ExtendAnswerSchema,
	MailboxSchema,
	PullAnswerSchema,
} from "../../../src/contract/mailbox.ts";
import { call, newTenant, outcome, type TestTenant } from "../http/client.ts";

let tenant: TestTenant;
let agent: string;

beforeEach(async () => {
	tenant = await newTenant();
	agent = await tenant.keyFor(["agent.pull"]);
});

async function put(name: string, message: object) {
	const put = await call(`/v1/mailboxes/${name}/messages`, { key: tenant.key, body: message });
	expect(put.status).toBe(201);
	return put.body;
}

async function pull(name: string, body: object = {}) {
	const pulled = await call(`/v1/mailboxes/${name}/messages/pull`, { key: agent, body });
	expect([pulled.status, PullAnswerSchema.parse(pulled.body)]).toEqual([200, pulled.body]);
	return pulled.body;
}

async function ack(name: string, body: object) {
	const acked = await call(`/v1/mailboxes/${name}/messages/ack`, { key: agent, body });
	expect(AckAnswerSchema.parse(acked.body)).toEqual(acked.body);
	return acked.body;
}

const look = (name: string) => call(`/v1/mailboxes/${name}`, { key: agent });

describe("an agent", () => {
	it("[MBOX-2] pulls what was put in, the most urgent first, and acknowledges it", async () => {
		await put("jobs", { body: { n: 1 } });
		const urgent = await put("jobs", { body: "now", priority: 1 });
		expect(urgent.id).toMatch(/^msg_[0-9a-z]{24}$/);
		const { messages, backlog } = await pull("jobs", { visibilityTimeoutMs: 5_000 });
		expect(backlog).toBe(0);
		expect(messages).toMatchObject([
			{ id: urgent.id, body: "now", priority: 1, attempts: 1, traceparent: null },
			{ body: { n: 1 }, priority: 5 },
		]);
		const [{ enqueuedAt, leaseExpiresAt }] = messages;
		expect(Date.parse(leaseExpiresAt) - Date.parse(enqueuedAt)).toBeGreaterThanOrEqual(5_000);
		const acks = messages.map(({ leaseId }: { leaseId: string }) => ({ leaseId, result: [1] }));
		expect(await ack("jobs", { acks })).toMatchObject({ ackCount: 2, retryCount: 0 });
		expect(await pull("jobs")).toEqual({ messages: [], backlog: 0 });
	});

	it("[MBOX-2] pulls as many as it asks for, with or without a body", async () => {
		for (const n of [1, 2, 3]) await put("jobs", { body: n });
		expect(await pull("jobs", { batchSize: 2 })).toMatchObject({
			messages: [{ body: 1 }, { body: 2 }],
			backlog: 1,
		});
		const path = "/v1/mailboxes/jobs/messages/pull";
		const bare = await call(path, { method: "POST", key: agent });
		expect(bare.body.messages).toMatchObject([{ body: 3 }]);
	});

	it("[MBOX-2] waits for a message that is yet to come", async () => {
		await put("jobs", { body: "before" });
		await pull("jobs");
		const [pulled] = await Promise.all([
			pull("jobs", { waitMs: 10_000 }),
			put("jobs", { body: "after" }),
		]);
		expect(pulled.messages).toMatchObject([{ body: "after" }]);
	});

	it("[MBOX-3] is told the outcome of each lease in order; a stale one changes nothing", async () => {
		for (const n of [1, 2, 3]) await put("jobs", { body: n });
		const { messages } = await pull("jobs");
		const [done, again, long] = messages.map(({ leaseId }: { leaseId: string }) => leaseId);
		const extended = await call("/v1/mailboxes/jobs/messages/extend", {
			key: agent,
			body: {
				leases: [
					{ leaseId: long, byMs: 600_000 },
					{ leaseId: "never", byMs: 1_000 },
				],
			},
		});
		expect(ExtendAnswerSchema.parse(extended.body).leases).toMatchObject([
			{ leaseId: long, outcome: "extended", leaseExpiresAt: expect.stringMatching(/Z$/) },
			{ leaseId: "never", outcome: "stale" },
		]);
		const acks = [{ leaseId: "never" }, { leaseId: done, result: { ok: true } }];
		const retries = [{ leaseId: again, delayMs: 60_000, reason: "busy" }, { leaseId: done }];
		expect(await ack("jobs", { acks, retries })).toEqual({
			ackCount: 1,
			retryCount: 1,
			acks: [
				{ leaseId: "never", outcome: "stale" },
				{ leaseId: done, outcome: "acknowledged" },
			],
			retries: [
				{ leaseId: again, outcome: "retried" },
				{ leaseId: done, outcome: "stale" },
			],
		});
		expect((await look("jobs")).body).toMatchObject({ depth: 0, leased: 1, delayed: 1 });
	});

	it("[MBOX-5] a key repeats a put, and is ignored by pull, ack and extend", async () => {
		const headers = { "idempotency-key": "once" };
		const path = "/v1/mailboxes/jobs/messages";
		const first = await call(path, { key: tenant.key, body: { body: 1 }, headers });
		const second = await call(path, { key: tenant.key, body: { body: 1 }, headers });
		expect(second.body).toEqual(first.body);
		expect(second.headers.get("idempotency-replayed")).toBe("true");
		await put("jobs", { body: 2 });
		const pulls = [1, 2].map(() =>
			call(`${path}/pull`, { key: agent, body: { batchSize: 1 }, headers }),
		);
		const leases = (await Promise.all(pulls)).map(({ body }) => body.messages[0]);
		expect(leases.map(({ body }) => body).sort()).toEqual([1, 2]);
		const acks = leases.map(({ leaseId }) => ({ leaseId }));
		const settle = () => call(`${path}/ack`, { key: agent, body: { acks }, headers });
		expect((await settle()).body.ackCount).toBe(2);
		expect((await settle()).body.ackCount).toBe(0);
	});

	it("[MBOX-8] refuses what is too large or out of bounds, and stores none of it", async () => {
		const path = "/v1/mailboxes/jobs/messages";
		const large = await call(path, { key: tenant.key, body: { body: "ä".repeat(131_072) } });
		expect(outcome(large)).toBe("413 payload_too_large");
		const wrong: [string, object, string][] = [
			["", {}, "body"],
			["", { body: 1, priority: 0 }, "priority"],
			["", { body: 1, ttlMs: 1 }, "ttlMs"],
			["/pull", { batchSize: 101 }, "batchSize"],
			["/pull", { waitMs: 30_001 }, "waitMs"],
			["/ack", { acks: [{}] }, "acks.0.leaseId"],
			["/extend", { leases: [] }, "leases"],
		];
		for (const [call_, body, field] of wrong) {
			const refused = await call(path + call_, { key: tenant.key, body });
			expect([outcome(refused), refused.body.errors[0].path]).toEqual([
				"422 validation_failed",
				field,
			]);
		}
		expect(outcome(await call("/v1/mailboxes/-no/messages/pull", { key: agent, body: {} }))).toBe(
			"404 not_found",
		);
		expect(outcome(await look("jobs"))).toBe("404 not_found");
	});
});

describe("what was given up", () => {
	it("[MBOX-7] is listed page by page, put back under its id, and deleted", async () => {
		for (const n of [1, 2, 3]) await put("jobs", { body: n, maxAttempts: 1 });
		const { messages } = await pull("jobs");
		const retries = messages.map(({ leaseId }: { leaseId: string }) => ({ leaseId, reason: "no" }));
		const settled = await ack("jobs", { retries });
		expect(settled.retries.map(({ outcome }: { outcome: string }) => outcome)).toEqual(
			Array(3).fill("dead"),
		);
		const path = "/v1/mailboxes/jobs/dead-messages";
		const first = await call(`${path}?limit=2`, { key: tenant.key });
		const rest = await call(`${path}?limit=2&cursor=${first.body.nextCursor}`, { key: tenant.key });
		const items = [...first.body.items, ...rest.body.items];
		expect(items.map((item) => DeadMessageSchema.parse(item))).toMatchObject(
			[1, 2, 3].map((body) => ({ body, attempts: 1, reason: "no" })),
		);
		expect(rest.body.nextCursor).toBeNull();
		const other = `/v1/mailboxes/other/dead-messages?cursor=${first.body.nextCursor}`;
		expect(outcome(await call(other, { key: tenant.key }))).toBe("400 invalid_cursor");

		const [one, two] = items.map(({ id }) => `${path}/${id}`);
		const replay = { method: "POST", key: tenant.key };
		expect((await call(`${one}/replay`, replay)).body).toEqual({ id: items[0].id });
		expect(outcome(await call(`${one}/replay`, replay))).toBe("404 not_found");
		expect((await pull("jobs")).messages).toMatchObject([{ id: items[0].id, attempts: 1 }]);
		expect((await call(`${two}`, { method: "DELETE", key: tenant.key })).status).toBe(204);
		expect((await look("jobs")).body).toMatchObject({ dead: 1, leased: 1 });
	});
});

describe("mailboxes", () => {
	it("[MBOX-6] are listed with depth and age, page by page", async () => {
		for (const name of ["c", "a", "b"]) await put(name, { body: name });
		await put("a", { body: "later", delayMs: 60_000 });
		const first = await call("/v1/mailboxes?limit=2", { key: agent });
		expect(first.body.items.map((item: unknown) => MailboxSchema.parse(item))).toMatchObject([
			{ name: "a", depth: 1, leased: 0, delayed: 1, dead: 0, oldestAgeMs: expect.any(Number) },
			{ name: "b", depth: 1, delayed: 0 },
		]);
		const rest = await call(`/v1/mailboxes?limit=2&cursor=${first.body.nextCursor}`, {
			key: agent,
		});
		expect(rest.body).toMatchObject({ items: [{ name: "c" }], nextCursor: null });
		expect(outcome(await call("/v1/mailboxes?cursor=x", { key: agent }))).toBe(
			"400 invalid_cursor",
		);
		expect((await look("c")).body).toMatchObject({ name: "c", depth: 1 });
	});

	it("[MBOX-6] come with their first message and go with all they hold", async () => {
		expect(outcome(await look("jobs"))).toBe("404 not_found");
		await pull("jobs");
		expect(outcome(await look("jobs"))).toBe("404 not_found");
		for (const n of [1, 2]) await put("jobs", { body: n });
		await pull("jobs", { batchSize: 1 });
		const remove = () => call("/v1/mailboxes/jobs", { method: "DELETE", key: tenant.key });
		expect((await remove()).body).toEqual({ deleted: { messages: 2 } });
		expect(outcome(await remove())).toBe("404 not_found");
		expect((await call("/v1/mailboxes", { key: agent })).body.items).toEqual([]);
		await put("jobs", { body: "anew" });
		expect((await call("/v1/mailboxes", { key: agent })).body.items).toMatchObject([
			{ name: "jobs", depth: 1 },
		]);
	});
});

describe("keys", () => {
	it("[MBOX-4] limited to mailboxes touch and see only those that match", async () => {
		const limited = await tenant.keyFor(["agent.manage"], { mailboxes: ["build-*"] });
		for (const name of ["build-arm", "deploy"]) await put(name, { body: name });
		const refused = [
			call("/v1/mailboxes/deploy", { key: limited }),
			call("/v1/mailboxes/deploy", { method: "DELETE", key: limited }),
			call("/v1/mailboxes/deploy/messages", { key: limited, body: { body: 1 } }),
			call("/v1/mailboxes/deploy/messages/pull", { key: limited, body: {} }),
			call("/v1/mailboxes/deploy/messages/ack", { key: limited, body: {} }),
			call("/v1/mailboxes/deploy/messages/extend", {
				key: limited,
				body: { leases: [{ leaseId: "x", byMs: 1_000 }] },
			}),
			call("/v1/mailboxes/deploy/dead-messages", { key: limited }),
			call("/v1/mailboxes/deploy/dead-messages/msg_1/replay", { method: "POST", key: limited }),
			call("/v1/mailboxes/deploy/dead-messages/msg_1", { method: "DELETE", key: limited }),
		];
		for (const answer of await Promise.all(refused)) {
			expect(outcome(answer)).toBe("403 forbidden");
			expect(answer.body.detail).toContain('"deploy"');
		}
		const path = "/v1/mailboxes/build-arm/messages/pull";
		expect((await call(path, { key: limited, body: {} })).body.messages).toHaveLength(1);
		const listed = await call("/v1/mailboxes", { key: limited });
		expect(listed.body.items).toMatchObject([{ name: "build-arm", leased: 1 }]);
	});

	it("[MBOX-9] that may only pull put nothing in and remove nothing", async () => {
		await put("jobs", { body: 1 });
		const refused = [
			call("/v1/mailboxes/jobs", { method: "DELETE", key: agent }),
			call("/v1/mailboxes/jobs/messages", { key: agent, body: { body: 1 } }),
			call("/v1/mailboxes/jobs/dead-messages", { key: agent }),
		];
		for (const answer of await Promise.all(refused)) expect(outcome(answer)).toBe("403 forbidden");
		const reader = await tenant.keyFor(["timer.manage"]);
		const pulled = await call("/v1/mailboxes/jobs/messages/pull", { key: reader, body: {} });
		expect(outcome(pulled)).toBe("403 forbidden");
		const stranger = await newTenant();
		expect(outcome(await call("/v1/mailboxes/jobs", { key: stranger.key }))).toBe("404 not_found");
	});
});
