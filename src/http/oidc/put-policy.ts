/** `PUT /v1/oidc-policies/:name`: defaults filled in, and the issuer judged before it is ever asked. */
import { registryOf } from "../../../durable-objects/shared/object-names.ts";
import { DEFAULT_AUDIENCE, GITHUB_ISSUER, type OidcPolicyPut } from "../../contract/oidc.ts";
import { err, type Result } from "../../core/result.ts";
import { judgeOf } from "../../outbound-policy.ts";
import type { TenantContext } from "../context.ts";
import type { HttpFailure } from "../failure.ts";
import { registryFailure } from "../registry-failure.ts";
import { type Reply, reply } from "../reply.ts";

export async function putPolicy(
	{ env, tenant }: TenantContext,
	name: string,
	input: OidcPolicyPut,
): Promise<Result<Reply, HttpFailure>> {
	const { issuer = GITHUB_ISSUER, audience = DEFAULT_AUDIENCE, repositories, scopes } = input;
	const flaw = issuerFlaw(issuer);
	if (flaw !== undefined) return err({ code: "validation_failed", errors: [flaw] });
	const destination = judgeOf(env)(issuer);
	if (!destination.ok) {
		const { message } = destination.error;
		return err({ code: "destination_refused", errors: [{ path: "issuer", message }] });
	}
	const put = await registryOf(env, tenant).putOidcPolicy(name, {
		issuer,
		audience,
		repositories,
		repositoryOwnerIds: input.repositoryOwnerIds ?? null,
		refs: input.refs ?? null,
		environments: input.environments ?? null,
		subjects: input.subjects ?? null,
		scopes: [...new Set(scopes)],
	});
	return put.ok ? reply(put.value) : err(registryFailure(put.error, "The tenant"));
}

/** What stands behind a `?` or `#` would swallow the path that is added; RFC 8414 has neither. */
function issuerFlaw(issuer: string) {
	if (!/[?#]/.test(issuer)) return undefined;
	return {
		path: "issuer",
		message: `expected an address without query or fragment, got ${issuer}`,
	};
}
