/**
 * Runs the end-to-end tests: real networks as processes of their own, driven from outside. One file
 * at a time, since each starts several processes and some of them measure time.
 */

import path from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
	test: {
		name: "e2e",
		root: path.resolve(import.meta.dirname, "../.."),
		environment: "node",
		include: ["test/e2e/**/*.test.ts"],
		fileParallelism: false,
		testTimeout: 60_000,
		hookTimeout: 60_000,
	},
});
