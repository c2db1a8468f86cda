/** `/v1/tenants`: for the operator's key, and to read for a tenant's own admins. */
import type { CallOptions } from "../options.ts";
import type { Transport } from "../transport.ts";
import type {
	Key,
	KeyCreate,
	KeyCreated,
	Listed,
	SecretRotated,
	Tenant,
	TenantCreate,
	TenantCreated,
	TenantPatch,
} from "../types.ts";

export class Tenants {
	readonly #transport: Transport;

	constructor(transport: Transport) {
		this.#transport = transport;
	}

	/** Answers its first key and its webhook secret, both shown this once. */
	create(input: TenantCreate, options?: CallOptions): Promise<TenantCreated> {
		return this.#transport.call("POST", "/v1/tenants", { ...options, body: input });
	}

	get(id: string, options?: CallOptions): Promise<Tenant> {
		return this.#transport.call("GET", pathOf(id), options);
	}

	update(id: string, patch: TenantPatch, options?: CallOptions): Promise<Tenant> {
		const request = { ...options, repeatable: true, body: patch };
		return this.#transport.call("PATCH", pathOf(id), request);
	}

	createKey(id: string, input: KeyCreate, options?: CallOptions): Promise<KeyCreated> {
		return this.#transport.call("POST", `${pathOf(id)}/keys`, { ...options, body: input });
	}

	async listKeys(id: string, options?: CallOptions): Promise<readonly Key[]> {
		const { items } = await this.#transport.call<Listed<Key>>("GET", `${pathOf(id)}/keys`, options);
		return items;
	}

	rotateWebhookSecret(id: string, options?: CallOptions): Promise<SecretRotated> {
		return this.#transport.call("POST", `${pathOf(id)}/webhook-secret/rotate`, options);
	}
}

function pathOf(id: string): string {
	return `/v1/tenants/${encodeURIComponent(id)}`;
}
