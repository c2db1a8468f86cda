import { expect, it } from "vitest";
import { mintStreamToken, parseStreamToken } from "../../../src/core/stream-token.ts";

const KEY = new Uint8Array(32).fill(7);
const TOKEN = {
	tenant: "a-b",
	keyId: "key_1",
	expiresAt: 1_800_000_000_000,
	nonce: "0f".repeat(16),
};

it("[STREAM-21] a token is read only with the key it was made with, and only unaltered", () => {
	const text = mintStreamToken(TOKEN, KEY);
	expect(parseStreamToken(text, KEY)).toEqual(TOKEN);
	expect(parseStreamToken(text, new Uint8Array(32).fill(8))).toBeUndefined();
	for (let at = 0; at < text.length; at++) {
		const other = text[at] === "0" ? "1" : "0";
		const altered = text.slice(0, at) + other + text.slice(at + 1);
		expect(parseStreamToken(altered, KEY), altered).toBeUndefined();
	}
	expect(parseStreamToken(`${text}${"0".repeat(1_000)}`, KEY)).toBeUndefined();
});
