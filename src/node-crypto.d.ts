/**
 * The one piece of Node that src/ uses, which workerd has natively (`nodejs_compat`). Declared here
 * rather than taken from `@types/node`, whose globals would let the rest of Node in unnoticed.
 */
declare module "node:crypto" {
	interface Hmac {
		update(data: string | Uint8Array): Hmac;
		digest(encoding: "base64" | "hex"): string;
	}
	export function createHmac(algorithm: "sha256", key: Uint8Array): Hmac;
}
