/** `/v1/oidc-policies`: which tokens of an OpenID Connect issuer stand for the tenant. */
import type { CallOptions } from "../options.ts";
import type { Transport } from "../transport.ts";
import type { Listed, OidcPolicy, OidcPolicyPut } from "../types.ts";

const PATH = "/v1/oidc-policies";

export class OidcPolicies {
	readonly #transport: Transport;

	constructor(transport: Transport) {
		this.#transport = transport;
	}

	/** New, or in place of the one so called. */
	put(name: string, policy: OidcPolicyPut, options?: CallOptions): Promise<OidcPolicy> {
		return this.#transport.call("PUT", pathOf(name), { ...options, body: policy });
	}

	/** All of them, by name; a tenant has few. */
	async list(options?: CallOptions): Promise<readonly OidcPolicy[]> {
		const { items } = await this.#transport.call<Listed<OidcPolicy>>("GET", PATH, options);
		return items;
	}

	get(name: string, options?: CallOptions): Promise<OidcPolicy> {
		return this.#transport.call("GET", pathOf(name), options);
	}

	delete(name: string, options?: CallOptions): Promise<void> {
		return this.#transport.call("DELETE", pathOf(name), options);
	}
}

function pathOf(name: string): string {
	return `${PATH}/${encodeURIComponent(name)}`;
}
