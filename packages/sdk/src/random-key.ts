/** Idempotency keys: 128 random bits, as unguessable as the platform makes them. */

export function randomKey(): string {
	const bytes = new Uint8Array(16);
	// Node 18 has no global `crypto`. A key need only be unique among its tenant's.
	if (globalThis.crypto === undefined)
		for (const at of bytes.keys()) bytes[at] = Math.random() * 256;
	else crypto.getRandomValues(bytes);
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
