import { assert, property, string, stringMatching } from "fast-check";
import { expect, it } from "vitest";
import { matchesMailbox } from "../../../src/core/mailbox-pattern.ts";

it.each([
	["build-*", "build-", true],
	["build-*", "build-arm.7", true],
	["build-*", "rebuild-arm", false],
	["*-arm", "build-arm", true],
	["*-arm", "build-arm64", false],
	["a*b*c", "abc", true],
	["a*b*c", "a-b-b-c", true],
	["a*b*c", "acb", false],
	["a*a", "a", false],
	["*", "anything", true],
	["**", "x", true],
	["build", "build", true],
	["build", "Build", false],
	["a.c", "abc", false],
])("[MBOX-4] %s of %s: %s", (pattern, name, expected) => {
	expect(matchesMailbox([pattern], name)).toBe(expected);
	expect(matchesMailbox(["other", pattern], name)).toBe(expected);
});

it("[MBOX-4] agrees with the regular expression that a pattern stands for", () => {
	const text = stringMatching(/^[ab*]{0,8}$/);
	const names = stringMatching(/^[ab]{0,10}$/);
	assert(
		property(text, names, (pattern, name) => {
			const regex = new RegExp(`^${pattern.replaceAll("*", ".*")}$`);
			expect(matchesMailbox([pattern], name)).toBe(regex.test(name));
		}),
		{ numRuns: 1_000 },
	);
});

it("[MBOX-4] takes no longer for many stars", () => {
	const name = "a".repeat(128);
	expect(matchesMailbox([`${"a*".repeat(63)}b`], name)).toBe(false);
});

it("[MBOX-4] no pattern, no mailbox", () => {
	assert(property(string(), (name) => !matchesMailbox([], name)));
});
