/**
 * Bundles the action into `dist/index.mjs`, which is committed: the runner starts what it finds in
 * the repository and installs nothing. The bytes depend on the sources and the lock file alone, which
 * a check holds, so it is minified: what is to be read are the sources. Beside it are the licenses of
 * what is bundled.
 */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, type Metafile } from "esbuild";

const ROOT = join(import.meta.dirname, "..", "..");
/** A test builds elsewhere, to compare. */
const folder = process.argv[2] ?? join(import.meta.dirname, "dist");

const { metafile } = await build({
	absWorkingDir: ROOT,
	entryPoints: ["packages/action/src/main.ts"],
	outfile: join(folder, "index.mjs"),
	bundle: true,
	platform: "node",
	format: "esm",
	target: "node24",
	charset: "utf8",
	metafile: true,
	minify: true,
	// What `name` says of errors and functions is for people.
	keepNames: true,
	// Licenses stand in a file of their own.
	legalComments: "none",
	// Paths stand in the bundle: those under the root, also where `node_modules` is a link.
	preserveSymlinks: true,
	// The HTTP client of @actions/core is CommonJS and requires what Node brings.
	banner: {
		js: 'import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);',
	},
	logLevel: "warning",
});
writeFileSync(join(folder, "licenses.txt"), licensesOf(metafile));

function licensesOf({ inputs }: Metafile): string {
	const packages = new Set<string>();
	for (const path of Object.keys(inputs)) {
		const [found] = /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(path) ?? [];
		if (found !== undefined) packages.add(found);
	}
	const texts = [...packages].sort().map((path) => {
		const [file] = globSync("{LICENSE,LICENCE}*", { cwd: join(ROOT, path) });
		if (file === undefined) throw new Error(`${path} comes without its license`);
		const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
		return `${name}\n\n${readFileSync(join(ROOT, path, file), "utf8").trim()}\n`;
	});
	return texts.join("\n\n");
}
