/** `/v1/dead-letters`: deliveries that were given up, to be looked at, edited and sent again. */
import type { CallOptions } from "../options.ts";
import { getPage, listAll, type PageQuery } from "../paging.ts";
import type { Transport } from "../transport.ts";
import type {
	BulkReplayAnswer,
	BulkReplayCall,
	DeadLetter,
	DeadLetterPatch,
	Delivery,
	Page,
} from "../types.ts";
import { queryOf } from "./timers.ts";

export type DeadLetterQuery = PageQuery & {
	readonly name?: string | undefined;
	/** Each as `key:value`; all must match. */
	readonly label?: string | readonly string[] | undefined;
	readonly labels?: Readonly<Record<string, string>> | undefined;
	readonly deadBefore?: string | undefined;
	readonly deadAfter?: string | undefined;
	/** Of the destination. */
	readonly host?: string | undefined;
};

const PATH = "/v1/dead-letters";

export class DeadLetters {
	readonly #transport: Transport;

	constructor(transport: Transport) {
		this.#transport = transport;
	}

	/** Oldest first. */
	list(
		query: DeadLetterQuery = {},
		options?: CallOptions,
	): AsyncGenerator<DeadLetter, void, undefined> {
		return listAll(this.#transport, PATH, queryOf(query), options);
	}

	page(query: DeadLetterQuery = {}, options?: CallOptions): Promise<Page<DeadLetter>> {
		return getPage(this.#transport, PATH, queryOf(query), options);
	}

	/** With every attempt. */
	get(id: string, options?: CallOptions): Promise<DeadLetter> {
		return this.#transport.call("GET", `${PATH}/${encodeURIComponent(id)}`, options);
	}

	/** Sends it again, edited by `patch`; its `webhook-id` stays the same. */
	replay(
		id: string,
		input: { readonly patch?: DeadLetterPatch | undefined } = {},
		options?: CallOptions,
	): Promise<Delivery> {
		const path = `${PATH}/${encodeURIComponent(id)}/replay`;
		return this.#transport.call("POST", path, { ...options, body: input });
	}

	replayAll(input: BulkReplayCall, options?: CallOptions): Promise<BulkReplayAnswer> {
		return this.#transport.call("POST", `${PATH}/replay`, { ...options, body: input });
	}

	delete(id: string, options?: CallOptions): Promise<void> {
		return this.#transport.call("DELETE", `${PATH}/${encodeURIComponent(id)}`, options);
	}
}
