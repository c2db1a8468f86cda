/** Calls the exported Worker as a client does, each test with tenants of its own. */
import { env, exports } from "cloudflare:workers";

export const OPERATOR_KEY = env.MINOOTS_ADMIN_KEY;

export type Call = {
	readonly method?: string;
	readonly key?: string | undefined;
	/** Text is sent as it is, anything else as JSON. */
	readonly body?: unknown;
	readonly headers?: Readonly<Record<string, string>>;
};

// biome-ignore lint/suspicious/noExplicitAny: answers are whatever the API says; tests compare them
export type Answer = { readonly status: number; readonly headers: Headers; readonly body: any };

export async function call(path: string, request: Call = {}): Promise<Answer> {
	const { method, key, body, headers } = request;
	const response = await exports.default.fetch(
		new Request(`http://localhost${path}`, {
			method: method ?? (body === undefined ? "GET" : "POST"),
			headers: { ...(key !== undefined && { authorization: `Bearer ${key}` }), ...headers },
			...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
		}),
	);
	const text = await response.text();
	const isJson = /[/+]json/.test(response.headers.get("content-type") ?? "");
	return {
		status: response.status,
		headers: response.headers,
		body: isJson ? JSON.parse(text) : text,
	};
}

/** Status and code of a problem, to compare at one glance. */
export function outcome({ status, body }: Answer): string {
	return `${status} ${body.code}`;
}

export type TestTenant = {
	readonly id: string;
	readonly key: string;
	readonly webhookSecret: string;
	/** A further key with these scopes. */
	readonly keyFor: (scopes: readonly string[], more?: object) => Promise<string>;
};

export async function newTenant(plan = "enterprise"): Promise<TestTenant> {
	const id = `t-${crypto.randomUUID().slice(0, 13)}`;
	const { status, body } = await call("/v1/tenants", { key: OPERATOR_KEY, body: { id, plan } });
	if (status !== 201) throw new Error(JSON.stringify(body));
	return {
		id,
		key: body.apiKey,
		webhookSecret: body.webhookSecret,
		async keyFor(scopes, more) {
			const made = await call("/v1/keys", {
				key: body.apiKey,
				body: { name: "k", scopes, ...more },
			});
			if (made.status !== 201) throw new Error(JSON.stringify(made.body));
			return made.body.apiKey;
		},
	};
}
