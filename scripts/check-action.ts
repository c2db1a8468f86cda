/**
 * Holds the committed bundle of the GitHub Action to its sources: builds it elsewhere and compares
 * byte for byte. Part of `npm run check`, before anything builds it in place.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromRoot } from "./project-files.ts";

const dist = fromRoot("packages/action/dist");
const folder = mkdtempSync(join(tmpdir(), "minoots-action-"));
try {
	const build = [fromRoot("packages/action/build.ts"), folder];
	const { status } = spawnSync(process.execPath, build, { stdio: "inherit" });
	if (status !== 0) throw new Error("packages/action/build.ts failed");
	const names = new Set([...readdirSync(dist), ...readdirSync(folder)]);
	for (const name of [...names].filter(differs)) {
		console.error(
			`packages/action/dist/${name} is not what the sources build: run \`node scripts/build-packages.ts action\` and commit it`,
		);
		process.exitCode = 1;
	}
} finally {
	rmSync(folder, { recursive: true });
}

function differs(name: string): boolean {
	const [committed, built] = [dist, folder].map((place) => read(join(place, name)));
	return committed === undefined || built === undefined || !committed.equals(built);
}

function read(path: string): Buffer | undefined {
	try {
		return readFileSync(path);
	} catch {
		return undefined; // the other one has it: they differ
	}
}
