/** The shard alone, in workerd: its own registry and sender stand beside it (worker.ts). */
import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

export default defineConfig({
	plugins: [
		cloudflareTest({
			main: "./worker.ts",
			// Errors that tests ask for would fill the screen.
			verbose: false,
			wrangler: { configPath: "../../wrangler.toml" },
			miniflare: {
				bindings: {
					RUNTIME: "local",
					BOOT_ID: "boot-1",
					MINOOTS_MASTER_KEY: "a-master-key-for-tests-of-the-shard-alone",
					MINOOTS_ADMIN_KEY: "an-operator-key-for-tests",
				},
			},
		}),
	],
	root: import.meta.dirname,
	test: {
		name: "shard",
		include: ["**/*.test.ts"],
		// Nothing here waits for time to pass: only a machine that is busy takes so long.
		testTimeout: 30_000,
		// A runtime for each file, though every test has a tenant of its own: after some hundreds of
		// evictions of objects that had work, one runtime evicts no more, and the test would wait for ever.
		isolate: true,
		// The shard's own log; a fault in it fails the test that made it.
		onConsoleLog: (text) => !text.startsWith('{"at":'),
	},
});
