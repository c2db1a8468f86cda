import { expect, it } from "vitest";
import { deriveKey, MASTER_KEY_MISSING } from "../../../src/core/derived-key.ts";
import { platformFailure } from "../../../src/http/platform-failure.ts";

const MASTER_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

it("[KEY-9] gives every purpose a key of its own, and the same one each time", () => {
	const first = deriveKey(MASTER_KEY, "public-id");
	expect(deriveKey(MASTER_KEY, "public-id")).toEqual(first);
	expect(deriveKey(MASTER_KEY, "api-key-checksum")).not.toEqual(first);
	expect(deriveKey(`${MASTER_KEY}x`, "public-id")).not.toEqual(first);
});

it.each([undefined, "", "short"])("[KEY-9] derives nothing from %s", (masterKey) => {
	expect(() => deriveKey(masterKey, "public-id")).toThrow(MASTER_KEY_MISSING);
});

it("[KEY-9] a deployment without its master key answers 503", () => {
	expect(platformFailure(new Error(MASTER_KEY_MISSING))).toMatchObject({ code: "unavailable" });
});
