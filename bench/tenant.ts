/**
 * A tenant of the network under test, as a client knows it: a URL and a key. Timed calls go through
 * `Connection`; what is only preparation goes through `fetch`.
 */
import type { TimerCreate } from "../src/contract/timer.ts";
import type { NetworkProcess } from "../test/helpers/network-process.ts";
import { type Answer, Connection } from "./load/connection.ts";
import { encodeRequest } from "./load/request.ts";
import { unexpected } from "./load/unexpected.ts";

/** As many as one call may create. */
export const BATCH_TIMERS = 10_000;

export type BatchFormat = "json" | "ndjson";

export class Tenant {
	readonly origin: string;
	readonly id: string;
	readonly #headers: Readonly<Record<string, string>>;

	constructor(origin: string, id: string, apiKey: string) {
		this.origin = origin;
		this.id = id;
		this.#headers = { authorization: `Bearer ${apiKey}` };
	}

	/** `POST /v1/timers` as bytes. */
	createRequest(timer: TimerCreate): Buffer {
		const headers = { ...this.#headers, "content-type": "application/json" };
		return encodeRequest({
			method: "POST",
			path: "/v1/timers",
			headers,
			body: JSON.stringify(timer),
		});
	}

	/** `POST /v1/timers/batch` as bytes. */
	batchRequest(timers: readonly TimerCreate[], format: BatchFormat = "json"): Buffer {
		const type = format === "json" ? "application/json" : "application/x-ndjson";
		const lines = timers.map((timer) => JSON.stringify(timer));
		const body = format === "json" ? `{"timers":[${lines.join(",")}]}` : lines.join("\n");
		const headers = { ...this.#headers, "content-type": type };
		return encodeRequest({ method: "POST", path: "/v1/timers/batch", headers, body });
	}

	/** Any other call as bytes. */
	request(method: string, path: string): Buffer {
		return encodeRequest({ method, path, headers: this.#headers });
	}

	/** Any other call with a JSON body, as bytes. */
	post(path: string, body: unknown): Buffer {
		const headers = { ...this.#headers, "content-type": "application/json" };
		return encodeRequest({ method: "POST", path, headers, body: JSON.stringify(body) });
	}

	/** The headers of every call of this tenant, for clients that are not timed by `Connection`. */
	get headers(): Readonly<Record<string, string>> {
		return this.#headers;
	}

	/** Creates all of them in calls of at most `batchTimers`; rejects unless every one was created. */
	async createAll(timers: readonly TimerCreate[], batchTimers = BATCH_TIMERS): Promise<void> {
		const connection = new Connection(this.origin);
		try {
			for (let from = 0; from < timers.length; from += batchTimers) {
				const batch = timers.slice(from, from + batchTimers);
				requireCreated(await connection.request(this.batchRequest(batch)), batch.length);
			}
		} finally {
			connection.close();
		}
	}
}

/** Rejects an answer to a batch that did not create `count` timers. */
export function requireCreated({ status, body }: Answer, count: number): void {
	const created = /"created":(\d+)/.exec(body.toString("latin1"))?.[1];
	if (Number(created) !== count) throw unexpected(status, body);
}

/** The tenant that every local network starts with. */
export function firstTenant({ url, dev }: NetworkProcess): Tenant {
	return new Tenant(url, dev.tenant, dev.apiKey);
}

/** A further tenant on the unlimited plan. */
export async function createTenant(network: NetworkProcess, id: string): Promise<Tenant> {
	const body = { id, plan: "enterprise" };
	const created = await callOperator(network, "POST", "/v1/tenants", body);
	return new Tenant(network.url, id, String(created["apiKey"]));
}

/** One call with the operator's key; rejects unless it succeeds. */
export async function callOperator(
	{ url, dev }: NetworkProcess,
	method: string,
	path: string,
	body: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>>> {
	const response = await fetch(url + path, {
		method,
		headers: { authorization: `Bearer ${dev.adminKey}`, "content-type": "application/json" },
		body: JSON.stringify(body),
	});
	const text = await response.text();
	if (!response.ok) throw unexpected(response.status, Buffer.from(text));
	return JSON.parse(text);
}
