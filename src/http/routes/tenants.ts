/** Tenants, as the operator makes and changes them and as their own admins read them. */
import { z } from "zod";
import { directoryOf, registryOf } from "../../../durable-objects/shared/object-names.ts";
import { TenantIdSchema } from "../../contract/ids.ts";
import {
	TenantCreatedSchema,
	TenantCreateSchema,
	TenantPatchSchema,
	TenantSchema,
} from "../../contract/tenant.ts";
import { DEFAULT_PLAN } from "../../core/plan.ts";
import { err } from "../../core/result.ts";
import { refuse } from "../failure.ts";
import { registryFailure } from "../registry-failure.ts";
import { reply } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { TENANT_CREATED_EXAMPLE, TENANT_EXAMPLE } from "./examples.ts";

const TenantParamsSchema = z.object({ id: TenantIdSchema });

export const tenantRoutes: readonly Route[] = [
	defineRoute({
		method: "POST",
		path: "/v1/tenants",
		tag: "Tenants",
		summary: "Create a tenant",
		description:
			"Answers its first key, which may do everything in the tenant, and the secret that signs its webhooks. Both are shown this once.",
		auth: "operator",
		request: { body: TenantCreateSchema, example: { id: "acme", name: "Acme", plan: "pro" } },
		responses: {
			201: { description: "Created", schema: TenantCreatedSchema, example: TENANT_CREATED_EXAMPLE },
		},
		problems: ["already_exists"],
		idempotency: {
			stored: true,
			secrets: ["apiKey", "webhookSecret"],
			tenantOf: ({ body }) => body.id,
		},
		async handle({ env, now, body }) {
			const { id, name = null, plan = DEFAULT_PLAN, region = null } = body;
			// Listed first: a tenant that is not listed would never be woken, while a listed one that
			// does not exist has no shards.
			await directoryOf(env).addTenant(id, now);
			const made = await registryOf(env, id).createTenant({ id, name, plan, region });
			if (!made.ok) return err(registryFailure(made.error, `The tenant "${id}"`));
			const { tenant, apiKey, webhookSecret } = made.value;
			return reply({ ...tenant, apiKey, webhookSecret }, 201, { location: `/v1/tenants/${id}` });
		},
	}),
	defineRoute({
		method: "GET",
		path: "/v1/tenants/:id",
		tag: "Tenants",
		summary: "Get a tenant",
		auth: { operatorOr: "tenant.admin" },
		request: { params: TenantParamsSchema },
		responses: {
			200: { description: "The tenant", schema: TenantSchema, example: TENANT_EXAMPLE },
		},
		problems: ["not_found"],
		async handle({ env, params, tenant }) {
			const what = `The tenant "${params.id}"`;
			if (tenant !== undefined && tenant !== params.id) {
				return refuse("not_found", `${what} does not exist.`);
			}
			const found = await registryOf(env, params.id).getTenant();
			return found.ok ? reply(found.value) : err(registryFailure(found.error, what));
		},
	}),
	defineRoute({
		method: "PATCH",
		path: "/v1/tenants/:id",
		tag: "Tenants",
		summary: "Change a tenant",
		description:
			"`shards` only doubles, up to 64; new timers use the new shards from `effectiveAt` on, and no data moves. A plan is in force everywhere within seconds. `region` says where shards are put that are first used after it; it moves none. `jitterPolicy` has shards woken earlier by as much as their wakes have been late on average, at most `maxCompensationMs`; they wait for the exact instant, so nothing fires early.",
		auth: "operator",
		request: { params: TenantParamsSchema, body: TenantPatchSchema, example: { shards: 2 } },
		responses: {
			200: { description: "The tenant", schema: TenantSchema, example: TENANT_EXAMPLE },
		},
		problems: ["not_found"],
		async handle({ env, params, body }) {
			const patched = await registryOf(env, params.id).patchTenant(body);
			if (patched.ok) return reply(patched.value);
			return err(registryFailure(patched.error, `The tenant "${params.id}"`));
		},
	}),
];
