/** A job's token exchanged over real HTTP, with an issuer of its own on loopback. */
import { expect, it } from "vitest";
import { createApiClient } from "../../helpers/api-client.ts";
import { startNetwork } from "../../helpers/network-process.ts";
import { startOidcIssuer } from "../../helpers/oidc-issuer.ts";

it("[OIDC-20] a job makes a timer without a stored key, and goes on after a kill -9", async () => {
	const issuer = await startOidcIssuer();
	await using first = await startNetwork();
	const admin = createApiClient(first.url, first.dev.apiKey);
	const put = await admin.call("PUT", "/v1/oidc-policies/ci", {
		issuer: issuer.issuer,
		repositories: ["acme/*"],
		refs: ["refs/heads/main"],
		scopes: ["timer.write"],
	});
	expect(put.status).toBe(200);
	const exchange = async (url: string, subjectToken: string) => {
		const body = JSON.stringify({ tenantId: first.dev.tenant, subjectToken });
		const answer = await fetch(`${url}/v1/tokens`, { method: "POST", body });
		return { status: answer.status, body: (await answer.json()) as { accessToken: string } };
	};
	const made = await exchange(first.url, await issuer.sign());
	expect(made.status).toBe(201);
	expect(issuer.asked).toEqual(["/.well-known/openid-configuration", "/jwks"]);
	const pullRequest = await issuer.sign({ ref: "refs/pull/7/merge" });
	expect((await exchange(first.url, pullRequest)).status).toBe(403);

	const job = createApiClient(first.url, made.body.accessToken);
	expect((await job.call("POST", "/v1/timers", { in: "1h" })).status).toBe(201);
	await first.kill("SIGKILL", "both");
	await using second = await first.restart();
	const again = createApiClient(second.url, made.body.accessToken);
	expect((await again.call("POST", "/v1/timers", { in: "1h" })).status).toBe(201);
	expect((await again.call("GET", "/v1/oidc-policies")).status).toBe(403);
	const removed = await createApiClient(second.url, second.dev.apiKey).call(
		"DELETE",
		"/v1/oidc-policies/ci",
	);
	expect(removed.status).toBe(204);
	expect((await exchange(second.url, await issuer.sign())).status).toBe(403);
	await issuer.close();
});
