/**
 * Builds `dist/minoots.mjs` and its chunks: one a command, so that a start loads only what it runs.
 * Called by `scripts/build-packages.ts`. Self-contained: nothing is installed beside it.
 */
import { chmod, rm } from "node:fs/promises";
import { join } from "node:path";
import { build, type Plugin } from "esbuild";

const HERE = import.meta.dirname;
const DIST = join(HERE, "dist");

/**
 * Commander loads `node:child_process` at its start, for commands that are programs of their own.
 * There are none here, and it costs a tenth of the start.
 */
const withoutChildProcess: Plugin = {
	name: "without-child-process",
	setup({ onResolve, onLoad }) {
		onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
			/node_modules[\\/]commander[\\/]/.test(importer)
				? { path: "child_process", namespace: "absent" }
				: undefined,
		);
		onLoad({ filter: /.*/, namespace: "absent" }, () => ({ contents: "export default {};" }));
	},
};

await rm(DIST, { recursive: true, force: true });
await build({
	entryPoints: { minoots: join(HERE, "src", "main.ts") },
	bundle: true,
	splitting: true,
	format: "esm",
	platform: "node",
	target: "node18.17",
	outdir: DIST,
	outExtension: { ".js": ".mjs" },
	chunkNames: "chunks/[name]-[hash]",
	minify: true,
	banner: {
		// Packages in CommonJS ask for Node's own modules this way.
		js: 'import { createRequire as _cr } from "node:module"; const require = _cr(import.meta.url);',
	},
	plugins: [withoutChildProcess],
	logLevel: "warning",
});
await chmod(join(DIST, "minoots.mjs"), 0o755);
