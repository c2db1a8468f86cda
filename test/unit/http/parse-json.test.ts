import { expect, it } from "vitest";
import { readJson } from "../../../src/http/parse-json.ts";

function read(text: string, contentType?: string) {
	const headers = new Headers(contentType === undefined ? {} : { "content-type": contentType });
	const result = readJson(text, headers);
	return result.ok ? result.value : result.error.code;
}

it.each([undefined, "application/json", "application/x-www-form-urlencoded", "text/plain"])(
	"[HTTP-2] reads what parses whatever its Content-Type: %s",
	(type) => {
		expect(read('{"in":"5s"}', type)).toEqual({ in: "5s" });
	},
);

it.each([
	[undefined, "invalid_json"],
	["application/json", "invalid_json"],
	["application/json; charset=utf-8", "invalid_json"],
	["Application/Problem+JSON", "invalid_json"],
	["application/x-www-form-urlencoded", "unsupported_media_type"],
	["text/html", "unsupported_media_type"],
])("[HTTP-2] refuses what does not parse by its Content-Type: %s is %s", (type, code) => {
	expect(read("in=5s", type)).toBe(code);
});

it("[HTTP-2] an empty body is invalid JSON, whatever its Content-Type", () => {
	expect(read("", "application/x-www-form-urlencoded")).toBe("invalid_json");
});

it("[HTTP-2] says where the text stops being JSON", () => {
	const result = readJson('{"in": 5s}', new Headers());
	expect(result).toMatchObject({ error: { detail: expect.stringContaining("position 8") } });
});

it("[HTTP-2] says that a compressed body is not read", () => {
	const headers = new Headers({ "content-encoding": "gzip", "content-type": "application/json" });
	expect(readJson("\x1f\x8b", headers)).toMatchObject({
		error: { code: "unsupported_media_type", detail: expect.stringContaining("gzip") },
	});
});
