/** The package as npm installs it, without a registry; and how soon it starts. */
import { execFile, spawnSync } from "node:child_process";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, it } from "vitest";
import { measureStarts, ratiosOf } from "../../../bench/cli-start.ts";
import { buildCli, createFolder, PROGRAM, ROOT } from "./cli.ts";

beforeAll(buildCli);

const PACKAGE = join(ROOT, "packages/cli");

async function npm(folder: string, ...words: string[]): Promise<string> {
	const env = {
		...process.env,
		npm_config_cache: join(folder, "cache"),
		npm_config_offline: "true",
	};
	const { stdout } = await promisify(execFile)("npm", words, { cwd: folder, env });
	return stdout;
}

function versionOf(program: string): string {
	return spawnSync(program, ["--version"], { encoding: "utf8" }).stdout;
}

it("[CLI-29] npm installs it from its folder and from its tarball, with nothing beside it", async () => {
	const expected = spawnSync(process.execPath, [PROGRAM, "--version"], { encoding: "utf8" }).stdout;
	expect(expected).toMatch(/^\d+\.\d+\.\d+\n$/);
	const folder = await createFolder();
	const fromFolder = join(folder, "from-folder");
	await mkdir(fromFolder);
	await npm(folder, "install", "--global", "--prefix", fromFolder, PACKAGE);
	expect(versionOf(join(fromFolder, "bin/minoots"))).toBe(expected);
	const tarball = (await npm(folder, "pack", "--silent", PACKAGE)).trim();
	const fromTarball = join(folder, "from-tarball");
	await mkdir(fromTarball);
	await npm(folder, "install", "--global", "--prefix", fromTarball, join(folder, tarball));
	expect(versionOf(join(fromTarball, "bin/minoots"))).toBe(expected);
	const installed = join(fromTarball, "lib/node_modules/minoots");
	expect((await readdir(installed)).sort()).toEqual(["README.md", "dist", "package.json"]);
});

/** A coarse bound: half more is meant, on a machine that does nothing else. */
const RATIO_MAX = 1.7;
const RUNS = 15;

it("[CLI-30] starts in about one and a half times what Node itself takes", () => {
	// The fastest runs are those that nobody else got in the way of.
	const ratios = ratiosOf(measureStarts(PROGRAM, RUNS), (times) => Math.min(...times));
	for (const [words, ratio] of ratios) expect(ratio, `minoots ${words}`).toBeLessThan(RATIO_MAX);
});
