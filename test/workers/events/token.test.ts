import { expect, it } from "vitest";
import { call, newTenant, outcome } from "../http/client.ts";
import { openStream } from "./streams.ts";

async function mint(key: string): Promise<{ token: string; expiresAt: string }> {
	const { status, body } = await call("/v1/stream-tokens", { key, method: "POST" });
	expect(status).toBe(201);
	return body;
}

it("[STREAM-20] a token opens one stream, within a minute, without a key", async () => {
	const tenant = await newTenant();
	const { token, expiresAt } = await mint(await tenant.keyFor(["timer.read"]));
	const left = Date.parse(expiresAt) - Date.now();
	expect(left).toBeGreaterThan(50_000);
	expect(left).toBeLessThanOrEqual(60_000);
	const path = `/v1/events/stream?token=${token}`;
	const stream = await openStream(path, null);
	await call("/v1/timers", { key: tenant.key, body: { in: "1h" } });
	expect(await stream.take(1)).toMatchObject([{ data: { tenantid: tenant.id } }]);
	await stream.close();
	expect(outcome(await call(path))).toBe("401 unauthorized");
});

it("[STREAM-21] a token is taken by the two stream routes only, and one that was altered by none", async () => {
	const tenant = await newTenant();
	const { token } = await mint(tenant.key);
	for (const path of ["/v1/timers", "/v1/usage", "/v1/dead-letters"]) {
		expect(outcome(await call(`${path}?token=${token}`))).toBe("401 unauthorized");
	}
	const altered = [
		token.replace(tenant.id, (await newTenant()).id),
		token.replace(/\d{13}/, (at) => String(Number(at) + 1)),
		`${token.slice(0, -1)}${token.endsWith("0") ? "1" : "0"}`,
		"mst_",
		"x",
	];
	for (const one of altered) {
		const answer = await call(`/v1/events/stream?token=${one}`);
		expect(outcome(answer)).toBe("401 unauthorized");
	}
	const stream = await openStream(`/v1/events/stream?token=${token}`, null);
	await stream.close();
});

it("[STREAM-21] a token is made with a key that may read", async () => {
	const tenant = await newTenant();
	const key = await tenant.keyFor(["timer.write"]);
	const answer = await call("/v1/stream-tokens", { key, method: "POST" });
	expect(outcome(answer)).toBe("403 forbidden");
});
