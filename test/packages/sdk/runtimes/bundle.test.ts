/** The built main entry as bundlers take it: what of it a page pays for, and what they say of it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Installed, install } from "../installed.ts";

/** A receiver of webhooks, minified; the whole client is above 20,000. */
const VERIFIER_BYTES_MAX = 3_000;

let installed: Installed;
beforeAll(() => {
	installed = install();
});
afterAll(() => installed[Symbol.dispose]());

/** How many bytes a page of this program has to load. */
async function sizeOf(program: string): Promise<number> {
	const { outputFiles } = await build({
		entryPoints: [installed.write("page.js", program)],
		bundle: true,
		minify: true,
		write: false,
		platform: "browser",
		format: "esm",
		logLevel: "silent",
	});
	return outputFiles[0]?.contents.length ?? 0;
}

test("[SDKRUN-7] who imports `verifyWebhook` alone does not pay for the client, nor who imports nothing", async () => {
	const verifier = await sizeOf(`export { verifyWebhook } from "@minoots/sdk";`);
	expect(verifier).toBeGreaterThan(0);
	expect(verifier).toBeLessThanOrEqual(VERIFIER_BYTES_MAX);
	expect(await sizeOf(`import { Minoots } from "@minoots/sdk";`)).toBe(0);
});

test("[SDKRUN-7] what bundlers cannot follow is marked for them", () => {
	for (const name of ["index.js", "cjs/index.js"]) {
		const path = join(installed.folder, "node_modules/@minoots/sdk/dist", name);
		const imports = readFileSync(path, "utf8").match(/\bawait import\([^)"'`]*/g);
		expect(imports).toEqual(["await import(/* webpackIgnore: true */ /* @vite-ignore */ ["]);
	}
});
