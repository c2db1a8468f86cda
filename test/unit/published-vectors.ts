/**
 * Reads published test vectors that lie beside the repository, at ../shared/vectors. They are not
 * part of it: a suite that needs them says so and is skipped where they are absent.
 */

import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

const VECTORS = path.resolve(import.meta.dirname, "../../../shared/vectors");

/** The parsed JSON of one file, or `undefined` after a warning. The caller names its shape. */
export function getPublishedVectors<T>(name: string): T | undefined {
	const file = path.join(VECTORS, name);
	if (!existsSync(file)) {
		console.warn(`skipping published vectors: ${file} is absent`);
		return undefined;
	}
	return JSON.parse(readFileSync(file, "utf8"));
}
