/** Concurrency keys through the HTTP API: one firing at a time, in whatever shards its timers live. */
import { runDurableObjectAlarm } from "cloudflare:test";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { shardOf } from "../../../durable-objects/shared/object-names.ts";
import { idSpaceOf } from "../../../src/derived-keys.ts";
import { type Api, env, newTenant, operator } from "./api.ts";

/** Longer than the delay of a growth and than an edge remembers a key's holder. */
const GROWTH_MS = 61_000;
const MINUTE_MS = 60_000;
const SHARDS = [0, 1, 2, 3];

beforeEach(() => {
	// Far ahead, so that no alarm rings but when the test says so.
	vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2090, 0, 1) });
});
afterEach(() => {
	vi.useRealTimers();
});

async function grow({ tenant }: Api, shards: number): Promise<void> {
	await operator("PATCH", `/v1/tenants/${tenant}`, { shards });
	vi.setSystemTime(Date.now() + GROWTH_MS);
}

/** A timer in the given shard that gives an agent work. */
async function createIn(api: Api, shard: number, body: object): Promise<string> {
	for (;;) {
		const actions = [{ type: "agent", mailbox: "m", command: {} }];
		const { id } = (await api.call("POST", "/v1/timers", { actions, ...body })).body;
		if (idSpaceOf(env, api.tenant).parse("tmr", id)?.shard === shard) return id;
		await api.call("DELETE", `/v1/timers/${id}`);
	}
}

/** Rings all alarms until nothing more comes of it; answers what lies in the mailbox. */
async function pull(api: Api) {
	const messages: { leaseId: string; body: { timer: { id: string } } }[] = [];
	for (let quiet = 0; quiet < 5; quiet++) {
		vi.setSystemTime(Date.now() + 10);
		for (const shard of SHARDS) await runDurableObjectAlarm(shardOf(env, api.tenant, shard));
		// What shards tell each other, and senders report, happens beside.
		await new Promise((resolve) => setTimeout(resolve, 20));
		const pulled = await api.call("POST", "/v1/mailboxes/m/messages/pull", { batchSize: 10 });
		messages.push(...(pulled.body.messages ?? []));
		if (pulled.body.messages?.length > 0) quiet = 0;
	}
	return messages;
}

it("[CONCUR-10] holds over all shards of a tenant, and through a growth", async () => {
	const api = await newTenant();
	const due = new Date(Date.now() + 5 * MINUTE_MS).toISOString();
	const body = { at: due, concurrencyKey: "printer" };
	const ids = [await createIn(api, 0, body)];
	await grow(api, 2);
	ids.push(await createIn(api, 1, body), await createIn(api, 0, body));
	await grow(api, 4);
	ids.push(await createIn(api, 3, body));
	expect((await api.call("GET", `/v1/timers/${ids[3]}`)).body.concurrencyKey).toBe("printer");
	const other = await createIn(api, 2, { ...body, concurrencyKey: "scanner" });
	vi.setSystemTime(Date.parse(due));
	const done: string[] = [];
	while (done.length < ids.length + 1) {
		const messages = await pull(api);
		const pulled = messages.map((message) => message.body.timer.id);
		expect(pulled.filter((id) => id !== other)).toHaveLength(1);
		const acks = messages.map(({ leaseId }) => ({ leaseId }));
		await api.call("POST", "/v1/mailboxes/m/messages/ack", { acks });
		done.push(...pulled);
	}
	expect(done.toSorted()).toEqual([...ids, other].toSorted());
	for (const id of done) {
		expect((await api.call("GET", `/v1/timers/${id}`)).body.status).toBe("settled");
	}
});

it("[CONCUR-10] a timer of another shard that is cancelled while it waits holds nobody up", async () => {
	const api = await newTenant();
	await grow(api, 2);
	const at = new Date(Date.now() + MINUTE_MS);
	const ids: string[] = [];
	for (const shard of [0, 1, 1]) {
		const due = new Date(at.getTime() + ids.length * 1_000).toISOString();
		ids.push(await createIn(api, shard, { at: due, concurrencyKey: "k" }));
	}
	vi.setSystemTime(at.getTime() + 10_000);
	const [first, ...none] = await pull(api);
	expect([first?.body.timer.id, none]).toEqual([ids[0], []]);
	await api.call("POST", `/v1/timers/${ids[1]}/cancel`);
	expect(await pull(api)).toEqual([]);
	const acks = [{ leaseId: first?.leaseId }];
	await api.call("POST", "/v1/mailboxes/m/messages/ack", { acks });
	expect((await pull(api)).map(({ body }) => body.timer.id)).toEqual([ids[2]]);
});
