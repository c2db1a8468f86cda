/** An issuer in place of the outside world, and tenants whose policies trust it. */
import { afterAll, afterEach, beforeEach, expect, vi } from "vitest";
import { createOidcTokens, type OidcTokens } from "../../helpers/oidc-tokens.ts";
import { type Answer, call, newTenant, type TestTenant } from "../http/client.ts";

export const SCOPES = ["timer.write", "timer.read"];

let issuers = 0;
export let issuer: OidcTokens;
/** What the outside world answers, by its address. */
let answers: Record<string, () => Response>;
/** What was asked of it. */
export let fetched: string[];

/**
 * Called once, on top of a file. Each test has an issuer that no other has asked; addresses, so that
 * no name is looked up.
 */
export function replaceOutside(): void {
	beforeEach(async () => {
		vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
		issuers += 1;
		issuer = await createOidcTokens(`https://1.1.1.1/issuer-${issuers}`);
		answers = {};
		fetched = [];
		vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit) => {
			const { url, redirect } = new Request(input, init);
			fetched.push(url);
			expect([redirect, init?.signal]).toEqual(["manual", expect.any(AbortSignal)]);
			const answer = answers[url];
			if (answer !== undefined) return answer();
			const document = url.startsWith(issuer.issuer)
				? (await issuer.documents())[url.slice(issuer.issuer.length)]
				: undefined;
			return document === undefined ? new Response("", { status: 404 }) : Response.json(document);
		});
	});
	afterEach(() => {
		vi.unstubAllGlobals();
	});
	afterAll(() => {
		vi.useRealTimers();
	});
}

/** What the outside answers from now on, before the issuer is asked. */
export function answerWith(given: Record<string, () => Response>): void {
	answers = given;
}

export function policy(more: object = {}) {
	return { issuer: issuer.issuer, repositories: ["acme/site"], scopes: SCOPES, ...more };
}

export async function put({ key }: TestTenant, name: string, body: object): Promise<Answer> {
	const answer = await call(`/v1/oidc-policies/${name}`, { method: "PUT", key, body });
	if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
	return answer;
}

export async function tenantWith(more: object = {}): Promise<TestTenant> {
	const tenant = await newTenant();
	await put(tenant, "ci", policy(more));
	return tenant;
}

export const exchange = (tenantId: string, subjectToken: string): Promise<Answer> =>
	call("/v1/tokens", { body: { tenantId, subjectToken } });

/** The instant so far from now, as claims write it. */
export const seconds = (ms: number) => Math.floor((Date.now() + ms) / 1_000);
