/**
 * Builds `dist/index.cjs`, one file for `require` and `import` with the worker's text inside, and its
 * declarations. Called by `scripts/build-packages.ts`.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type BuildOptions, build } from "esbuild";

const SOURCES = join(import.meta.dirname, "src");
const DIST = join(import.meta.dirname, "dist");

const options: BuildOptions = {
	bundle: true,
	platform: "node",
	target: "node18",
	format: "cjs",
	write: false,
	logLevel: "warning",
};

const worker = await bundle({ entryPoints: [join(SOURCES, "worker.ts")], minify: true });
const index = await bundle({
	entryPoints: [join(SOURCES, "index.ts")],
	define: { WORKER_SOURCE: JSON.stringify(worker) },
});
/** Both are declarations already; only the import between them goes. */
const types = await readFile(join(SOURCES, "types.ts"), "utf8");
const exported = await readFile(join(SOURCES, "declarations.d.ts"), "utf8");

await mkdir(DIST, { recursive: true });
await writeFile(join(DIST, "index.cjs"), index);
await writeFile(join(DIST, "index.d.cts"), types + exported.replace(/^import [^;]*;\n/m, ""));

async function bundle(changed: BuildOptions): Promise<string> {
	const { outputFiles = [] } = await build({ ...options, ...changed });
	return outputFiles.map(({ text }) => text).join("");
}
