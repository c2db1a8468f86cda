/** What GitHub reads of the action before it runs it, and the bundle that it then starts. */
import { spawnSync } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { INPUT_NAMES, OUTPUT_NAMES } from "../../../packages/action/src/names.ts";
import { ACTION, errorsOf, type Metadata, readMetadata, runStep } from "./runner.ts";

/** Of the Marketplace, by GitHub's "Metadata syntax reference". */
const COLORS = [
	"white",
	"black",
	"yellow",
	"blue",
	"green",
	"orange",
	"red",
	"purple",
	"gray-dark",
];
/** Longest description that the Marketplace shows. */
const DESCRIPTION_LENGTH_MAX = 125;

let metadata: Metadata;
beforeAll(async () => {
	metadata = await readMetadata();
});

async function temporaryFolder(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), "minoots-action-"));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	return folder;
}

test("[ACT-1] the inputs and outputs that action.yml declares are those of the code", async () => {
	expect(Object.keys(metadata.inputs).sort()).toEqual([...INPUT_NAMES].sort());
	expect(Object.keys(metadata.outputs).sort()).toEqual([...OUTPUT_NAMES].sort());
	const sources = (await readdir(join(ACTION, "src"))).filter((name) => name !== "names.ts");
	const texts = await Promise.all(
		sources.map((name) => readFile(join(ACTION, "src", name), "utf8")),
	);
	const code = texts.join("\n");
	const unread = INPUT_NAMES.filter((name) => !code.includes(`"${name}"`));
	expect(unread).toEqual([]);
});

test("[ACT-1] action.yml is what GitHub and its Marketplace ask for", () => {
	const { name, description, branding, inputs, outputs, runs } = metadata;
	expect(runs).toEqual({ using: "node24", main: "dist/index.mjs" });
	expect(name.length).toBeGreaterThan(0);
	expect(description.length).toBeLessThanOrEqual(DESCRIPTION_LENGTH_MAX);
	expect(branding.icon).toMatch(/^[a-z-]+$/);
	expect(COLORS).toContain(branding.color);
	for (const [id, { description: about, ...rest }] of Object.entries({ ...inputs, ...outputs })) {
		expect(id).toMatch(/^[a-z_][a-z0-9_-]*$/);
		expect(about, id).toMatch(/\S/);
		for (const key of Object.keys(rest)) expect(["default", "required"], id).toContain(key);
		// YAML reads a bare 10 or true as something else than the text that GitHub takes.
		if (rest.default !== undefined) expect(typeof rest.default, id).toBe("string");
	}
});

test("[ACT-2] dist is what the sources build, byte for byte", () => {
	const check = join(ACTION, "..", "..", "scripts", "check-action.ts");
	const { status, stderr } = spawnSync(process.execPath, [check], { encoding: "utf8" });
	expect(status, stderr).toBe(0);
});

test("[ACT-2] action.yml and dist alone run, with nothing installed", async () => {
	const action = await temporaryFolder();
	await mkdir(join(action, "dist"));
	for (const file of ["action.yml", "dist/index.mjs"]) {
		await copyFile(join(ACTION, file), join(action, file));
	}
	const step = await runStep({ action, with: { command: "cancel" } });
	expect(step.exitCode).toBe(1);
	expect(errorsOf(step).join("\n")).toContain("`timer-id` is missing");
});
