/** A Slack workspace as a caller of the API: what it may do, as the tenant it is tied to. */
import { registryOf } from "../../../durable-objects/shared/object-names.ts";
import type { Scope } from "../../contract/tenant.ts";
import { err, ok, type Result } from "../../core/result.ts";
import { idSpaceOf } from "../../derived-keys.ts";
import type { Arrival, TenantContext } from "../context.ts";
import type { HttpFailure } from "../failure.ts";
import { registryFailure } from "../registry-failure.ts";
import { tenantNowOf } from "../tenant-clock.ts";

const SCOPES: readonly Scope[] = ["timer.read", "timer.write", "timer.cancel"];

export async function tenantContextOf(
	arrival: Arrival,
	tenant: string,
	team: string,
): Promise<Result<TenantContext, HttpFailure>> {
	const config = await registryOf(arrival.env, tenant).config();
	if (!config.ok) return err(registryFailure(config.error, "The tenant"));
	return ok({
		...arrival,
		tenant,
		principal: {
			keyId: `slack:${team}`,
			scopes: SCOPES,
			mailboxes: null,
			expiresAt: null,
			config: config.value,
		},
		config: config.value,
		ids: idSpaceOf(arrival.env, tenant),
		tenantNow: await tenantNowOf(arrival.env, tenant, arrival.now),
	});
}
