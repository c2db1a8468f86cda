/** Adds hashes to what `src/node-crypto.d.ts` declares of Node's crypto, and says why it is there. */
declare module "node:crypto" {
	interface Hash {
		update(data: string | Uint8Array): Hash;
		digest(): Uint8Array;
		digest(encoding: "hex" | "base64"): string;
	}
	export function createHash(algorithm: "sha256"): Hash;
}
