/**
 * What every body must satisfy before any schema looks at it: bounded depth, no keys that would
 * reach a prototype, numbers that are numbers, text that is Unicode. The schemas of free-form JSON
 * rely on it and do not walk their values again.
 */
import type { FieldError } from "../contract/error.ts";
import { LIMITS } from "../contract/limits.ts";

type Flaw = { readonly path: (string | number)[]; readonly message: string };

/** The first flaw in a value that `JSON.parse` returned; `undefined` when it has none. */
export function checkJson(value: unknown): FieldError | undefined {
	const flaw = findFlaw(value, 0);
	return flaw && { path: flaw.path.join("."), message: flaw.message };
}

function findFlaw(value: unknown, depth: number): Flaw | undefined {
	switch (typeof value) {
		case "string":
			return value.isWellFormed() ? undefined : flaw("text holds half of a surrogate pair");
		case "number":
			return Number.isFinite(value) ? undefined : flaw("the number is too large for a double");
		case "object":
			if (value === null) return undefined;
			if (depth >= LIMITS.jsonDepth) return flaw(`nested deeper than ${LIMITS.jsonDepth} levels`);
			return Array.isArray(value) ? inArray(value, depth + 1) : inObject(value, depth + 1);
		default:
			return undefined;
	}
}

function inArray(items: readonly unknown[], depth: number): Flaw | undefined {
	for (let index = 0; index < items.length; index++) {
		const found = findFlaw(items[index], depth);
		if (found !== undefined) return within(index, found);
	}
	return undefined;
}

function inObject(object: object, depth: number): Flaw | undefined {
	for (const key of Object.keys(object)) {
		if (key === "__proto__" || key === "constructor" || key === "prototype") {
			return within(key, flaw("this name is not allowed in JSON sent here"));
		}
		if (!key.isWellFormed()) return flaw("a name holds half of a surrogate pair");
		const found = findFlaw(Reflect.get(object, key), depth);
		if (found !== undefined) return within(key, found);
	}
	return undefined;
}

function flaw(message: string): Flaw {
	return { path: [], message };
}

/** The path is built on the way out: a request without a flaw pays nothing for it. */
function within(step: string | number, found: Flaw): Flaw {
	found.path.unshift(step);
	return found;
}
