/** A plain HTTP client of a running network, for end-to-end tests: what curl would send and see. */
import type { TimerView } from "../../src/contract/timer.ts";

export type Answer<T> = { readonly status: number; readonly headers: Headers; readonly body: T };

export type ApiClient = {
	readonly call: <T>(method: string, path: string, body?: unknown) => Promise<Answer<T>>;
	/** Creates timers in batches of 10,000 and answers their ids. */
	readonly createAll: (timers: readonly unknown[]) => Promise<readonly string[]>;
	/** Everything a list answers, page by page. */
	readonly listAll: (query: string) => Promise<readonly TimerView[]>;
};

type Batch = { readonly results: readonly { readonly id?: string; readonly error?: unknown }[] };
type ListPage = { readonly items: readonly TimerView[]; readonly nextCursor: string | null };

const BATCH_TIMERS = 10_000;

export function createApiClient(url: string, apiKey: string): ApiClient {
	async function call<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
		const response = await fetch(url + path, {
			method,
			headers: { authorization: `Bearer ${apiKey}` },
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
		const text = await response.text();
		// The caller names the shape it expects and asserts on it.
		const parsed = (text === "" ? null : JSON.parse(text)) as T;
		return { status: response.status, headers: response.headers, body: parsed };
	}

	async function createAll(timers: readonly unknown[]): Promise<readonly string[]> {
		const ids: string[] = [];
		for (let at = 0; at < timers.length; at += BATCH_TIMERS) {
			const part = timers.slice(at, at + BATCH_TIMERS);
			const { status, body } = await call<Batch>("POST", "/v1/timers/batch", { timers: part });
			if (status !== 200) throw new Error(`batch: ${status} ${JSON.stringify(body)}`);
			for (const { id, error } of body.results) {
				if (id === undefined) throw new Error(`batch: ${JSON.stringify(error)}`);
				ids.push(id);
			}
		}
		return ids;
	}

	async function listAll(query: string): Promise<readonly TimerView[]> {
		const items: TimerView[] = [];
		let cursor = "";
		for (;;) {
			const { body } = await call<ListPage>("GET", `/v1/timers?limit=1000&${query}${cursor}`);
			items.push(...body.items);
			if (body.nextCursor === null) return items;
			cursor = `&cursor=${encodeURIComponent(body.nextCursor)}`;
		}
	}

	return { call, createAll, listAll };
}
