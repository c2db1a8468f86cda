/** `/v1/usage`: what is used of the plan, and how late firings were. */
import type { CallOptions } from "../options.ts";
import type { Transport } from "../transport.ts";
import type { Lateness, Usage as UsageAnswer } from "../types.ts";

export class Usage {
	readonly #transport: Transport;

	constructor(transport: Transport) {
		this.#transport = transport;
	}

	get(options?: CallOptions): Promise<UsageAnswer> {
		return this.#transport.call("GET", "/v1/usage", options);
	}

	lateness(options?: CallOptions): Promise<Lateness> {
		return this.#transport.call("GET", "/v1/usage/lateness", options);
	}
}
