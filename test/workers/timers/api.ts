/** Drives the HTTP API in workerd, a tenant of its own per test, without a socket in between. */
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env as bindings } from "cloudflare:workers";
import { createApp } from "../../../src/app.ts";
import type { Env } from "../../../src/env.ts";
import { ROUTES } from "../../../src/http/routes/all.ts";

// The plugin's `env` is untyped unless the project declares it globally.
export const env = bindings as unknown as Env;

const app = createApp(ROUTES);

// biome-ignore lint/suspicious/noExplicitAny: answers are whatever the API says; tests compare them
export type Answer = { status: number; headers: Headers; body: any };

export type Api = {
	readonly tenant: string;
	readonly key: string;
	readonly call: (
		method: string,
		path: string,
		body?: unknown,
		headers?: Record<string, string>,
	) => Promise<Answer>;
};

/** Calls a path with a key. Text is sent as it is, anything else as JSON. */
export async function callWith(
	key: string,
	method: string,
	path: string,
	body?: unknown,
	headers: Record<string, string> = {},
): Promise<Answer> {
	const exec = createExecutionContext();
	const text = typeof body === "string" ? body : JSON.stringify(body);
	const request = new Request(`http://localhost${path}`, {
		method,
		headers: { authorization: `Bearer ${key}`, ...headers },
		...(body !== undefined && { body: text }),
	});
	const response = await app.fetch(request, env, exec);
	await waitOnExecutionContext(exec);
	const answer = await response.text();
	return {
		status: response.status,
		headers: response.headers,
		body: answer === "" ? undefined : JSON.parse(answer),
	};
}

/** A tenant that no other test uses. */
export async function newTenant(plan = "enterprise"): Promise<Api> {
	const tenant = `t-${crypto.randomUUID().slice(0, 13)}`;
	const created = await operator("POST", "/v1/tenants", { id: tenant, plan });
	if (created.status !== 201) throw new Error(JSON.stringify(created.body));
	const key: string = created.body.apiKey;
	return {
		tenant,
		key,
		call: (method, path, body, headers) => callWith(key, method, path, body, headers),
	};
}

export function operator(method: string, path: string, body?: unknown): Promise<Answer> {
	return callWith(env.MINOOTS_ADMIN_KEY, method, path, body);
}
