/** Samples of the calls about tenants, keys, usage and the network itself. */
import type { Samples } from "./sample.ts";

export const TENANT_SAMPLES: Samples = {
	"POST /v1/keys": {
		typescript: `const { apiKey } = await minoots.keys.create({ name: "ci", scopes: ["timer.manage"] });
console.log(apiKey); // shown this once`,
		cli: "minoots keys create ci --scope timer.manage",
	},
	"GET /v1/keys": {
		typescript: "console.log(await minoots.keys.list());",
		cli: "minoots keys list",
	},
	"GET /v1/key": {
		typescript: "const { scopes } = await minoots.keys.holder();\nconsole.log(scopes);",
		cli: "minoots api GET /v1/key",
	},
	"DELETE /v1/keys/:id": {
		given: "key",
		typescript: "await minoots.keys.delete(id);",
		cli: "minoots keys delete $ID --yes",
	},
	"POST /v1/tenants/:id/keys": {
		curl: `curl $URL/v1/tenants/$TENANT/keys \\
  -H "Authorization: Bearer $ADMIN_KEY" -d '{"name":"ci","scopes":["timer.manage"]}'`,
		typescript:
			'await operator.tenants.createKey(tenant, { name: "ci", scopes: ["timer.manage"] });',
		cli: 'minoots --api-key $ADMIN_KEY api POST /v1/tenants/$TENANT/keys \'{"name":"ci","scopes":["timer.manage"]}\'',
	},
	"GET /v1/tenants/:id/keys": {
		curl: 'curl $URL/v1/tenants/$TENANT/keys -H "Authorization: Bearer $ADMIN_KEY"',
		typescript: "console.log(await operator.tenants.listKeys(tenant));",
		cli: "minoots --api-key $ADMIN_KEY api GET /v1/tenants/$TENANT/keys",
	},
	"POST /v1/webhook-secret/rotate": {
		typescript:
			"const { webhookSecret, previousSignsUntil } = await minoots.webhookSecret.rotate();\nconsole.log(webhookSecret, previousSignsUntil);",
		cli: "minoots api POST /v1/webhook-secret/rotate",
	},
	"POST /v1/tenants/:id/webhook-secret/rotate": {
		curl: 'curl -X POST $URL/v1/tenants/$TENANT/webhook-secret/rotate -H "Authorization: Bearer $ADMIN_KEY"',
		typescript: "await operator.tenants.rotateWebhookSecret(tenant);",
		cli: "minoots --api-key $ADMIN_KEY api POST /v1/tenants/$TENANT/webhook-secret/rotate",
	},
	"POST /v1/tenants": {
		typescript: `const { apiKey, webhookSecret } = await operator.tenants.create({ id: "acme-ts", plan: "pro" });
console.log(apiKey, webhookSecret); // shown this once`,
		cli: "minoots --api-key $ADMIN_KEY tenants create acme-cli --plan pro",
	},
	"GET /v1/tenants/:id": {
		curl: 'curl $URL/v1/tenants/$TENANT -H "Authorization: Bearer $KEY"',
		typescript: "console.log(await minoots.tenants.get(tenant));",
		cli: "minoots tenants get $TENANT",
	},
	"PATCH /v1/tenants/:id": {
		curl: `curl -X PATCH $URL/v1/tenants/$TENANT \\
  -H "Authorization: Bearer $ADMIN_KEY" -d '{"name":"Acme"}'`,
		typescript: 'await operator.tenants.update(tenant, { name: "Acme" });',
		cli: "minoots --api-key $ADMIN_KEY tenants update $TENANT --name Acme",
	},
	"GET /v1/usage": {
		typescript: "const { activeTimers } = await minoots.usage.get();\nconsole.log(activeTimers);",
		cli: "minoots usage",
	},
	"GET /v1/usage/lateness": {
		given: "fired",
		typescript: "const { lastHour } = await minoots.usage.lateness();\nconsole.log(lastHour);",
		cli: "minoots lateness",
	},
	"GET /v1/pricing": {
		typescript: "const { plans } = await minoots.pricing();\nconsole.log(plans);",
		cli: "minoots api GET /v1/pricing",
	},
	"GET /healthz": {
		typescript: "console.log(await minoots.health());",
		cli: "minoots doctor",
	},
	"GET /readyz": {
		typescript: "console.log(await minoots.ready());",
		cli: "minoots doctor",
	},
	"GET /metrics": {
		typescript: 'console.log(await operator.request("GET", "/metrics"));',
		cli: "minoots --api-key $ADMIN_KEY api GET /metrics",
	},
	"GET /v1/dev/clock": {
		typescript: "console.log(await minoots.clock.get());",
		cli: "minoots api GET /v1/dev/clock",
	},
	"POST /v1/dev/clock": {
		typescript: 'await minoots.clock.move({ advance: "1d" });',
		cli: 'minoots api POST /v1/dev/clock \'{"advance":"1d"}\'',
	},
	"GET /openapi.json": {
		typescript: 'console.log(await minoots.request("GET", "/openapi.json"));',
		cli: "minoots api GET /openapi.json",
	},
};
