/**
 * Builds `@minoots/sdk` into `dist`: a module each for the main entry, for `/node` and for what that
 * loads on demand, in both module formats; and declarations that need nothing installed.
 */
import { spawnSync } from "node:child_process";
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { writePublishedTypes } from "./published-types.ts";

const HERE = import.meta.dirname;
const ROOT = join(HERE, "../..");
const DIST = join(HERE, "dist");
const DECLARATIONS = join(DIST, ".declarations");

/** Each is a file of its own, so that all share one client and its error. */
const ENTRIES: Readonly<Record<string, string>> = {
	"src/index.ts": "index",
	"src/node/index.ts": "node",
	"src/node/fetch-through.ts": "fetch-through",
};

/** Leaves imports of an entry from another one to the loader. */
const shareEntries: Plugin = {
	name: "share-entries",
	setup({ onResolve }) {
		onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir, kind }) => {
			const name = ENTRIES[relative(HERE, join(resolveDir, path))];
			return kind === "entry-point" || name === undefined
				? undefined
				: { path: `./${name}.js`, external: true };
		});
	},
};

const options: BuildOptions = {
	entryPoints: Object.entries(ENTRIES).map(([path, out]) => ({ in: join(HERE, path), out })),
	bundle: true,
	minify: true,
	target: "es2022",
	external: ["node:*"],
	plugins: [shareEntries],
	logLevel: "warning",
};

rmSync(DIST, { recursive: true, force: true });
await build({ ...options, format: "esm", outdir: DIST });
await build({ ...options, format: "cjs", outdir: join(DIST, "cjs") });
for (const path of ["index.js", "cjs/index.js"]) hintBundlers(join(DIST, path));
writeFileSync(join(DIST, "cjs/package.json"), '{ "type": "commonjs" }\n');
await declare();

/** Spares webpack and Vite a warning of the import that only Node 18 makes. Comments are written
 * here, since none outlives the minifying. */
function hintBundlers(path: string): void {
	const code = readFileSync(path, "utf8");
	const hinted = code.replace("import([", "import(/* webpackIgnore: true */ /* @vite-ignore */ [");
	if (hinted === code) throw new Error(`${path}: the import of node:crypto is not found`);
	writeFileSync(path, hinted);
}

/** Declarations of every file under `src`, with the wire's types written out, for both formats. */
async function declare(): Promise<void> {
	const tsc = join(ROOT, "node_modules/.bin/tsc");
	const flags = ["--noEmit", "false", "--declaration", "--emitDeclarationOnly"];
	const project = ["-p", join(HERE, "tsconfig.build.json"), "--outDir", DECLARATIONS];
	const { status, stdout } = spawnSync(tsc, [...project, ...flags, "--rootDir", ROOT]);
	if (status !== 0) throw new Error(`tsc: ${stdout}`);
	const from = join(DECLARATIONS, relative(ROOT, HERE), "src");
	writeFileSync(join(from, "types.d.ts"), await writePublishedTypes());
	for (const to of [join(DIST, "types"), join(DIST, "cjs/types")]) {
		for (const path of globSync("**/*.d.ts", { cwd: from })) {
			const text = readFileSync(join(from, path), "utf8").replace(/(from ".*)\.ts";/g, '$1.js";');
			mkdirSync(dirname(join(to, path)), { recursive: true });
			writeFileSync(join(to, path), text);
		}
	}
	rmSync(DECLARATIONS, { recursive: true });
	cpSync(join(ROOT, "LICENSE"), join(DIST, "LICENSE"));
}
