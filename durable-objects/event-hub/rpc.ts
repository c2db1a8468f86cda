/** What a tenant's event hub is asked: by its shards, and by the edge for a reader. */
import type { Address } from "../../src/core/public-id.ts";

/** A reader as the edge describes it; the hub's `fetch` takes it as JSON in `READER_PARAMETER`. */
export type ReaderSpec = {
	readonly tenant: string;
	/** Of the key that the reader showed, or that its token was made with. */
	readonly keyId: string;
	/** Where to resume; null begins at now. */
	readonly cursor: string | null;
	/** Types, and prefixes that end with a dot; empty for all. */
	readonly topics: readonly string[];
	readonly timer: Address | null;
	/** The token to spend, where one was shown. */
	readonly token: { readonly nonce: string; readonly expiresAt: number } | null;
};

export const READER_PARAMETER = "reader";

/** The hub's status for a token that was used before; everything else it answers is a stream. */
export const TOKEN_SPENT_STATUS = 401;

export interface EventHubRpc {
	/** A shard has new events. Answers whether anybody reads: a shard that hears no may forget it. */
	poke(shard: number): Promise<boolean>;
}
