/**
 * Turns `src/index.ts` and `wrangler.toml` into what workerd runs: one ES module, and the Worker's
 * options for Miniflare. The local runtime calls it at every start; `npm run build` also leaves both
 * under `dist/`. Deployment does not come through here: wrangler bundles for itself, the same way.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin, stop } from "esbuild";
import type { WorkerOptions } from "miniflare";
import { readJsonFile, writeFileAtomically } from "../runtime/files.ts";

/** A Worker's options without its code and without what only a running network knows. */
export type WorkerConfig = WorkerOptions["config"];

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const ENTRY = join(ROOT, "src", "index.ts");
const BUNDLE = join(ROOT, "dist", "worker", "index.js");
const OPTIONS = join(ROOT, "dist", "worker-options.json");
const OPTIONS_SOURCES = ["wrangler.toml", "package-lock.json"].map((name) => join(ROOT, name));

/** Part of the program: whoever may run it may read it, also when another user built it. */
const PROGRAM_MODE = 0o644;

/** The reference's script is served, not run: what `[[rules]]` in wrangler.toml says to wrangler. */
const SCRIPTS_AS_TEXT: Plugin = {
	name: "scripts-as-text",
	setup({ onLoad }) {
		onLoad({ filter: /redoc\.standalone\.js$/ }, async ({ path }) => ({
			contents: await readFile(path, "utf8"),
			loader: "text",
		}));
	},
};

/** Bundles the Worker, about 100 ms in a process of its own, and returns the module's text. */
export async function bundleWorker(): Promise<string> {
	const result = await build({
		entryPoints: [ENTRY],
		bundle: true,
		write: false,
		format: "esm",
		target: "es2024",
		external: ["cloudflare:*", "node:*"],
		loader: { ".sql": "text" },
		plugins: [SCRIPTS_AS_TEXT],
		conditions: ["workerd", "worker", "browser"],
		logLevel: "silent",
	});
	await stop(); // its process would otherwise stay as long as we do
	return result.outputFiles.map((file) => file.text).join("");
}

/**
 * The bindings, triggers and exports that `wrangler.toml` declares, in Miniflare's terms. Reading
 * them takes wrangler 600 ms, so the answer is kept until the file or the tool chain changes.
 */
export async function readWorkerConfig(): Promise<WorkerConfig> {
	const hash = createHash("sha256");
	for (const source of OPTIONS_SOURCES) hash.update(await readFile(source));
	const key = hash.digest("hex");
	const kept = readJsonFile(OPTIONS);
	if (kept?.["key"] === key) return kept["config"] as WorkerConfig; // our own file, of this key
	const config = await askWrangler();
	await keep(OPTIONS, JSON.stringify({ key, config }));
	return config;
}

async function askWrangler(): Promise<WorkerConfig> {
	const { unstable_getMiniflareWorkerOptions, unstable_readConfig } = await import("wrangler");
	const { convertV4MiniflareOptions } = await import("miniflare");
	const path = join(ROOT, "wrangler.toml");
	const { modulesRules: _, ...workerOptions } =
		unstable_getMiniflareWorkerOptions(path).workerOptions;
	const name = unstable_readConfig({ config: path }).name ?? "minoots";
	const converted = convertV4MiniflareOptions({
		...workerOptions,
		name,
		modules: true,
		script: "",
	});
	const worker = converted.workers[0];
	if (worker === undefined) throw new Error("wrangler.toml describes no Worker");
	const { manifest: __, ...config } = worker.config;
	return config;
}

/** Keeps a file for the next start; an image whose program folder is read-only does without. */
async function keep(path: string, text: string): Promise<void> {
	try {
		await mkdir(dirname(path), { recursive: true });
		await writeFileAtomically(path, text, PROGRAM_MODE);
	} catch (error) {
		const code = error instanceof Error && "code" in error ? error.code : undefined;
		if (code !== "EROFS" && code !== "EACCES") throw error;
	}
}

if (import.meta.main) {
	await mkdir(dirname(BUNDLE), { recursive: true });
	await writeFile(BUNDLE, await bundleWorker());
	await readWorkerConfig();
}
