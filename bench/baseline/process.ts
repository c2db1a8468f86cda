/**
 * Runs the baseline Worker as the local runtime runs the network, with its own code: workerd through
 * Miniflare, a direct socket, state on disk, the same way out. This process stands for the launcher.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, stop } from "esbuild";
import { convertV4MiniflareOptions } from "miniflare";
import { startWorkerd } from "../../runtime/workerd.ts";
import type { WorkerConfig } from "../../scripts/build.ts";
import { findFreePort } from "../../test/helpers/spawned-network.ts";

async function bundle(): Promise<string> {
	const { outputFiles } = await build({
		entryPoints: [join(import.meta.dirname, "worker.ts")],
		bundle: true,
		write: false,
		format: "esm",
		target: "es2024",
		external: ["cloudflare:*"],
	});
	await stop();
	return outputFiles.map((file) => file.text).join("");
}

function toConfig(): WorkerConfig {
	const [worker] = convertV4MiniflareOptions({
		name: "baseline",
		modules: true,
		script: "",
		compatibilityDate: "2026-10-20",
		compatibilityFlags: ["nodejs_compat"],
		durableObjects: { BARE: { className: "Bare", useSQLite: true } },
	}).workers;
	if (worker === undefined) throw new Error("Miniflare made no Worker of its options");
	return worker.config;
}

const state = mkdtempSync(join(tmpdir(), "minoots-baseline-"));
process.on("exit", () => rmSync(state, { recursive: true, force: true }));
const port = await findFreePort();
const workerd = await startWorkerd({
	config: toConfig(),
	script: await bundle(),
	vars: {},
	allowLoopback: true,
	host: "127.0.0.1",
	port,
	entryPort: await findFreePort(),
	state,
	log: (line) => process.stderr.write(`baseline: ${line}\n`),
});
process.once("disconnect", async () => {
	await workerd.stop();
	process.exit();
});
process.send?.({ port });
