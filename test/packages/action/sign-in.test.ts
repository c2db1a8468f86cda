/** Signing in with GitHub's OIDC token in place of a key. */
import { expect, test } from "vitest";
import { type Asked, type FakeAnswer, problem, startFakeNetwork, TIMER } from "./fake-network.ts";
import { startIdTokenService } from "./id-token-service.ts";
import { errorsOf, runStep } from "./runner.ts";

const ID_TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl";
const ACCESS_TOKEN = "mat_0123456789abcdefghij";

const EXCHANGED = {
	status: 201,
	body: {
		accessToken: ACCESS_TOKEN,
		tokenType: "Bearer",
		expiresAt: "2031-01-01T00:00:00.000Z",
		scopes: ["timer.write"],
		policy: "deploys",
	},
};

/** A network that exchanges tokens, and answers the rest as it is told. */
function withTokens(answer: (asked: Asked) => FakeAnswer) {
	return startFakeNetwork((asked) => (asked.path === "/v1/tokens" ? EXCHANGED : answer(asked)));
}

test("[ACT-23] without a key, the job's token is exchanged for one of the network's", async () => {
	await using network = await withTokens(() => ({ status: 201, body: TIMER }));
	await using service = await startIdTokenService(() => ID_TOKEN);
	const step = await runStep({
		env: service.env,
		with: { "api-base-url": network.url, "tenant-id": "acme", duration: "1h" },
	});
	expect(step.exitCode, step.log).toBe(0);
	expect(service.audiences).toEqual(["minoots"]);
	const [exchange, create] = network.asked;
	expect(exchange?.headers.authorization).toBeUndefined();
	expect(JSON.parse(exchange?.body ?? "")).toEqual({ tenantId: "acme", subjectToken: ID_TOKEN });
	expect(create?.headers.authorization).toBe(`Bearer ${ACCESS_TOKEN}`);
});

test("[ACT-16] both tokens are masked, and no error repeats them", async () => {
	const echo = problem(403, "forbidden", `${ID_TOKEN} and ${ACCESS_TOKEN}`);
	await using network = await withTokens(() => echo);
	await using service = await startIdTokenService(() => ID_TOKEN);
	const step = await runStep({
		env: service.env,
		with: { "api-base-url": network.url, "tenant-id": "acme", duration: "1h" },
	});
	expect(step.exitCode).toBe(1);
	expect(new Set(step.masks)).toEqual(new Set([ID_TOKEN, ACCESS_TOKEN]));
	for (const token of [ID_TOKEN, ACCESS_TOKEN]) {
		expect([step.log, step.summary].join("\n")).not.toContain(token);
	}
});

test("[ACT-24] a job without the permission is told of it, and so is a tenant that is missing", async () => {
	const without = await runStep({
		with: { "api-base-url": "http://127.0.0.1:9", "tenant-id": "acme", duration: "1h" },
	});
	expect(errorsOf(without).join()).toContain("`permissions: id-token: write`");
	const nobody = await runStep({ with: { "api-base-url": "http://127.0.0.1:9", duration: "1h" } });
	expect(errorsOf(nobody).join()).toContain("Input `tenant-id` is missing");
});

test("[ACT-24] a token that GitHub or the tenant refuses fails, whatever may continue", async () => {
	await using network = await startFakeNetwork(() => problem(403, "forbidden", "wrong ref"));
	await using service = await startIdTokenService(() => ID_TOKEN);
	await using silent = await startIdTokenService(() => undefined);
	const inputs = {
		"api-base-url": network.url,
		"tenant-id": "acme",
		"oidc-audience": "https://minoots.example.com",
		"continue-on-unavailable": "true",
		duration: "1h",
	};
	const refused = await runStep({ env: service.env, with: inputs });
	expect(refused.exitCode).toBe(1);
	expect(errorsOf(refused).join()).toContain("OIDC policies");
	expect(errorsOf(refused).join()).toContain("wrong ref");
	expect(service.audiences).toEqual(["https://minoots.example.com"]);
	const none = await runStep({ env: silent.env, with: inputs });
	expect([none.exitCode, network.asked.length]).toEqual([1, 1]);
	expect(errorsOf(none).join()).toContain("no OIDC token");
});

test("[ACT-25] a wait that outlasts its access token signs in again", async () => {
	let polls = 0;
	await using network = await withTokens(({ path }) => {
		if (!path.includes("/wait")) return { status: 200, body: TIMER };
		polls += 1;
		if (polls === 1) return problem(401, "unauthorized", "expired");
		return { status: 200, body: { ...TIMER, status: "settled" } };
	});
	await using service = await startIdTokenService(() => ID_TOKEN);
	const step = await runStep({
		env: service.env,
		with: {
			command: "wait",
			"timer-id": "tmr_1",
			"api-base-url": network.url,
			"tenant-id": "acme",
		},
	});
	expect([step.exitCode, step.outputs["status"]], step.log).toEqual([0, "settled"]);
	expect(service.audiences).toHaveLength(2);
});
