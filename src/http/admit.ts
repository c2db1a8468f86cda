/** Whether a caller may use a route: requests per minute, then operator or scope. */
import { ok, type Result } from "../core/result.ts";
import { idSpaceOf } from "../derived-keys.ts";
import { authorise } from "./authorise.ts";
import type { Arrival, Auth, TenantPart } from "./context.ts";
import { credentialOf } from "./credential.ts";
import { identifyToken, streamTokenOf } from "./events/stream-token.ts";
import { type HttpFailure, refuse } from "./failure.ts";
import { type Caller, identify } from "./identify.ts";
import { rateLimitFields } from "./rate-limit-fields.ts";
import { countRequest } from "./request-rate.ts";
import { tenantNowOf } from "./tenant-clock.ts";

/** What a request has shown of itself so far, for its answer's headers and its log line. */
export type Trail = { tenant: string | null; headers: Readonly<Record<string, string>> };

type TenantCaller = Extract<Caller, { kind: "tenant" }>;

/** What the caller brings into the context, or why the call is not for it. */
export async function admit(
	auth: Auth,
	arrival: Arrival,
	trail: Trail,
): Promise<Result<TenantPart | undefined, HttpFailure>> {
	if (auth === "public") return ok(undefined);
	const caller = await (takesToken(auth, arrival) ? identifyToken(arrival) : identify(arrival));
	if (!caller.ok) return caller;
	if (caller.value.kind === "operator") return admitOperator(auth);
	const admitted = admitTenant(auth, arrival, caller.value, trail);
	if (!admitted.ok || arrival.env.DEV_CLOCK !== "on") return admitted;
	const tenantNow = await tenantNowOf(arrival.env, caller.value.tenant, arrival.now);
	return ok({ ...admitted.value, tenantNow });
}

/** A token is looked at only where no key is shown, and only by routes that take one. */
function takesToken(auth: Auth, { request }: Arrival): boolean {
	if (typeof auth !== "object" || !("streamToken" in auth)) return false;
	return credentialOf(request.headers) === undefined && streamTokenOf(request.url) !== null;
}

function admitOperator(auth: Auth): Result<undefined, HttpFailure> {
	if (auth === "operator" || auth === "anyKey") return ok(undefined);
	if (typeof auth === "object" && "operatorOr" in auth) return ok(undefined);
	return refuse("forbidden", "This call takes a tenant's key, not the operator's.");
}

function mayCall(auth: Auth, principal: TenantCaller["principal"]): Result<null, HttpFailure> {
	if (auth === "anyKey") return ok(null);
	if (typeof auth !== "object") {
		return refuse("forbidden", "This call takes the operator's key.");
	}
	return authorise(principal, "scope" in auth ? auth.scope : auth.operatorOr);
}

function admitTenant(
	auth: Auth,
	arrival: Arrival,
	{ tenant, principal }: TenantCaller,
	trail: Trail,
): Result<TenantPart, HttpFailure> {
	const { config } = principal;
	trail.tenant = tenant;
	const rate = countRequest(tenant, config.plan, arrival.now);
	if (!rate.ok) return rate;
	if (rate.value !== null) {
		trail.headers = { ...trail.headers, ...rateLimitFields([rate.value]) };
	}
	const allowed = mayCall(auth, principal);
	if (!allowed.ok) return allowed;
	return ok({
		tenant,
		principal,
		config,
		ids: idSpaceOf(arrival.env, tenant),
		tenantNow: arrival.now,
	});
}
