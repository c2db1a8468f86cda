/** `scripts/start.mjs`, the parent that `npm start` puts over the launcher. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { onTestFinished, test } from "vitest";
import { readJsonFile } from "../../../runtime/files.ts";
import { isRunning, toProcessIdentity } from "../../../runtime/process-identity.ts";
import { createStateFolder, startNetwork } from "../../helpers/network-process.ts";
import { findFreePort, runToExit, spawnNetwork } from "../../helpers/spawned-network.ts";

const START = join(import.meta.dirname, "../../../scripts/start.mjs");
/** The parent is looked for four times a second. */
const ORPHAN = { timeout: 1_000, interval: 10 };

test("[RUN-12] a killed parent takes everything with it", async ({ expect }) => {
	const network = await startNetwork({ entry: "start" });
	onTestFinished(async () => void (await network.stop()));
	expect(network.pid).not.toBe(network.launcher.pid);
	process.kill(network.pid, "SIGKILL");
	await expect.poll(() => isRunning(network.launcher), ORPHAN).toBe(false);
	expect(isRunning(network.workerd)).toBe(false);
});

test("[RUN-12] so does a killed shell or npm above it", async ({ expect }) => {
	const state = await createStateFolder();
	const words = [START, "--state", state, "--port", String(await findFreePort())];
	// The trailing command keeps the shell from handing its own process over.
	const shell = spawn("/bin/sh", ["-c", '"$0" "$@"; exit $?', process.execPath, ...words]);
	for await (const line of createInterface({ input: shell.stdout })) {
		if (line.startsWith("Minoots is ready")) break;
	}
	const record = readJsonFile(join(state, "runtime.json"));
	const launcher = toProcessIdentity(record?.["launcher"]);
	if (launcher === undefined) throw new Error("no launcher is recorded");
	expect(isRunning(launcher)).toBe(true);
	shell.kill("SIGKILL");
	await once(shell, "exit");
	await expect.poll(() => isRunning(launcher), ORPHAN).toBe(false);
});

test("[RUN-12] signals and exit codes pass through", async ({ expect }) => {
	const network = await startNetwork({ entry: "start" });
	const exit = await network.stop();
	expect(exit.code).toBe(0);
	const refused = await runToExit({ entry: "start", args: ["--bogus"] });
	expect(refused).toMatchObject({ code: 2, stderr: ["Unknown option '--bogus' (see --help)"] });
});

test("[RUN-17] options that npm swallowed for want of a `--` still count", async ({ expect }) => {
	const state = await createStateFolder();
	const port = await findFreePort();
	// `npm start --port=N --state=DIR`, then `npm start --port N --state DIR`.
	const equals = { env: { npm_config_port: String(port), npm_config_state: state } };
	const env = { npm_config_port: "true", npm_config_state: "true" };
	for (const options of [equals, { env, args: [state, String(port)] }]) {
		const run = spawnNetwork({ entry: "start", ...options });
		const ready = await Promise.race([run.ready, run.exited]);
		expect(ready).toMatchObject({ url: `http://127.0.0.1:${port}` });
		run.child.kill("SIGTERM");
		expect((await run.exited).code).toBe(0);
		expect(readJsonFile(join(state, "dev.json"))).toMatchObject({ tenant: "dev" });
	}
});
