/** Runs the tests of the pure core in plain Node. Nothing here starts workerd. */

import path from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
	test: {
		name: "unit",
		root: path.resolve(import.meta.dirname, "../.."),
		environment: "node",
		include: ["test/unit/**/*.test.ts"],
		// Properties compute for seconds on a busy machine; nothing waits.
		testTimeout: 30_000,
	},
});
