/**
 * Runs the tests of what others install, as they use it: programs as processes, bundles as files,
 * pages in a browser. One file at a time, since most start a network.
 */

import path from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
	test: {
		name: "packages",
		root: path.resolve(import.meta.dirname, "../.."),
		environment: "node",
		include: ["test/packages/**/*.test.ts"],
		fileParallelism: false,
		testTimeout: 60_000,
		hookTimeout: 60_000,
	},
});
