/**
 * Builds `dist/minoots.cjs` and its chunks: one a command, so that a start loads only what it runs.
 * Called by `scripts/build-packages.ts`. Self-contained: nothing is installed beside it.
 */
import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { build, type Plugin, transform } from "esbuild";

const HERE = import.meta.dirname;
const DIST = join(HERE, "dist");
const TARGET = "node18.17";
/** Whoever may run it may read it. */
const PROGRAM_MODE = 0o755;

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

/** The prompts colour with `styleText`, which Node has from 20.12 on: before, they do without. */
const withStyleText: Plugin = {
	name: "with-style-text",
	setup({ onResolve, onLoad }) {
		onResolve({ filter: /^node:util$/ }, ({ importer }) =>
			/node_modules[\\/]@clack[\\/]/.test(importer)
				? { path: "util", namespace: "style-text" }
				: undefined,
		);
		onLoad({ filter: /.*/, namespace: "style-text" }, () => ({
			contents: `
				import * as util from "node:util";
				export * from "node:util";
				export const styleText = util.styleText ?? ((_, text) => text);
			`,
		}));
	},
};

/**
 * Chunks in CommonJS: Node starts 4 ms sooner with them, a tenth, since it need not make modules of
 * its own `fs` and `path`. esbuild splits only modules, so each chunk is turned afterwards.
 */
async function buildChunks(): Promise<void> {
	const { outputFiles } = await build({
		entryPoints: { program: join(HERE, "src", "program.ts") },
		// Imported by every file, so that each chunk finds it in the same place.
		inject: [join(HERE, "src", "frame", "shared.ts")],
		bundle: true,
		splitting: true,
		write: false,
		format: "esm",
		platform: "node",
		target: TARGET,
		outdir: join(DIST, "chunks"),
		outExtension: { ".js": ".cjs" },
		chunkNames: "[name]-[hash]",
		minify: true,
		plugins: [withoutChildProcess, withStyleText],
		logLevel: "warning",
	});
	for (const { path, text } of outputFiles) {
		const { code } = await transform(text, {
			format: "cjs",
			platform: "node",
			target: TARGET,
			supported: { "dynamic-import": false },
			minify: true,
			sourcefile: basename(path),
		});
		await mkdir(dirname(path), { recursive: true });
		await writeFile(path, code);
	}
}

/** What the shell runs: no more than the loading of the first chunk. */
async function buildEntry(): Promise<void> {
	const entry = join(DIST, "minoots.cjs");
	await build({
		entryPoints: [join(HERE, "src", "main.ts")],
		bundle: true,
		external: ["./chunks/*"],
		format: "cjs",
		platform: "node",
		target: TARGET,
		outfile: entry,
		minify: true,
		logLevel: "warning",
	});
	await chmod(entry, PROGRAM_MODE);
}

await rm(DIST, { recursive: true, force: true });
await buildChunks();
await buildEntry();
