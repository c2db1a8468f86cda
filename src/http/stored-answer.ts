/**
 * An answer as it is kept under an `Idempotency-Key`: JSON text, without what is shown only once,
 * sealed since a timer that it shows may have headers (decision 11).
 */
import { z } from "zod";
import type { TenantKey } from "../../durable-objects/shared/seal.ts";
import type { Reply } from "./reply.ts";

const StoredAnswerSchema = z.object({
	status: z.int(),
	body: z.unknown(),
	headers: z.record(z.string(), z.string()).optional(),
});

const REPLAYED = { "idempotency-replayed": "true" } as const;

/** @param secrets fields of the body to leave out; `secretShown: true` stands in for them */
export function writeAnswer(
	key: TenantKey,
	{ status, body, headers }: Reply,
	secrets: readonly string[],
): Promise<string> {
	const text = JSON.stringify({ status, body: withoutSecrets(body, secrets), headers });
	return key.seal("stored-answer", text);
}

/** The first answer again, marked as such. */
export async function readAnswer(key: TenantKey, stored: string): Promise<Reply> {
	const text = await openAnswer(key, stored);
	const { status, body, headers } = StoredAnswerSchema.parse(JSON.parse(text));
	return { status, body, headers: { ...headers, ...REPLAYED } };
}

/** An earlier release has stored its answers in the open; no seal begins like an object. */
async function openAnswer(key: TenantKey, stored: string): Promise<string> {
	if (stored.startsWith("{")) return stored;
	const opened = await key.unseal("stored-answer", stored);
	if (!opened.ok) throw new Error(`A stored answer does not open: ${opened.error.code}`);
	return opened.value;
}

function withoutSecrets(body: unknown, secrets: readonly string[]): unknown {
	if (secrets.length === 0 || typeof body !== "object" || body === null) return body;
	const open = Object.entries(body).filter(([name]) => !secrets.includes(name));
	return { ...Object.fromEntries(open), secretShown: true };
}
