/**
 * The headers of actions as they are stored: sealed, since callers put credentials into them
 * (decision 11). The edge seals what it stores and opens what it shows; the sender opens what it
 * sends. What an earlier release stored has its headers in the open, and stays as it is.
 */
import type { SealError, TenantKey } from "../durable-objects/shared/seal.ts";
import { ok, type Result } from "./core/result.ts";

export type HeaderMap = Readonly<Record<string, string>>;

/** An action, or the edit of one. */
type Carrier = { readonly headers?: HeaderMap | undefined; readonly sealedHeaders?: string };

/** The text to store. */
export function sealHeaders(key: TenantKey, headers: HeaderMap): Promise<string> {
	return key.seal("action-headers", JSON.stringify(headers));
}

/** `carrier` with its headers in the open. */
export async function openHeaders<T extends Carrier>(
	key: TenantKey,
	carrier: T,
): Promise<Result<T, SealError>> {
	const { sealedHeaders, ...rest } = carrier;
	if (sealedHeaders === undefined) return ok(carrier);
	const text = await key.unseal("action-headers", sealedHeaders);
	if (!text.ok) return text;
	// Only `sealHeaders` writes what is sealed for this purpose; and with its headers back, what is
	// left of `T` is a `T` again, which the compiler cannot know of a type parameter.
	return ok({ ...rest, headers: JSON.parse(text.value) as HeaderMap } as unknown as T);
}
