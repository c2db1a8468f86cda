/** `/v1/mailboxes/:name/dead-messages`: messages put in by hand that were given up. */
import type { CallOptions } from "../options.ts";
import { getPage, listAll, type PageQuery } from "../paging.ts";
import type { Transport } from "../transport.ts";
import type { DeadMessage, Page } from "../types.ts";
import { mailboxPath } from "./mailboxes.ts";

export class DeadMessages {
	readonly #transport: Transport;

	constructor(transport: Transport) {
		this.#transport = transport;
	}

	/** Oldest first. */
	list(
		mailbox: string,
		query: PageQuery = {},
		options?: CallOptions,
	): AsyncGenerator<DeadMessage, void, undefined> {
		return listAll(this.#transport, pathOf(mailbox), query, options);
	}

	page(mailbox: string, query: PageQuery = {}, options?: CallOptions): Promise<Page<DeadMessage>> {
		return getPage(this.#transport, pathOf(mailbox), query, options);
	}

	/** Puts it back, with a fresh count of attempts. */
	replay(mailbox: string, id: string, options?: CallOptions): Promise<{ readonly id: string }> {
		return this.#transport.call("POST", `${pathOf(mailbox, id)}/replay`, options);
	}

	delete(mailbox: string, id: string, options?: CallOptions): Promise<void> {
		return this.#transport.call("DELETE", pathOf(mailbox, id), options);
	}
}

function pathOf(mailbox: string, id?: string): string {
	const path = `${mailboxPath(mailbox)}/dead-messages`;
	return id === undefined ? path : `${path}/${encodeURIComponent(id)}`;
}
