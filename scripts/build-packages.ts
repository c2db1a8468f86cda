/**
 * Builds what others install, under `packages/*\/dist`: runs the `build.ts` of every package, or of
 * those named. Called by `npm run packages` and by the tests of packages.
 */
import { spawnSync } from "node:child_process";
import { basename, dirname } from "node:path";
import { fromRoot, projectFiles } from "./project-files.ts";

const wanted = process.argv.slice(2);
const builds = projectFiles("packages/*/build.ts").filter(
	(path) => wanted.length === 0 || wanted.includes(basename(dirname(path))),
);
for (const build of builds) {
	const { status } = spawnSync(process.execPath, [fromRoot(build)], { stdio: "inherit" });
	if (status !== 0) {
		console.error(`${build} failed`);
		process.exitCode = 1;
	}
}
