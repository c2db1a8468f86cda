/**
 * Runs the tests of objects, queues and routes inside workerd, on the bindings of wrangler.toml.
 * Storage is separate per file, not per test: every test uses a tenant of its own.
 */
import path from "node:path";
import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

const root = path.resolve(import.meta.dirname, "../..");

export default defineConfig({
	plugins: [
		cloudflareTest({
			wrangler: { configPath: path.join(root, "wrangler.toml") },
			miniflare: {
				bindings: {
					// Not secrets: nothing outside these tests is made with them.
					MINOOTS_MASTER_KEY: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
					MINOOTS_ADMIN_KEY: "mna_test-operator",
					// As on one machine, where a tenant's time can be moved.
					DEV_CLOCK: "on",
				},
			},
		}),
	],
	test: {
		name: "workers",
		root,
		include: ["test/workers/**/*.test.ts"],
		// Nothing here waits for long: only a machine that is busy takes so much time.
		testTimeout: 30_000,
		// Every request logs a line; those of a test that fails are shown with it.
		silent: "passed-only",
		// Its files are of two module formats, which only a bundler reads.
		deps: { optimizer: { ssr: { enabled: true, include: ["itty-durable"] } } },
		// Two files at once: each starts a workerd of its own.
		maxWorkers: 2,
	},
});
