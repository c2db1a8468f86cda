/** Where a request carries its key. Only the text; whose it is, `identify.ts` finds out. */

const BEARER = "bearer ";

/** The key in `Authorization: Bearer` or, failing that, in `X-Api-Key`. */
export function credentialOf(headers: Headers): string | undefined {
	const authorization = headers.get("authorization");
	if (authorization === null) return headers.get("x-api-key")?.trim() || undefined;
	// The scheme is case-insensitive (RFC 9110 section 11.1).
	if (authorization.slice(0, BEARER.length).toLowerCase() !== BEARER) return undefined;
	return authorization.slice(BEARER.length).trim() || undefined;
}
