/** The local runtime tells the Worker that the machine's clock was set. */
import { runInDurableObject } from "cloudflare:test";
import { afterEach, expect, it, vi } from "vitest";
import { HOUR } from "../../../src/core/units.ts";
import { env, newTenant, operator } from "../timers/api.ts";

afterEach(() => {
	vi.useRealTimers();
});

it("[DRIFT-24] a wake that says so has the alarms of shards and mailboxes ring at once", async () => {
	const { tenant, call } = await newTenant();
	await call("POST", "/v1/timers", { in: "3h" });
	await call("POST", "/v1/mailboxes/build/messages", { body: { run: "make" }, delayMs: 3 * HOUR });
	const objects = [
		env.TENANT_SHARD.get(env.TENANT_SHARD.idFromName(`${tenant}:0`)),
		env.AGENT_MAILBOX.get(env.AGENT_MAILBOX.idFromName(`${tenant}:build`)),
	];
	const alarms = () =>
		Promise.all(
			objects.map((object) => runInDurableObject(object, (_, { storage }) => storage.getAlarm())),
		);
	// Ahead of the machine's, so that the platform rings nothing by itself.
	const now = Date.now() + HOUR;
	vi.useFakeTimers({ toFake: ["Date"], now });
	const before = await alarms();
	for (const at of before) expect(at).toBeGreaterThan(now + HOUR);

	await operator("POST", "/internal/wake", {});
	expect(await alarms()).toEqual(before);
	const { status } = await operator("POST", "/internal/wake", { clockWasSet: true });
	expect(status).toBe(200);
	expect(await alarms()).toEqual([now + 1, now + 1]);
	expect((await operator("POST", "/internal/wake", { clockWasSet: "yes" })).status).toBe(422);
});
