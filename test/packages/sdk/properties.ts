/** Properties as tests: fast-check's seed and counterexample are in what a failure says. */
import fc from "fast-check";
import { test as vitest } from "vitest";

export { fc };

/** Holds `predicate` for random values; what it throws is a counterexample. */
export function test<T extends [unknown, ...unknown[]]>(
	name: string,
	arbitraries: { [K in keyof T]: fc.Arbitrary<T[K]> },
	predicate: (...values: T) => Promise<void> | void,
	options: fc.Parameters<T> = {},
): void {
	vitest(name, () =>
		fc.assert(
			fc.asyncProperty(...arbitraries, async (...values) => predicate(...values)),
			options,
		),
	);
}
