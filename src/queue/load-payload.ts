/** Fetches the body of a webhook that was too large for its row (decision 10). */
import { payloadKey } from "../core/offload-bodies.ts";
import { err, ok, type Result } from "../core/result.ts";
import type { BodyRef } from "../core/timer-doc.ts";
import type { Env } from "../env.ts";

export type PayloadError = { readonly message: string };

export async function loadPayload(
	env: Pick<Env, "PAYLOADS">,
	tenant: string,
	{ sha256 }: BodyRef,
): Promise<Result<Uint8Array, PayloadError>> {
	const stored = await env.PAYLOADS.get(payloadKey(tenant, sha256));
	if (stored === null) return err({ message: "the stored body of this webhook is gone" });
	return ok(new Uint8Array(await stored.arrayBuffer()));
}
