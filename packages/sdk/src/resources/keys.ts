/** `/v1/keys`: the API keys of a tenant. */
import type { CallOptions } from "../options.ts";
import type { Transport } from "../transport.ts";
import type { Key, KeyCreate, KeyCreated, KeyHolder, Listed } from "../types.ts";

export class Keys {
	readonly #transport: Transport;

	constructor(transport: Transport) {
		this.#transport = transport;
	}

	/** Whose the key of this client is, and what it may do. */
	current(options?: CallOptions): Promise<KeyHolder> {
		return this.#transport.call("GET", "/v1/key", options);
	}

	/** `apiKey` is shown this once. */
	create(input: KeyCreate, options?: CallOptions): Promise<KeyCreated> {
		return this.#transport.call("POST", "/v1/keys", { ...options, body: input });
	}

	/** Whose this client's own key is, and what it may do. */
	holder(options?: CallOptions): Promise<KeyHolder> {
		return this.#transport.call("GET", "/v1/key", options);
	}

	/** All of them, oldest first; a tenant has few. */
	async list(options?: CallOptions): Promise<readonly Key[]> {
		const { items } = await this.#transport.call<Listed<Key>>("GET", "/v1/keys", options);
		return items;
	}

	/** In force everywhere within 5 seconds. */
	delete(id: string, options?: CallOptions): Promise<void> {
		return this.#transport.call("DELETE", `/v1/keys/${encodeURIComponent(id)}`, options);
	}
}
