/** Lists that come in pages, read one after the other as they are needed. */
import type { CallOptions, Query } from "./options.ts";
import type { Transport } from "./transport.ts";
import type { Page } from "./types.ts";

/** Items of a page, and how the next one is asked for. */
export type PageQuery = {
	/** Items of one page. */
	readonly limit?: number | undefined;
	/** `nextCursor` of the page before. */
	readonly cursor?: string | undefined;
};

export function getPage<T>(
	transport: Transport,
	path: string,
	query: Query,
	options?: CallOptions,
): Promise<Page<T>> {
	return transport.call("GET", path, { ...options, query });
}

/** Every item of every page, from `query.cursor` on. A page may be empty and not be the last. */
export async function* listAll<T>(
	transport: Transport,
	path: string,
	query: Query,
	options?: CallOptions,
): AsyncGenerator<T, void, undefined> {
	let cursor = query["cursor"];
	do {
		const page = await getPage<T>(transport, path, { ...query, cursor }, options);
		yield* page.items;
		cursor = page.nextCursor ?? undefined;
	} while (cursor !== undefined);
}
