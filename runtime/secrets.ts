/**
 * The deployment's two secrets, made at the first start and kept in `<state>/secrets.json`. The
 * master key seals what is stored: a lost one cannot be replaced, so a damaged file is never made
 * anew. The operator's key can be replaced (`replace-operator-key.ts`).
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { err, ok, type Result } from "../src/core/result.ts";
import { readJsonFile, writeFileAtomically } from "./files.ts";
import { type Refusal, refusal } from "./refusal.ts";

/** 256 bits, as long as the keys derived from them. */
const KEY_BYTES = 32;
/** Tells an operator's key from a tenant's `mnt_…` at a glance. */
const ADMIN_KEY_PREFIX = "mna_";

/** Named as the Worker's bindings are. */
export type Secrets = {
	readonly MINOOTS_MASTER_KEY: string;
	readonly MINOOTS_ADMIN_KEY: string;
};

/** The folder's secrets; undefined when it has none yet. */
export function getSecrets(state: string): Result<Secrets | undefined, Refusal> {
	const path = secretsPath(state);
	const kept = readJsonFile(path);
	if (kept === undefined) return ok(undefined);
	const { MINOOTS_MASTER_KEY: master, MINOOTS_ADMIN_KEY: admin } = kept;
	if (typeof master !== "string" || typeof admin !== "string") {
		return err(refusal(`${path} is damaged: restore it, or start with another --state folder`));
	}
	return ok({ MINOOTS_MASTER_KEY: master, MINOOTS_ADMIN_KEY: admin });
}

/** The folder's secrets, made now if this is its first start. */
export async function ensureSecrets(state: string): Promise<Result<Secrets, Refusal>> {
	const kept = getSecrets(state);
	if (!kept.ok) return kept;
	if (kept.value !== undefined) return ok(kept.value);
	const secrets = createSecrets();
	await putSecrets(state, secrets);
	return ok(secrets);
}

export async function putSecrets(state: string, secrets: Secrets): Promise<void> {
	await writeFileAtomically(secretsPath(state), `${JSON.stringify(secrets, null, "\t")}\n`);
}

export function createSecrets(): Secrets {
	const master = randomBytes(KEY_BYTES).toString("base64url");
	return { MINOOTS_MASTER_KEY: master, MINOOTS_ADMIN_KEY: createAdminKey() };
}

export function createAdminKey(): string {
	return ADMIN_KEY_PREFIX + randomBytes(KEY_BYTES).toString("base64url");
}

function secretsPath(state: string): string {
	return join(state, "secrets.json");
}
