/** Ending: on request, by a kill of either process, and what a start does about what is left. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished, test } from "vitest";
import { getProcessIdentity, isRunning } from "../../../runtime/process-identity.ts";
import {
	createStateFolder,
	type NetworkProcess,
	startNetwork,
	type Who,
} from "../../helpers/network-process.ts";
import type { SpawnOptions } from "../../helpers/spawned-network.ts";

/** Bounds of the issue and the architecture, in ms. */
const KILL_MS = 1_000;
const STOP_MS = 2_000;

async function start(options?: SpawnOptions): Promise<NetworkProcess> {
	const network = await startNetwork(options);
	onTestFinished(async () => void (await network.stop()));
	return network;
}

/** Ends a network and says how long it took until all of it was gone. */
async function end(network: NetworkProcess, signal: NodeJS.Signals, who: Who) {
	const from = performance.now();
	const exit = await network.kill(signal, who);
	return { exit, afterMs: performance.now() - from };
}

function hasRecord(network: NetworkProcess): Promise<boolean> {
	const exists = access(join(network.state, "runtime.json"));
	return exists.then(
		() => true,
		() => false,
	);
}

test("[RUN-8] a killed launcher takes workerd with it", async ({ expect }) => {
	const network = await start();
	const { afterMs } = await end(network, "SIGKILL", "launcher");
	expect(afterMs).toBeLessThan(KILL_MS);
	expect(isRunning(network.workerd)).toBe(false);
});

test("[RUN-9] a killed workerd ends the launcher, which says so", async ({ expect }) => {
	const network = await start();
	const { exit, afterMs } = await end(network, "SIGKILL", "workerd");
	expect(afterMs).toBeLessThan(KILL_MS);
	expect(exit.code).toBe(1);
	expect(exit.stderr.at(-1)).toMatch(/^workerd ended unexpectedly \(SIGKILL\)/);
	expect(await hasRecord(network)).toBe(false);
});

test("[RUN-10] a start ends the workerd that a dead launcher left", async ({ expect }) => {
	// A workerd outlives its launcher only when its guardian is killed too; a process that sleeps
	// stands in for it, named in the record as the launcher would have named it.
	const orphan = spawn("sleep", ["60"]);
	onTestFinished(() => void orphan.kill("SIGKILL"));
	await once(orphan, "spawn");
	const workerd = getProcessIdentity(orphan.pid ?? 0);
	const launcher = { pid: process.pid, startedAt: "long gone, and its pid is now another's" };
	const state = await createStateFolder();
	await writeFile(join(state, "runtime.json"), JSON.stringify({ launcher, workerd }));

	const ended = once(orphan, "exit");
	const network = await start({ state });
	expect(await ended).toEqual([null, "SIGKILL"]);
	expect(network.ready.pending).toBe(0);
});

test("[RUN-10] a stranger with a recorded pid is left alone", async ({ expect }) => {
	const stranger = spawn("sleep", ["60"]);
	onTestFinished(() => void stranger.kill("SIGKILL"));
	await once(stranger, "spawn");
	const workerd = { pid: stranger.pid, startedAt: "before the last boot" };
	const state = await createStateFolder();
	await writeFile(join(state, "runtime.json"), JSON.stringify({ launcher: workerd, workerd }));

	await start({ state });
	expect(stranger.exitCode).toBe(null);
	expect(stranger.signalCode).toBe(null);
});

test.for(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
	"[RUN-11] %s stops everything cleanly",
	async (signal, { expect }) => {
		const network = await start();
		const { exit, afterMs } = await end(network, signal, "launcher");
		expect(exit).toMatchObject({ code: 0, stderr: network.stderr });
		expect(afterMs).toBeLessThan(STOP_MS);
		expect(await hasRecord(network)).toBe(false);
	},
);

test("[RUN-11] Ctrl-C that reaches workerd first is no accident", async ({ expect }) => {
	const network = await start();
	const { exit } = await end(network, "SIGINT", "workerd");
	expect(exit.code).toBe(0);
});
