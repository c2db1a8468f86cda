/**
 * The tenant that the first start makes, so that a stranger can create a timer at once. What it needs
 * is kept in `<state>/dev.json`, which scripts and tests read too.
 */
import { join } from "node:path";
import { err, ok, type Result } from "../src/core/result.ts";
import { readJsonFile, writeFileAtomically } from "./files.ts";
import type { Answer, Operator } from "./operator.ts";
import { type Refusal, refusal } from "./refusal.ts";

const TENANT = "dev";
export type DevAccess = {
	readonly url: string;
	readonly tenant: string;
	readonly apiKey: string;
	readonly adminKey: string;
	readonly webhookSecret: string;
};

export type EnsuredDevAccess = { readonly access: DevAccess; readonly isNew: boolean };

/** The tenant's access, made at the first start and brought up to date (URL, key) at later ones. */
export async function ensureDevAccess(
	state: string,
	url: string,
	adminKey: string,
	operator: Operator,
): Promise<Result<EnsuredDevAccess, Refusal>> {
	const kept = getDevAccess(state);
	if (kept !== undefined) {
		const access = { ...kept, url, adminKey };
		if (kept.url !== url || kept.adminKey !== adminKey) await putDevAccess(state, access);
		return ok({ access, isNew: false });
	}
	const credentials = await createCredentials(operator);
	if (!credentials.ok) return credentials;
	const access = { url, tenant: TENANT, adminKey, ...credentials.value };
	await putDevAccess(state, access);
	return ok({ access, isNew: true });
}

export function getDevAccess(state: string): DevAccess | undefined {
	const kept = readJsonFile(devPath(state));
	const { url, tenant, apiKey, adminKey, webhookSecret } = kept ?? {};
	if (typeof url !== "string" || typeof tenant !== "string") return undefined;
	if (typeof apiKey !== "string" || typeof adminKey !== "string") return undefined;
	if (typeof webhookSecret !== "string") return undefined;
	return { url, tenant, apiKey, adminKey, webhookSecret };
}

export async function putDevAccess(state: string, access: DevAccess): Promise<void> {
	await writeFileAtomically(devPath(state), `${JSON.stringify(access, null, "\t")}\n`);
}

type Credentials = Pick<DevAccess, "apiKey" | "webhookSecret">;

/** A new tenant's, or fresh ones where an earlier start was killed before it wrote them down. */
async function createCredentials(operator: Operator): Promise<Result<Credentials, Refusal>> {
	const body = { id: TENANT, name: "Local development", plan: "enterprise" };
	const created = await operator.post("/v1/tenants", body);
	if (!created.ok) return created;
	if (created.value.status !== 409) return readCredentials("/v1/tenants", created.value);

	// Every scope: whoever holds the state folder owns the network anyway.
	const { SCOPES } = await import("../src/contract/scopes.ts");
	const keys = `/v1/tenants/${TENANT}/keys`;
	const key = await operator.post(keys, { name: "dev", scopes: SCOPES });
	if (!key.ok) return key;
	const rotate = `/v1/tenants/${TENANT}/webhook-secret/rotate`;
	const rotated = await operator.post(rotate, {});
	if (!rotated.ok) return rotated;
	const { status } = key.value.status < 400 ? rotated.value : key.value;
	return readCredentials(keys, { status, body: { ...key.value.body, ...rotated.value.body } });
}

function readCredentials(path: string, { status, body }: Answer): Result<Credentials, Refusal> {
	const { apiKey, webhookSecret } = body;
	if (typeof apiKey === "string" && typeof webhookSecret === "string") {
		return ok({ apiKey, webhookSecret });
	}
	return err(refusal(`The tenant "${TENANT}" could not be made: POST ${path} says ${status}`));
}

function devPath(state: string): string {
	return join(state, "dev.json");
}
