import { expect, it } from "vitest";
import { isIllHealth } from "../../../src/core/ill-health.ts";

it.each([
	["http_error", 500, true],
	["http_error", 503, true],
	["http_error", 999, true],
	["http_error", 429, true],
	["timeout", null, true],
	["connection_failed", null, true],
	["delivered", 204, false],
	["http_error", 400, false],
	["http_error", 404, false],
	["http_error", 408, false],
	["http_error", 410, false],
	["http_error", 302, false],
	["response_too_large", null, false],
	["destination_refused", null, false],
] as const)("[HEALTH-4] %s %s: ill health is %s", (outcome, status, isIll) => {
	expect(isIllHealth({ outcome, status })).toBe(isIll);
});
