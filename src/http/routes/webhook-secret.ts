/** Rotation of the secret that signs a tenant's inline webhooks. */
import { z } from "zod";
import { registryOf } from "../../../durable-objects/shared/object-names.ts";
import { TenantIdSchema } from "../../contract/ids.ts";
import { SecretRotatedSchema } from "../../contract/tenant.ts";
import { err } from "../../core/result.ts";
import type { Env } from "../../env.ts";
import { registryFailure } from "../registry-failure.ts";
import { reply } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { SECRET_ROTATED_EXAMPLE } from "./examples.ts";

const NoFieldsSchema = z.strictObject({});
const TenantParamsSchema = z.object({ id: TenantIdSchema });
const DESCRIPTION =
	"The new secret is shown this once. Deliveries are signed with both until `previousSignsUntil`.";
const ROTATED = {
	200: { description: "Rotated", schema: SecretRotatedSchema, example: SECRET_ROTATED_EXAMPLE },
};

export const webhookSecretRoutes: readonly Route[] = [
	defineRoute({
		method: "POST",
		path: "/v1/webhook-secret/rotate",
		tag: "Keys",
		summary: "Rotate the webhook secret",
		description: DESCRIPTION,
		auth: { scope: "tenant.admin" },
		request: { body: NoFieldsSchema, bodyOptional: true },
		responses: ROTATED,
		idempotency: { stored: true, secrets: ["webhookSecret"] },
		handle: ({ env, tenant }) => rotate(env, tenant),
	}),
	defineRoute({
		method: "POST",
		path: "/v1/tenants/:id/webhook-secret/rotate",
		tag: "Tenants",
		summary: "Rotate a tenant's webhook secret",
		description: DESCRIPTION,
		auth: "operator",
		request: { params: TenantParamsSchema, body: NoFieldsSchema, bodyOptional: true },
		responses: ROTATED,
		problems: ["not_found"],
		idempotency: { stored: true, secrets: ["webhookSecret"], tenantOf: ({ params }) => params.id },
		handle: ({ env, params }) => rotate(env, params.id),
	}),
];

async function rotate(env: Env, tenant: string) {
	const rotated = await registryOf(env, tenant).rotateWebhookSecret();
	if (!rotated.ok) return err(registryFailure(rotated.error, `The tenant "${tenant}"`));
	const { webhookSecret, previousSignsUntil } = rotated.value;
	const until = new Date(previousSignsUntil).toISOString();
	return reply({ webhookSecret, previousSignsUntil: until });
}
