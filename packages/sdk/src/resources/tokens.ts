/** `/v1/tokens`: access for a while, in exchange for a token of an OpenID Connect issuer. */
import type { CallOptions } from "../options.ts";
import type { Transport } from "../transport.ts";
import type { AccessToken, TokenExchange } from "../types.ts";

export class Tokens {
	readonly #transport: Transport;

	constructor(transport: Transport) {
		this.#transport = transport;
	}

	/** Needs no key. The answer's `accessToken` is a client's `apiKey` until `expiresAt`. */
	exchange(input: TokenExchange, options?: CallOptions): Promise<AccessToken> {
		return this.#transport.call("POST", "/v1/tokens", { ...options, body: input });
	}
}
