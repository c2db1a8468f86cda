/**
 * Crockford's base32, lower case: letters and digits that survive being read aloud, double-clicked
 * and put into a URL. Public ids are written in it; it is not a general encoder (inputs are whole
 * multiples of 5 bytes, so there is no padding).
 */

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const BYTES_PER_GROUP = 5;
const DIGITS_PER_GROUP = 8;

const DIGIT_OF = new Map([...ALPHABET].map((letter, digit) => [letter, digit] as const));

/** Writes `bytes`, whose length must be a multiple of 5. */
export function encodeBase32(bytes: Uint8Array): string {
	if (bytes.length % BYTES_PER_GROUP !== 0) throw new Error("base32 takes groups of 5 bytes");
	let text = "";
	let bits = 0;
	let held = 0;
	for (const byte of bytes) {
		held = (held << 8) | byte;
		bits += 8;
		while (bits >= 5) {
			bits -= 5;
			text += ALPHABET[(held >>> bits) & 31];
		}
		held &= (1 << bits) - 1;
	}
	return text;
}

/** Reads what `encodeBase32` wrote; `undefined` for anything else. */
export function decodeBase32(text: string): Uint8Array | undefined {
	if (text.length % DIGITS_PER_GROUP !== 0) return undefined;
	const bytes = new Uint8Array((text.length / DIGITS_PER_GROUP) * BYTES_PER_GROUP);
	let at = 0;
	let bits = 0;
	let held = 0;
	for (const letter of text) {
		const digit = DIGIT_OF.get(letter);
		if (digit === undefined) return undefined;
		held = (held << 5) | digit;
		bits += 5;
		if (bits >= 8) {
			bits -= 8;
			bytes[at++] = (held >>> bits) & 255;
		}
		held &= (1 << bits) - 1;
	}
	return bytes;
}
