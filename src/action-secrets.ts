/**
 * The secrets of actions as they are stored: sealed, and bound to their tenant. Headers, since callers
 * put credentials into them (decision 11): the edge seals what it stores and opens what it shows, and
 * the sender opens what it sends. What an earlier release stored has its headers in the open, and
 * stays as it is. Tokens of services (decision 14): the edge opens none.
 */
import type { SealError, TenantKey } from "../durable-objects/shared/seal.ts";
import { ok, type Result } from "./core/result.ts";
import type { ServiceDoc } from "./core/timer-doc.ts";

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

/** The text to store. */
export function sealToken(key: TenantKey, token: string): Promise<string> {
	return key.seal("action-token", token);
}

/** The token of a stored action; `undefined` where it has none. */
export async function openToken(
	key: TenantKey,
	{ sealedToken }: Pick<ServiceDoc, "sealedToken">,
): Promise<Result<string | undefined, SealError>> {
	return sealedToken === undefined ? ok(undefined) : key.unseal("action-token", sealedToken);
}
