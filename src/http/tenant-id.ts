/**
 * A `tenantId` in a body or a query may stand there, as the founding systems had it, but it names
 * nothing that the key does not: it must be the key's own tenant, and is then dropped.
 */
import type { Err } from "../core/result.ts";
import { type HttpFailure, refuse } from "./failure.ts";

/** Takes `tenantId` out of `input`; false when it names another tenant than `tenant`. */
export function takeTenantId(input: unknown, tenant: string): boolean {
	if (typeof input !== "object" || input === null || !("tenantId" in input)) return true;
	// Anything but text is left for the schema to refuse: it names no tenant.
	if (typeof input.tenantId !== "string") return true;
	if (input.tenantId !== tenant) return false;
	delete input.tenantId;
	return true;
}

export function tenantMismatch(tenant: string): Err<HttpFailure> {
	return refuse("tenant_mismatch", `tenantId is not "${tenant}", which the key belongs to.`);
}
