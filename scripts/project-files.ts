/** Finds the project's own source files, for the checks. */
import { globSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Paths from the root, with forward slashes, sorted. */
export function projectFiles(...patterns: readonly string[]): readonly string[] {
	const found = globSync([...patterns], {
		cwd: ROOT,
		exclude: (name) => name === "node_modules" || name === "dist",
	});
	return found.map((path) => path.replaceAll("\\", "/")).sort();
}

export function fromRoot(path: string): string {
	return join(ROOT, path);
}
