/** Samples of the calls that let GitHub's jobs and Slack's workspaces in. */
import type { Samples } from "./sample.ts";

const POLICY = '{"repositories":["acme/site"],"refs":["refs/heads/main"],"scopes":["timer.write"]}';

export const WAYS_IN_SAMPLES: Samples = {
	"PUT /v1/oidc-policies/:name": {
		curl: `curl -X PUT $URL/v1/oidc-policies/site \\
  -H "Authorization: Bearer $KEY" -d '${POLICY}'`,
		typescript: `await minoots.oidcPolicies.put("site", {
  repositories: ["acme/site"],
  refs: ["refs/heads/main"],
  scopes: ["timer.write"],
});`,
		cli: `minoots api PUT /v1/oidc-policies/site '${POLICY}'`,
	},
	"GET /v1/oidc-policies": {
		given: "policy",
		typescript: "console.log(await minoots.oidcPolicies.list());",
		cli: "minoots api GET /v1/oidc-policies",
	},
	"GET /v1/oidc-policies/:name": {
		given: "policy",
		typescript: "console.log(await minoots.oidcPolicies.get(name));",
		cli: "minoots api GET /v1/oidc-policies/$NAME",
	},
	"DELETE /v1/oidc-policies/:name": {
		given: "policy",
		typescript: "await minoots.oidcPolicies.delete(name);",
		cli: "minoots api DELETE /v1/oidc-policies/$NAME",
	},
	"POST /v1/tokens": {
		given: "github-job",
		curl: `curl $URL/v1/tokens -d "{\\"tenantId\\":\\"$TENANT\\",\\"subjectToken\\":\\"$JWT\\"}"`,
		typescript:
			"console.log(await minoots.tokens.exchange({ tenantId: tenant, subjectToken: jwt }));",
		cli: 'minoots api POST /v1/tokens "{\\"tenantId\\":\\"$TENANT\\",\\"subjectToken\\":\\"$JWT\\"}"',
	},
	"POST /v1/slack/installations": {
		typescript:
			"const { authorizeUrl } = await minoots.slack.connect();\nconsole.log(authorizeUrl);",
		cli: "minoots api POST /v1/slack/installations",
	},
	"GET /v1/slack/installations": {
		given: "workspace",
		typescript: "console.log(await minoots.slack.list());",
		cli: "minoots api GET /v1/slack/installations",
	},
	"DELETE /v1/slack/installations/:team": {
		given: "workspace",
		typescript: "await minoots.slack.disconnect(team);",
		cli: "minoots api DELETE /v1/slack/installations/$TEAM",
	},
};
