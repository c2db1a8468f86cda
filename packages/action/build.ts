/**
 * Bundles the action into `dist/index.mjs`, which is committed: the runner starts what it finds in
 * the repository and installs nothing. The bytes depend on the sources and the lock file alone, which
 * a test holds; they stay readable, so that whoever runs them can see what changed.
 */
import { join } from "node:path";
import { build } from "esbuild";

const ROOT = join(import.meta.dirname, "..", "..");

await build({
	absWorkingDir: ROOT,
	entryPoints: ["packages/action/src/main.ts"],
	// A test builds elsewhere, to compare.
	outfile: process.argv[2] ?? "packages/action/dist/index.mjs",
	bundle: true,
	platform: "node",
	format: "esm",
	target: "node24",
	charset: "utf8",
	legalComments: "inline",
	// Paths stand in the bundle: those under the root, also where `node_modules` is a link.
	preserveSymlinks: true,
	// The HTTP client of @actions/core is CommonJS and requires what Node brings.
	banner: {
		js: 'import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);',
	},
	logLevel: "warning",
});
