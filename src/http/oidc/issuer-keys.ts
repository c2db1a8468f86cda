/**
 * The keys with which an issuer signs, by OpenID Connect Discovery 1.0: its configuration names where
 * they are. An issuer is whoever a tenant's policy names, so it is fetched as a webhook is sent, and
 * bounded in time, in size and in how often.
 */
import { createLocalJWKSet, type JWK, type LocalJWKSet } from "jose";
import { z } from "zod";
import { ExpiringMap } from "../../core/expiring-map.ts";
import { err, ok, type Result } from "../../core/result.ts";
import { fetchJson } from "../../outbound/fetch-json.ts";
import { judgeOf } from "../../outbound-policy.ts";
import type { Arrival } from "../context.ts";
import {
	ISSUER_BYTES_MAX,
	ISSUER_KEYS_KEPT_MS,
	ISSUER_KEYS_MAX,
	ISSUER_PAUSE_MS,
	ISSUER_TIMEOUT_MS,
	ISSUERS_KEPT,
} from "./constants.ts";

/** Why there are no keys, as a sentence goes on. */
export type IssuerFailure = { readonly message: string };
type Keys = Result<LocalJWKSet, IssuerFailure>;
/** Epoch ms. */
type Held = { readonly keys: Keys; readonly fetchedAt: number; readonly askedAt: number };

const CONFIGURATION_PATH = "/.well-known/openid-configuration";
const BOUNDS = { timeoutMs: ISSUER_TIMEOUT_MS, bytes: ISSUER_BYTES_MAX };

const ConfigurationSchema = z.object({ issuer: z.string(), jwks_uri: z.string() });
const KeySetSchema = z.object({
	keys: z.array(z.looseObject({ kty: z.string() })).max(ISSUER_KEYS_MAX),
});
/** What RS256 and ES256 are signed with. */
const KEY_TYPES: readonly string[] = ["RSA", "EC"];

const held = new ExpiringMap<string, Held>(ISSUERS_KEPT);

/**
 * The keys of `issuer`. A failure is remembered too, for `ISSUER_PAUSE_MS`.
 * @param isStale that what is remembered lacks the key of a token: it is asked again, unless that
 *   was just done
 */
export async function issuerKeys(arrival: Arrival, issuer: string, isStale = false): Promise<Keys> {
	const { now } = arrival;
	const known = held.get(issuer, now);
	if (known !== undefined && !(isStale && now - known.askedAt >= ISSUER_PAUSE_MS)) {
		return known.keys;
	}
	const keys = await fetchKeys(arrival, issuer);
	if (!keys.ok && known?.keys.ok) {
		// Anybody can name a key that is not there; the others stay good for what is left of their time.
		const leftMs = known.fetchedAt + ISSUER_KEYS_KEPT_MS - now;
		held.set(issuer, { ...known, askedAt: now }, now, leftMs);
		return keys;
	}
	const keptMs = keys.ok ? ISSUER_KEYS_KEPT_MS : ISSUER_PAUSE_MS;
	held.set(issuer, { keys, fetchedAt: now, askedAt: now }, now, keptMs);
	return keys;
}

async function fetchKeys({ env }: Arrival, issuer: string): Promise<Keys> {
	const judge = judgeOf(env);
	const configurationUrl = `${issuer.replace(/\/$/, "")}${CONFIGURATION_PATH}`;
	const document = await fetchJson(env, judge, configurationUrl, BOUNDS);
	if (!document.ok) return failed(configurationUrl, document.error.message);
	const configuration = ConfigurationSchema.safeParse(document.value);
	if (!configuration.success) return failed(configurationUrl, "it names no issuer and jwks_uri");
	// Section 4.3: one that speaks for another issuer must not be believed.
	if (configuration.data.issuer !== issuer) {
		return failed(configurationUrl, "it is of another issuer");
	}
	const keysUrl = configuration.data.jwks_uri;
	const listed = await fetchJson(env, judge, keysUrl, BOUNDS);
	if (!listed.ok) return failed(keysUrl, listed.error.message);
	const set = KeySetSchema.safeParse(listed.value);
	if (!set.success) return failed(keysUrl, `it is no set of at most ${ISSUER_KEYS_MAX} keys`);
	const keys = set.data.keys.filter(({ kty }) => KEY_TYPES.includes(kty));
	// What else a key must have, jose looks at when a token names it.
	return ok(createLocalJWKSet({ keys: keys as JWK[] }));
}

function failed(url: string, why: string): Keys {
	return err({ message: `its keys could not be read at ${url}: ${why}` });
}
