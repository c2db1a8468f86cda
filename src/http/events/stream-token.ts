/** Stream tokens at the edge: made for a key's holder, and taken in place of a key. */
import { registryOf } from "../../../durable-objects/shared/object-names.ts";
import { err, ok, type Result } from "../../core/result.ts";
import {
	mintStreamToken,
	parseStreamToken,
	STREAM_NONCE_BYTES,
	type StreamToken,
} from "../../core/stream-token.ts";
import { MINUTE } from "../../core/units.ts";
import { derivedKey } from "../../derived-keys.ts";
import type { Arrival, TenantContext } from "../context.ts";
import { type HttpFailure, refuse } from "../failure.ts";
import type { Caller } from "../identify.ts";
import { registryFailure } from "../registry-failure.ts";

/** Long enough to open a stream with, too short to be worth stealing out of a log. */
const TOKEN_KEPT_MS = MINUTE;

type TenantCaller = Extract<Caller, { kind: "tenant" }>;

export function createStreamToken({ env, tenant, principal, now }: TenantContext) {
	const expiresAt = now + TOKEN_KEPT_MS;
	const random = crypto.getRandomValues(new Uint8Array(STREAM_NONCE_BYTES));
	const nonce = [...random].map((byte) => byte.toString(16).padStart(2, "0")).join("");
	const claims = { tenant, keyId: principal.keyId, expiresAt, nonce };
	const token = mintStreamToken(claims, derivedKey(env, "stream-token"));
	return { token, expiresAt: new Date(expiresAt).toISOString() };
}

/** The text in `?token=`, or null. */
export function streamTokenOf(url: string): string | null {
	return url.includes("token=") ? new URL(url).searchParams.get("token") : null;
}

/** The token that the request shows instead of a key; `undefined` when it shows none that holds. */
export function readStreamToken({ env, request, now }: Arrival): StreamToken | undefined {
	const text = streamTokenOf(request.url);
	if (text === null) return undefined;
	const token = parseStreamToken(text, derivedKey(env, "stream-token"));
	return token !== undefined && token.expiresAt > now ? token : undefined;
}

/** Whom a token stands for: a holder who may read, and nothing else. */
export async function identifyToken(arrival: Arrival): Promise<Result<TenantCaller, HttpFailure>> {
	const token = readStreamToken(arrival);
	if (token === undefined) return refuseToken();
	const config = await registryOf(arrival.env, token.tenant).config();
	if (!config.ok) return err(registryFailure(config.error, "The tenant"));
	const { tenant, keyId, expiresAt } = token;
	const principal = {
		keyId,
		scopes: ["timer.read" as const],
		mailboxes: null,
		expiresAt,
		config: config.value,
	};
	return ok({ kind: "tenant", tenant, principal });
}

export function refuseToken(): Result<never, HttpFailure> {
	return refuse(
		"unauthorized",
		"The stream token is not valid: used before, older than a minute, or another deployment's.",
	);
}
