/** Reads `Idempotency-Key` and binds it to the request it came with. Where the answer is kept is
 * decided by `run-once.ts`, or by the shard for creates. */
import { createHash } from "node:crypto";
import type { IdempotencyClaim } from "../../durable-objects/tenant-shard/rpc.ts";
import { LIMITS } from "../contract/limits.ts";
import { ok, type Result } from "../core/result.ts";
import { type HttpFailure, refuse } from "./failure.ts";

const VISIBLE_ASCII = /^[\x21-\x7e][\x20-\x7e]*$/;

/**
 * The claim of a request, or null when it has no key. Keys count per route; the path's ids belong to
 * what must be the same, so a key used for another object is refused rather than answered wrongly.
 * @param route method and path pattern
 * @param url the URL as it was called
 */
export function readIdempotencyKey(
	headers: Headers,
	route: string,
	url: string,
	body: Uint8Array,
): Result<IdempotencyClaim | null, HttpFailure> {
	const key = headers.get("idempotency-key");
	if (key === null) return ok(null);
	if (key.length > LIMITS.keyLength || !VISIBLE_ASCII.test(key)) {
		return refuse(
			"invalid_request",
			`Idempotency-Key: expected 1 to ${LIMITS.keyLength} visible ASCII characters, got ${key.length}.`,
		);
	}
	const path = new URL(url).pathname;
	const bodyHash = createHash("sha256").update(`${path}\n`).update(body).digest("hex");
	return ok({ key: `${route} ${key}`, bodyHash });
}
