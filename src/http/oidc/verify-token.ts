/**
 * Reads and verifies a JSON Web Token (RFC 7519) of an issuer: RS256 or ES256, in its time. What its
 * claims are good for is the policies' to say.
 */
import { decodeJwt, decodeProtectedHeader, errors, jwtVerify } from "jose";
import type { Claims } from "../../core/oidc/match-policy.ts";
import { err, ok, type Result } from "../../core/result.ts";
import { SECOND } from "../../core/units.ts";
import { UNAVAILABLE_RETRY_MS } from "../constants.ts";
import type { Arrival } from "../context.ts";
import { type HttpFailure, refuse } from "../failure.ts";
import { CLOCK_LEEWAY_MS } from "./constants.ts";
import { issuerKeys } from "./issuer-keys.ts";

const ALGORITHMS = ["RS256", "ES256"] as const;

/** What a token claims, unverified; 401 when it is none that could be verified. */
export function readToken(text: string): Result<Claims, HttpFailure> {
	try {
		const { alg } = decodeProtectedHeader(text);
		if (!ALGORITHMS.some((one) => one === alg)) {
			return refused(`it is signed with ${show(alg)}, where RS256 or ES256 is expected`);
		}
		return ok(decodeJwt(text));
	} catch {
		// Whatever is wrong with it, it is no signed JWT.
		return refused("it is no signed JSON Web Token: three parts of base64url with dots between");
	}
}

/** Verifies signature and times. @param claims of the same token, unverified */
export async function verifyToken(
	arrival: Arrival,
	text: string,
	issuer: string,
	claims: Claims,
): Promise<Result<null, HttpFailure>> {
	const first = await verifyOnce(arrival, text, issuer, false);
	// A key that the issuer has made since.
	const verified = first === "unknown_key" ? await verifyOnce(arrival, text, issuer, true) : first;
	if (verified === "unknown_key") {
		return refused(`it is signed with a key that ${issuer} does not list`);
	}
	if (!verified.ok) return verified;
	const { iat } = claims;
	const issuedAt = typeof iat === "number" ? iat * SECOND : Number.NaN;
	if (!(issuedAt <= arrival.now + CLOCK_LEEWAY_MS)) {
		return refused(`iat: it was issued at ${showTime(iat)}, which is not past`);
	}
	return ok(null);
}

async function verifyOnce(
	arrival: Arrival,
	text: string,
	issuer: string,
	isStale: boolean,
): Promise<Result<null, HttpFailure> | "unknown_key"> {
	const keys = await issuerKeys(arrival, issuer, isStale);
	if (!keys.ok) {
		const detail = `The token of ${issuer} cannot be verified: ${keys.error.message}.`;
		return err({ code: "unavailable", detail, retryAfterMs: UNAVAILABLE_RETRY_MS });
	}
	try {
		await jwtVerify(text, keys.value, {
			algorithms: [...ALGORITHMS],
			issuer,
			clockTolerance: CLOCK_LEEWAY_MS / SECOND,
			currentDate: new Date(arrival.now),
			requiredClaims: ["exp", "iat"],
		});
		return ok(null);
	} catch (error) {
		if (error instanceof errors.JWKSNoMatchingKey) return "unknown_key";
		if (error instanceof errors.JWTExpired) {
			return refused(
				`exp: it expired at ${showTime(error.payload.exp)}; ask the issuer for a new one`,
			);
		}
		if (error instanceof errors.JWTClaimValidationFailed) {
			const { claim, payload } = error;
			return claim === "nbf"
				? refused(`nbf: it is not valid before ${showTime(payload.nbf)}`)
				: refused(`${claim}: ${payload[claim] === undefined ? "is missing" : "is not valid"}`);
		}
		if (error instanceof errors.JWSSignatureVerificationFailed) {
			return refused(`its signature is not that of ${issuer}`);
		}
		// Whatever else it is, a key too weak to be one or of a shape of its own: nothing is verified.
		const why = error instanceof errors.JOSEError ? error.message : "the key it names is unusable";
		return refused(`it cannot be verified: ${why}`);
	}
}

function refused(why: string): Result<never, HttpFailure> {
	return refuse("unauthorized", `The subjectToken is not accepted: ${why}.`);
}

function showTime(seconds: unknown): string {
	const at = typeof seconds === "number" ? new Date(seconds * SECOND) : undefined;
	return at === undefined || Number.isNaN(at.getTime()) ? "no instant" : at.toISOString();
}

function show(value: unknown): string {
	return typeof value === "string" ? JSON.stringify(value.slice(0, 20)) : "nothing";
}
