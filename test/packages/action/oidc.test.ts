/** Policies of a real network, and jobs that it lets in or not. */
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type ApiClient, createApiClient } from "../../helpers/api-client.ts";
import { type NetworkProcess, startNetwork } from "../../helpers/network-process.ts";
import { type OidcIssuer, startOidcIssuer } from "../../helpers/oidc-issuer.ts";
import { startIdTokenService } from "./id-token-service.ts";
import { errorsOf, runStep, type Step } from "./runner.ts";

let network: NetworkProcess;
let api: ApiClient;
let issuer: OidcIssuer;
beforeAll(async () => {
	[network, issuer] = await Promise.all([startNetwork(), startOidcIssuer()]);
	api = createApiClient(network.url, network.dev.apiKey);
	const { status, body } = await api.call("PUT", "/v1/oidc-policies/deploys", {
		issuer: issuer.issuer,
		repositories: ["acme/*"],
		refs: ["refs/heads/main"],
		environments: ["production"],
		scopes: ["timer.write"],
	});
	expect(status, JSON.stringify(body)).toBe(200);
});
afterAll(async () => {
	await issuer?.close();
	await network?.stop();
});

/** A step of a job whose token says this. */
async function stepOf(
	claims: Readonly<Record<string, unknown>>,
	inputs: Readonly<Record<string, string>> = { duration: "1h" },
): Promise<Step> {
	const service = await startIdTokenService((aud) => issuer.sign({ aud, ...claims }));
	onTestFinished(() => service[Symbol.asyncDispose]());
	const access = { "api-base-url": network.url, "tenant-id": network.dev.tenant };
	return runStep({ env: service.env, with: { ...access, ...inputs } });
}

const ALLOWED = { environment: "production" };

test("[ACT-23] a job that a policy names makes a timer", async () => {
	const step = await stepOf(ALLOWED);
	expect(step.exitCode, step.log).toBe(0);
	const { status } = await api.call("GET", `/v1/timers/${step.outputs["timer-id"]}`);
	expect(status).toBe(200);
	expect(new Set(step.masks).size).toBe(2);
});

test.each([
	["another repository", { ...ALLOWED, repository: "evil/site" }],
	["another ref", { ...ALLOWED, ref: "refs/heads/feature" }],
	["no environment", {}],
	["another audience", { ...ALLOWED, aud: "elsewhere" }],
])("[ACT-24] a job of %s is not let in", async (_, claims) => {
	const step = await stepOf(claims);
	expect(step.exitCode).toBe(1);
	expect(errorsOf(step)[0]).toContain("Input `tenant-id` is refused");
});

test("[ACT-24] what the policy does not allow is refused", async () => {
	const inputs = { command: "cancel", "timer-id": "tmr_0000000000000000000000" };
	const step = await stepOf(ALLOWED, inputs);
	expect(step.exitCode).toBe(1);
	expect(errorsOf(step)[0]).toMatch(/^The OIDC policy .*timer\.cancel/s);
});
