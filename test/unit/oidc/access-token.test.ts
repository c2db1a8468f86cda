/** Access tokens: what is read of one, and that nobody else can make or change one. */
import { expect, it } from "vitest";
import {
	holderIdOf,
	mintAccessToken,
	parseAccessToken,
	parseHolderId,
} from "../../../src/core/access-token.ts";

const key = new Uint8Array(32).fill(7);
const token = {
	tenant: "a-tenant-with-a-name-of-forty-characters",
	policyId: "pol_0h3k8m2q4r6t9vwx",
	expiresAt: 1_795_252_500_000,
	nonce: "00112233445566778899aabbccddeeff",
};
const text = mintAccessToken(token, key);

it("[OIDC-8] a token says whose it is, and until when", () => {
	expect(text).toMatch(/^mno_a-tenant-with-a-name-of-forty-characters\.pol_/);
	expect(parseAccessToken(text, key)).toEqual(token);
});

it("[OIDC-8] a token that was changed in any character, or is of another deployment, is none", () => {
	for (let at = 0; at < text.length; at++) {
		const other = text[at] === "1" ? "2" : "1";
		const changed = text.slice(0, at) + other + text.slice(at + 1);
		expect(parseAccessToken(changed, key)).toBeUndefined();
	}
	expect(parseAccessToken(text, new Uint8Array(32))).toBeUndefined();
	expect(parseAccessToken(`${text}0`, key)).toBeUndefined();
	expect(parseAccessToken("", key)).toBeUndefined();
});

it("[OIDC-8] what stands for it where a key's id stands is no key's id", () => {
	const id = holderIdOf(token);
	expect(id).toMatch(/^\w+$/);
	expect(parseHolderId(id)).toEqual({ policyId: token.policyId, expiresAt: token.expiresAt });
	expect(parseHolderId("key_0h3k8m2q4r6t9vwx")).toBeUndefined();
});
