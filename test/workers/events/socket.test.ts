import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { expect, it } from "vitest";
import { mintAccessToken } from "../../../src/core/access-token.ts";
import { deriveKey } from "../../../src/core/derived-key.ts";
import { call, newTenant, outcome, type TestTenant } from "../http/client.ts";
import { openStream } from "./streams.ts";

// biome-ignore lint/suspicious/noExplicitAny: what the API says; tests compare it
type Message = any;

type Socket = {
	/** The next `count` messages. */
	readonly take: (count: number) => Promise<Message[]>;
	readonly closed: Promise<number>;
	readonly close: () => void;
};

async function connect(query: string, key: string | null): Promise<Socket> {
	const headers = new Headers({ upgrade: "websocket" });
	if (key !== null) headers.set("authorization", `Bearer ${key}`);
	const response = await exports.default.fetch(
		new Request(`http://localhost/v1/events/ws${query}`, { headers }),
	);
	const { webSocket } = response;
	if (!webSocket) throw new Error(`${response.status} ${await response.text()}`);
	const messages: Message[] = [];
	let notice = () => {};
	const closed = Promise.withResolvers<number>();
	webSocket.addEventListener("message", ({ data }) => {
		messages.push(JSON.parse(String(data)));
		notice();
	});
	webSocket.addEventListener("close", ({ code }) => closed.resolve(code));
	webSocket.accept();
	return {
		async take(count) {
			while (messages.length < count) {
				await new Promise<void>((resolve) => {
					notice = resolve;
				});
			}
			return messages.splice(0, count);
		},
		closed: closed.promise,
		close: () => webSocket.close(1_000),
	};
}

async function create(tenant: TestTenant): Promise<string> {
	return (await call("/v1/timers", { key: tenant.key, body: { in: "1h" } })).body.id;
}

const hubOf = (tenant: TestTenant) => env.EVENT_HUB.getByName(tenant.id);

it("[STREAM-30] says over a WebSocket what the stream says, and resumes either with the other's id", async () => {
	const tenant = await newTenant();
	const socket = await connect("", tenant.key);
	const [opening] = await socket.take(1);
	expect(Object.keys(opening)).toEqual(["id"]);
	const stream = await openStream("/v1/events/stream", tenant.key);
	const ids = [await create(tenant), await create(tenant), await create(tenant)];
	const messages = await socket.take(3);
	expect(messages).toEqual(await stream.take(3));
	socket.close();
	expect(await socket.closed).toBe(1_000);
	const resumed = await connect(`?lastEventId=${messages[0].id}&topic=timer.*`, tenant.key);
	const [, ...rest] = await resumed.take(3);
	expect(rest.map(({ data }) => data.subject)).toEqual(ids.slice(1));
	resumed.close();
	const again = await openStream("/v1/events/stream", tenant.key, { "last-event-id": opening.id });
	expect(await again.take(3)).toEqual(messages);
	await Promise.all([stream.close(), again.close()]);
});

it("[STREAM-31] outlives the eviction of the hub, with its filter and where it was", async () => {
	const tenant = await newTenant();
	const socket = await connect("?topic=timer.created", tenant.key);
	const [, first] = await Promise.all([create(tenant), socket.take(2)]);
	expect(first[1].event).toBe("timer.created");
	for (let round = 0; round < 3; round++) {
		await evictDurableObject(hubOf(tenant));
		const id = await create(tenant);
		await call(`/v1/timers/${id}/cancel`, { key: tenant.key, method: "POST" });
		expect(await socket.take(1)).toMatchObject([{ event: "timer.created", data: { subject: id } }]);
	}
	socket.close();
});

it("[STREAM-32] takes a token, once, and refuses what is no handshake", async () => {
	const tenant = await newTenant();
	const { body } = await call("/v1/stream-tokens", { key: tenant.key, method: "POST" });
	const socket = await connect(`?token=${body.token}`, null);
	await socket.take(1);
	await expect(connect(`?token=${body.token}`, null)).rejects.toThrow("401");
	socket.close();
	expect(outcome(await call("/v1/events/ws", { key: tenant.key }))).toBe("400 invalid_request");
});

it("[STREAM-33] streams are closed at the next renewal once their key is revoked", async () => {
	const tenant = await newTenant();
	const made = await call("/v1/keys", {
		key: tenant.key,
		body: { name: "reader", scopes: ["timer.read"] },
	});
	const socket = await connect("", made.body.apiKey);
	const stream = await openStream("/v1/events/stream", made.body.apiKey);
	const kept = await openStream("/v1/events/stream", tenant.key);
	await call(`/v1/keys/${made.body.id}`, { key: tenant.key, method: "DELETE" });
	await runDurableObjectAlarm(hubOf(tenant));
	expect(await socket.closed).toBe(1_001);
	await expect(stream.take(1)).rejects.toThrow("ended");
	await create(tenant);
	expect(await kept.take(1)).toHaveLength(1);
	await kept.close();
});

it("[OIDC-13] streams are closed once the policy of their access token is gone", async () => {
	const tenant = await newTenant();
	const put = (scopes: string[]) =>
		call("/v1/oidc-policies/ci", {
			key: tenant.key,
			method: "PUT",
			body: { repositories: ["acme/site"], scopes },
		});
	const { body } = await put(["timer.read"]);
	// As an exchange mints it; the exchange itself is tested where its issuer is.
	const claims = {
		tenant: tenant.id,
		policyId: body.id,
		expiresAt: Date.now() + 60_000,
		nonce: "0".repeat(32),
	};
	const token = mintAccessToken(claims, deriveKey(env.MINOOTS_MASTER_KEY, "access-token"));
	const socket = await connect("", token);
	await socket.take(1);
	await runDurableObjectAlarm(hubOf(tenant));
	await create(tenant);
	expect(await socket.take(1)).toHaveLength(1);
	await put(["timer.write"]);
	await runDurableObjectAlarm(hubOf(tenant));
	expect(await socket.closed).toBe(1_001);
});

it("[STREAM-34] a stream also tells of shards that growth has added", async () => {
	const tenant = await newTenant();
	const stream = await openStream("/v1/events/stream", tenant.key);
	const grown = await call(`/v1/tenants/${tenant.id}`, {
		key: env.MINOOTS_ADMIN_KEY,
		method: "PATCH",
		body: { shards: 2 },
	});
	expect(grown.status).toBe(200);
	await runDurableObjectAlarm(hubOf(tenant));
	const before = stream.lastId().length;
	const config = await env.TENANT_REGISTRY.getByName(tenant.id).config();
	if (!config.ok) throw new Error("The tenant is gone.");
	// The edge uses the new shard after a minute; until then the test is the edge.
	const configVersion = config.value.version;
	await env.TENANT_SHARD.getByName(`${tenant.id}:1`).create(
		{ tenant: tenant.id, shard: 1, configVersion, traceparent: null },
		{ dueAt: Date.now() + 3_600_000, flags: 0, name: null, doc: "{}", dedupeKey: null },
		null,
	);
	const [frame] = await stream.take(1);
	expect(frame).toMatchObject({ event: "timer.created", data: { tenantid: tenant.id } });
	expect(frame?.id.length).toBeGreaterThan(before);
	await stream.close();
});
