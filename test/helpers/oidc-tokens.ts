/**
 * An issuer of OpenID Connect tokens without a server: its two documents, and tokens as GitHub makes
 * them for its jobs. Runs in Node and in workerd. See `oidc-issuer.ts` for one that is served.
 */
import { exportJWK, type GenerateKeyPairResult, generateKeyPair, type JWK, SignJWT } from "jose";

type Algorithm = "RS256" | "ES256";
type Key = { readonly kid: string; readonly alg: Algorithm; readonly pair: GenerateKeyPairResult };

export type OidcTokens = {
	readonly issuer: string;
	/** By path: what the issuer answers. */
	readonly documents: () => Promise<Readonly<Record<string, unknown>>>;
	/** A token of the newest key. `claims` over those of a job of `acme/site` on `main`. */
	readonly sign: (
		claims?: Readonly<Record<string, unknown>>,
		header?: Readonly<Record<string, unknown>>,
	) => Promise<string>;
	/** Makes a new key, with which tokens are signed from now on. */
	readonly rotate: (alg?: Algorithm) => Promise<void>;
	/** No longer lists any key but the newest. */
	readonly withdraw: () => void;
};

const LIFE_S = 300;

/** @param issuer its `iss`, under which its documents stand */
export async function createOidcTokens(issuer: string): Promise<OidcTokens> {
	let made = 0;
	let keys: Key[] = [];
	const rotate = async (alg: Algorithm = "RS256") => {
		const pair = await generateKeyPair(alg, { extractable: true });
		keys = [...keys, { kid: `key-${++made}`, alg, pair }];
	};
	await rotate();
	const newest = () => {
		const key = keys.at(-1);
		if (key === undefined) throw new Error("the issuer has no key");
		return key;
	};
	const listed = (): Promise<JWK[]> =>
		Promise.all(
			keys.map(async ({ kid, alg, pair }) => ({
				...(await exportJWK(pair.publicKey)),
				kid,
				alg,
				use: "sig",
			})),
		);
	return {
		issuer,
		rotate,
		withdraw: () => {
			keys = [newest()];
		},
		documents: async () => ({
			"/.well-known/openid-configuration": { issuer, jwks_uri: `${issuer}/jwks` },
			"/jwks": { keys: await listed() },
		}),
		sign: (claims = {}, header = {}) => {
			const { kid, alg, pair } = newest();
			const now = Math.floor(Date.now() / 1_000);
			const job = {
				iss: issuer,
				aud: "minoots",
				sub: "repo:acme/site:ref:refs/heads/main",
				repository: "acme/site",
				repository_owner: "acme",
				repository_owner_id: "4711",
				ref: "refs/heads/main",
				ref_type: "branch",
				event_name: "push",
				run_id: "1",
				run_attempt: "1",
				iat: now,
				nbf: now,
				exp: now + LIFE_S,
				jti: crypto.randomUUID(),
			};
			const all = { ...job, ...claims };
			return new SignJWT(all)
				.setProtectedHeader({ typ: "JWT", alg, kid, ...header })
				.sign(pair.privateKey);
		},
	};
}
