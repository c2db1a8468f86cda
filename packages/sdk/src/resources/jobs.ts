/** `/v1/jobs`: how far a bulk call has come. */
import type { CallOptions } from "../options.ts";
import type { Transport } from "../transport.ts";
import type { Job } from "../types.ts";

export class Jobs {
	readonly #transport: Transport;

	constructor(transport: Transport) {
		this.#transport = transport;
	}

	get(id: string, options?: CallOptions): Promise<Job> {
		return this.#transport.call("GET", `/v1/jobs/${encodeURIComponent(id)}`, options);
	}
}
