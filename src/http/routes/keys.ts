/** API keys, for a tenant's admins, and for the operator under `/v1/tenants/:id`. */
import { z } from "zod";
import { registryOf } from "../../../durable-objects/shared/object-names.ts";
import type { Principal, TenantConfig } from "../../../durable-objects/tenant-registry/rpc.ts";
import { TenantIdSchema } from "../../contract/ids.ts";
import {
	type KeyCreate,
	KeyCreatedSchema,
	KeyCreateSchema,
	type KeyHolder,
	KeyHolderSchema,
	KeySchema,
} from "../../contract/tenant.ts";
import { formatInstant } from "../../core/instant.ts";
import { err } from "../../core/result.ts";
import type { Env } from "../../env.ts";
import { registryFailure } from "../registry-failure.ts";
import { reply } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import {
	KEY_CREATE_EXAMPLE,
	KEY_CREATED_EXAMPLE,
	KEY_EXAMPLE,
	KEY_HOLDER_EXAMPLE,
} from "./examples.ts";

const TenantParamsSchema = z.object({ id: TenantIdSchema });
const KeyParamsSchema = z.object({ id: z.string().max(64) });
/** Not in pages: a tenant has a bounded number of keys. `nextCursor` is always null. */
const KeyListSchema = z.object({ items: z.array(KeySchema), nextCursor: z.null() });

const CREATED = {
	201: { description: "Created", schema: KeyCreatedSchema, example: KEY_CREATED_EXAMPLE },
};
const LISTED = {
	200: {
		description: "Every key, oldest first",
		schema: KeyListSchema,
		example: { items: [KEY_EXAMPLE], nextCursor: null },
	},
};

export const keyRoutes: readonly Route[] = [
	defineRoute({
		method: "POST",
		path: "/v1/keys",
		tag: "Keys",
		summary: "Create a key",
		description:
			"`apiKey` is shown this once. A key with `mailboxes` may only use what agents use, in the mailboxes that match.",
		auth: { scope: "tenant.admin" },
		request: { body: KeyCreateSchema, example: KEY_CREATE_EXAMPLE },
		responses: CREATED,
		idempotency: { stored: true, secrets: ["apiKey"] },
		handle: ({ env, tenant, body }) => createKey(env, tenant, body),
	}),
	defineRoute({
		method: "GET",
		path: "/v1/key",
		tag: "Keys",
		summary: "Whose the key of this call is",
		description: "And what it may do. Takes any key, the operator's too.",
		auth: "anyKey",
		responses: {
			200: { description: "Its holder", schema: KeyHolderSchema, example: KEY_HOLDER_EXAMPLE },
		},
		handle: ({ tenant, principal, config }) => reply(holderOf(tenant, principal, config)),
	}),
	defineRoute({
		method: "GET",
		path: "/v1/keys",
		tag: "Keys",
		summary: "List keys",
		description: "Shows the beginning of each key, never the whole.",
		auth: { scope: "tenant.admin" },
		responses: LISTED,
		handle: ({ env, tenant }) => listKeys(env, tenant),
	}),
	defineRoute({
		method: "DELETE",
		path: "/v1/keys/:id",
		tag: "Keys",
		summary: "Revoke a key",
		description: "Complete everywhere within 5 seconds, the time an edge trusts what it knows.",
		auth: { scope: "tenant.admin" },
		request: { params: KeyParamsSchema },
		responses: { 204: { description: "Revoked" } },
		problems: ["not_found"],
		async handle({ env, tenant, params }) {
			const deleted = await registryOf(env, tenant).deleteKey(params.id);
			if (!deleted.ok) return err(registryFailure(deleted.error, "The key"));
			return reply(undefined, 204);
		},
	}),
	defineRoute({
		method: "POST",
		path: "/v1/tenants/:id/keys",
		tag: "Tenants",
		summary: "Create a key for a tenant",
		auth: "operator",
		request: { params: TenantParamsSchema, body: KeyCreateSchema, example: KEY_CREATE_EXAMPLE },
		responses: CREATED,
		problems: ["not_found"],
		idempotency: { stored: true, secrets: ["apiKey"], tenantOf: ({ params }) => params.id },
		handle: ({ env, params, body }) => createKey(env, params.id, body),
	}),
	defineRoute({
		method: "GET",
		path: "/v1/tenants/:id/keys",
		tag: "Tenants",
		summary: "List a tenant's keys",
		auth: "operator",
		request: { params: TenantParamsSchema },
		responses: LISTED,
		problems: ["not_found"],
		handle: ({ env, params }) => listKeys(env, params.id),
	}),
];

function holderOf(
	tenant: string | undefined,
	principal: Principal | undefined,
	config: TenantConfig | undefined,
): KeyHolder {
	if (tenant === undefined || principal === undefined || config === undefined) {
		return { kind: "operator" };
	}
	const { keyId, scopes, mailboxes, expiresAt } = principal;
	return {
		kind: "tenant",
		tenant,
		plan: config.plan,
		keyId,
		scopes: [...scopes],
		mailboxes: mailboxes === null ? null : [...mailboxes],
		expiresAt: expiresAt === null ? null : formatInstant(expiresAt),
	};
}

async function createKey(env: Env, tenant: string, input: KeyCreate) {
	const created = await registryOf(env, tenant).createKey(input);
	if (!created.ok) return err(registryFailure(created.error, `The tenant "${tenant}"`));
	const { key, apiKey } = created.value;
	return reply({ ...key, apiKey }, 201);
}

async function listKeys(env: Env, tenant: string) {
	const keys = await registryOf(env, tenant).listKeys();
	if (!keys.ok) return err(registryFailure(keys.error, `The tenant "${tenant}"`));
	return reply({ items: keys.value, nextCursor: null });
}
