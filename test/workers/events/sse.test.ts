import { createExecutionContext, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { createApp } from "../../../src/app.ts";
import { ROUTES } from "../../../src/http/routes/all.ts";
import { call, newTenant, outcome, type TestTenant } from "../http/client.ts";
import { openStream } from "./streams.ts";

const STREAM = "/v1/events/stream";

async function create(tenant: TestTenant, name: string): Promise<string> {
	const { status, body } = await call("/v1/timers", {
		key: tenant.key,
		body: { name, in: "1h" },
	});
	if (status !== 201) throw new Error(JSON.stringify(body));
	return body.id;
}

it("[STREAM-1] tells every event of the tenant as it happens, as a CloudEvent with a cursor", async () => {
	const tenant = await newTenant();
	const stream = await openStream(STREAM, tenant.key, { "x-request-id": "r-1" });
	expect(stream.response.headers.get("content-type")).toBe("text/event-stream");
	expect(stream.response.headers.get("x-request-id")).toBe("r-1");
	expect(stream.response.headers.get("cache-control")).toBe("no-store");
	const id = await create(tenant, "tea");
	await call(`/v1/timers/${id}/cancel`, { key: tenant.key, method: "POST" });
	const frames = await stream.take(2);
	expect(frames.map(({ event }) => event)).toEqual(["timer.created", "timer.cancelled"]);
	const listed = await call(`/v1/timers/${id}/events`, { key: tenant.key });
	expect(frames.map(({ data }) => data)).toEqual(listed.body.items.toReversed());
	await stream.close();
});

it("[STREAM-2] resumes behind Last-Event-ID without a gap or a repeat", async () => {
	const tenant = await newTenant();
	const first = await openStream(STREAM, tenant.key);
	const opened = first.lastId();
	const ids = [];
	for (const name of ["a", "b", "c", "d"]) ids.push(await create(tenant, name));
	const seen = await first.take(4);
	await first.close();
	const last = await create(tenant, "e");
	for (const [index, frame] of seen.entries()) {
		const resumed = await openStream(STREAM, tenant.key, { "last-event-id": frame.id });
		const rest = await resumed.take(4 - index);
		expect(rest.map(({ data }) => data.subject)).toEqual([...ids.slice(index + 1), last]);
		await resumed.close();
	}
	const whole = await openStream(`${STREAM}?lastEventId=${opened}`, tenant.key);
	expect((await whole.take(5)).map(({ data }) => data.subject)).toEqual([...ids, last]);
	await whole.close();
});

it("[STREAM-3] begins at now without an id", async () => {
	const tenant = await newTenant();
	await create(tenant, "before");
	const stream = await openStream(STREAM, tenant.key);
	const id = await create(tenant, "after");
	expect((await stream.take(1)).map(({ data }) => data.subject)).toEqual([id]);
	await stream.close();
});

it("[STREAM-4] refuses an id that is none of the tenant's stream with invalid_cursor", async () => {
	const [tenant, other] = [await newTenant(), await newTenant()];
	const foreign = await openStream(STREAM, other.key);
	for (const id of ["x", "AAAA", "%%%", foreign.lastId(), `${"A".repeat(2_000)}`]) {
		const answer = await call(STREAM, { key: tenant.key, headers: { "last-event-id": id } });
		expect(outcome(answer)).toBe("400 invalid_cursor");
	}
	await foreign.close();
});

it("[STREAM-5] tells only what the filters select", async () => {
	const tenant = await newTenant();
	const cancelled = await openStream(`${STREAM}?topic=timer.cancelled,run.*`, tenant.key);
	const timers = await openStream(`${STREAM}?topic=timer.*`, tenant.key);
	await create(tenant, "a");
	const id = await create(tenant, "b");
	const one = await openStream(`${STREAM}?timer=${id}`, tenant.key);
	await create(tenant, "c");
	await call(`/v1/timers/${id}/cancel`, { key: tenant.key, method: "POST" });
	const last = (subject: string) => ({ event: "timer.cancelled", data: { subject } });
	expect(await cancelled.take(1)).toMatchObject([last(id)]);
	expect(await one.take(1)).toMatchObject([last(id)]);
	expect((await timers.take(4)).at(-1)).toMatchObject(last(id));
	await Promise.all([cancelled.close(), timers.close(), one.close()]);
	const refused = ["topic=timer", "topic=", "topic=a.b.c", "timer=tmr_1", "run=run_1", "tpoic=a."];
	for (const query of refused) {
		expect(outcome(await call(`${STREAM}?${query}`, { key: tenant.key }))).toBe(
			"422 validation_failed",
		);
	}
	const foreign = await call(`${STREAM}?timer=${id}`, { key: (await newTenant()).key });
	expect(outcome(foreign)).toBe("404 not_found");
});

it("[STREAM-6] takes the scope timer.read", async () => {
	const tenant = await newTenant();
	expect(outcome(await call(STREAM))).toBe("401 unauthorized");
	const writer = await tenant.keyFor(["timer.write"]);
	expect(outcome(await call(STREAM, { key: writer }))).toBe("403 forbidden");
	const stream = await openStream(STREAM, await tenant.keyFor(["timer.read"]));
	await stream.close();
});

it("[STREAM-7] names events that are kept no longer once, and goes on behind them", async () => {
	const tenant = await newTenant();
	const first = await openStream(STREAM, tenant.key);
	const ids = [];
	for (const name of ["a", "b", "c", "d"]) ids.push(await create(tenant, name));
	const [seen] = await first.take(4);
	await first.close();
	await runInDurableObject(env.TENANT_SHARD.getByName(`${tenant.id}:0`), (_, { storage }) => {
		storage.sql.exec("DELETE FROM event_chunk WHERE seq < 4");
	});
	const stream = await openStream(`${STREAM}?topic=timer.created`, tenant.key, {
		"last-event-id": seen?.id ?? "",
	});
	const [gap, event] = await stream.take(2);
	expect(gap).toMatchObject({
		event: "stream.gap",
		data: {
			specversion: "1.0",
			type: "stream.gap",
			tenantid: tenant.id,
			data: { shard: 0, fromSequence: 2 * 512, toSequence: 4 * 512 - 1 },
		},
	});
	expect(event?.data.subject).toBe(ids[3]);
	await stream.close();
	const again = await openStream(STREAM, tenant.key, { "last-event-id": gap?.id ?? "" });
	expect(await again.take(1)).toEqual([event]);
	await again.close();
});

it("[STREAM-8] says to a page of an allowed origin that it may read the stream", async () => {
	const tenant = await newTenant();
	const origin = "https://console.example";
	const exec = createExecutionContext();
	const app = createApp(ROUTES);
	const open = (CORS_ORIGINS: string) =>
		app.fetch(
			new Request(`http://localhost${STREAM}`, {
				headers: { origin, authorization: `Bearer ${tenant.key}` },
			}),
			{ ...env, CORS_ORIGINS },
			exec,
		);
	const allowed = await open(origin);
	expect(allowed.headers.get("access-control-allow-origin")).toBe(origin);
	const silent = await open("");
	expect(silent.headers.get("access-control-allow-origin")).toBeNull();
	await Promise.all([allowed.body?.cancel(), silent.body?.cancel()]);
});
