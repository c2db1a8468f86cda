import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { classifyResponse } from "../../../src/core/classify-response.ts";

describe("what an answer means", () => {
	it.each([200, 201, 202, 204, 226, 299])("[CLASS-1] %d is delivered", (status) => {
		expect(classifyResponse({ status })).toBe("delivered");
	});

	it.each([301, 303, 304, 308, 399])("[CLASS-2] redirect %d is terminal", (status) => {
		expect(classifyResponse({ status })).toBe("terminal");
	});

	it.each([302, 307])("[CLASS-2] temporary redirect %d is retryable", (status) => {
		expect(classifyResponse({ status })).toBe("retryable");
	});

	it("[CLASS-3] 410 is gone", () => {
		expect(classifyResponse({ status: 410 })).toBe("gone");
	});

	it.each([408, 409, 425, 429])("[CLASS-4] %d passes by itself", (status) => {
		expect(classifyResponse({ status })).toBe("retryable");
	});

	it.each([400, 401, 403, 404, 405, 413, 415, 422, 451, 489, 499])(
		"[CLASS-4] %d is terminal",
		(status) => {
			expect(classifyResponse({ status })).toBe("terminal");
		},
	);

	it.each([500, 501, 502, 503, 504, 599, 600, 999, 101])("[CLASS-5] %d is retryable", (status) => {
		expect(classifyResponse({ status })).toBe("retryable");
	});

	it.each([
		["timeout", "retryable"],
		["connection_failed", "retryable"],
		["lease_expired", "retryable"],
		["destination_refused", "terminal"],
		["response_too_large", "terminal"],
	] as const)("[CLASS-6] %s is %s", (failure, expected) => {
		expect(classifyResponse({ failure })).toBe(expected);
	});

	it("[CLASS-1] nothing but 2xx is ever taken for delivered", () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 999 }), (status) => {
				const isDelivered = classifyResponse({ status }) === "delivered";
				expect(isDelivered).toBe(Math.floor(status / 100) === 2);
			}),
		);
	});
});
