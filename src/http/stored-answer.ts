/** An answer as it is kept under an `Idempotency-Key`: JSON text, without what is shown only once. */
import { z } from "zod";
import type { Reply } from "./reply.ts";

const StoredAnswerSchema = z.object({
	status: z.int(),
	body: z.unknown(),
	headers: z.record(z.string(), z.string()).optional(),
});

const REPLAYED = { "idempotency-replayed": "true" } as const;

/** @param secrets fields of the body to leave out; `secretShown: true` stands in for them */
export function writeAnswer({ status, body, headers }: Reply, secrets: readonly string[]): string {
	return JSON.stringify({ status, body: withoutSecrets(body, secrets), headers });
}

/** The first answer again, marked as such. */
export function readAnswer(text: string): Reply {
	const { status, body, headers } = StoredAnswerSchema.parse(JSON.parse(text));
	return { status, body, headers: { ...headers, ...REPLAYED } };
}

function withoutSecrets(body: unknown, secrets: readonly string[]): unknown {
	if (secrets.length === 0 || typeof body !== "object" || body === null) return body;
	const open = Object.entries(body).filter(([name]) => !secrets.includes(name));
	return { ...Object.fromEntries(open), secretShown: true };
}
