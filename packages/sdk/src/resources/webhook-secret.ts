/** `/v1/webhook-secret`: what signs the webhooks of a tenant. */
import type { CallOptions } from "../options.ts";
import type { Transport } from "../transport.ts";
import type { SecretRotated } from "../types.ts";

export class WebhookSecret {
	readonly #transport: Transport;

	constructor(transport: Transport) {
		this.#transport = transport;
	}

	/** The new one is shown this once; the old one signs beside it until `previousSignsUntil`. */
	rotate(options?: CallOptions): Promise<SecretRotated> {
		return this.#transport.call("POST", "/v1/webhook-secret/rotate", options);
	}
}
