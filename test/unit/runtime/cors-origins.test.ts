import { expect, it } from "vitest";
import { readCorsOrigins } from "../../../runtime/cors-origins.ts";

it.each([
	[undefined, ""],
	["", ""],
	[" , ", ""],
	["*", "*"],
	["null", "null"],
	["https://app.example", "https://app.example"],
	[" http://localhost:5173 , https://app.example,", "http://localhost:5173,https://app.example"],
	["http://[::1]:8080", "http://[::1]:8080"],
	["chrome-extension://abcdef", "chrome-extension://abcdef"],
])("[RUN-18] takes CORS_ORIGINS=%j for %j", (given, origins) => {
	const environment = { CORS_ORIGINS: given, HOME: "/root" };
	expect(readCorsOrigins(environment)).toEqual({ ok: true, value: { CORS_ORIGINS: origins } });
});

it.each([
	"app.example",
	"https://app.example/",
	"https://app.example/page",
	"https://app.example:443",
	"https://App.example",
	"https://*.example",
	"localhost:5173",
])("[RUN-18] refuses to start with CORS_ORIGINS=%s, which no browser sends", (wrong) => {
	const line = `CORS_ORIGINS must be origins like https://app.example.com, separated by commas, or *; got "${wrong}"`;
	const settings = readCorsOrigins({ CORS_ORIGINS: `https://good.example,${wrong}` });
	expect(settings).toEqual({ ok: false, error: { line, exitCode: 2 } });
});
