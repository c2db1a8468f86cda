/** The mailbox alone, in workerd: shards that only note what they are told stand beside it (worker.ts). */
import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

export default defineConfig({
	plugins: [
		cloudflareTest({
			main: "./worker.ts",
			// Errors that tests ask for would fill the screen.
			verbose: false,
			wrangler: { configPath: "../../wrangler.toml" },
		}),
	],
	root: import.meta.dirname,
	test: {
		name: "mailbox",
		include: ["**/*.test.ts"],
		// Nothing here waits for time to pass: only a machine that is busy takes so long.
		testTimeout: 30_000,
		// Every test has a mailbox of its own, so files may share a runtime: it takes a second to start.
		isolate: false,
		onConsoleLog: (text) => !text.startsWith('{"at":'),
	},
});
