/**
 * One start of the network, in order: the folder, the ports, the Worker, its first tenant, the wake
 * that makes overdue timers go out. Returns what runs, or the one line that says why nothing does.
 */
import { randomUUID } from "node:crypto";
import { bundleWorker, readWorkerConfig } from "../scripts/build.ts";
import { err, ok, type Result } from "../src/core/result.ts";
import { watchClock } from "./clock-watch.ts";
import { readCorsOrigins } from "./cors-origins.ts";
import { type EnsuredDevAccess, ensureDevAccess } from "./dev-tenant.ts";
import { isErrno } from "./files.ts";
import { createOperator, type Operator, type Wake } from "./operator.ts";
import { localUrl, type RuntimeOptions } from "./options.ts";
import { ensureFreePort } from "./ports.ts";
import { getProcessIdentity } from "./process-identity.ts";
import { type Refusal, refusal } from "./refusal.ts";
import { ensureSecrets } from "./secrets.ts";
import { readSlackSettings } from "./slack-settings.ts";
import { openStateFolder, type StateFolder } from "./state-folder.ts";
import type { WorkerSetup } from "./worker-setup.ts";
import type { Ending, Workerd } from "./workerd.ts";

/** Miniflare's entry, which nobody calls, stays on this machine whatever the API listens on. */
const ENTRY_HOST = "127.0.0.1";

export type Network = {
	readonly url: string;
	readonly dev: EnsuredDevAccess;
	readonly wake: Wake;
	/** Resolves when workerd has ended, asked or not. */
	readonly ended: Promise<Ending>;
	/** Finishes what is in flight, ends workerd and gives the folder back. */
	stop(): Promise<void>;
};

/** Starts everything in `options.state` and resolves when the wake was answered. */
export async function startNetwork(
	options: RuntimeOptions,
	log: (line: string) => void,
): Promise<Result<Network, Refusal>> {
	const folder = await openStateFolder(options.state);
	if (!folder.ok) return folder;
	const started = await startIn(folder.value, options, log).catch(toRefusal);
	if (!started.ok) await folder.value.release();
	return started;
}

/** What the file system refuses midway (disk full, a file of another user) is nobody's bug. */
function toRefusal(error: unknown): Result<never, Refusal> {
	if (!isErrno(error)) throw error;
	return err(refusal(`The network could not be started: ${error.message}`));
}

async function startIn(
	folder: StateFolder,
	options: RuntimeOptions,
	log: (line: string) => void,
): Promise<Result<Network, Refusal>> {
	// Miniflare's scratch folder survives a kill: here, the next start clears it away.
	process.env["TMPDIR"] = folder.temporary;
	const port = await ensureFreePort(options.host, options.port);
	if (!port.ok) return port;
	const secrets = await ensureSecrets(folder.path);
	if (!secrets.ok) return secrets;
	const slack = readSlackSettings(process.env);
	if (!slack.ok) return slack;
	const cors = readCorsOrigins(process.env);
	if (!cors.ok) return cors;

	const url = localUrl(options.host, port.value);
	const bootId = randomUUID();
	const entryPort = await ensureFreePort(ENTRY_HOST, 0);
	if (!entryPort.ok) return entryPort;
	const workerd = await launch({
		host: options.host,
		port: port.value,
		entryPort: entryPort.value,
		allowLoopback: options.allowLoopback,
		vars: {
			...slack.value,
			...cors.value,
			...secrets.value,
			BOOT_ID: bootId,
			RUNTIME: "local",
			ALLOW_LOOPBACK: String(options.allowLoopback),
			OBSERVERS: options.observers ? "on" : "off",
			DEV_CLOCK: options.devClock ? "on" : "off",
			OWN_PORTS: `${port.value},${entryPort.value}`,
		},
		state: folder.path,
		log,
	});
	if (!workerd.ok) return workerd;
	const { pid, ended } = workerd.value;
	await folder.record({ workerd: getProcessIdentity(pid), url, bootId });

	const operator = createOperator(url, secrets.value.MINOOTS_ADMIN_KEY);
	const opened = await open(folder.path, url, secrets.value.MINOOTS_ADMIN_KEY, operator);
	if (!opened.ok) {
		await workerd.value.stop();
		return opened;
	}
	const endWatch = watchClock((stepMs) => void wakeAfter(stepMs, operator, log));
	return ok({
		url,
		...opened.value,
		ended,
		async stop() {
			endWatch();
			await workerd.value.stop();
			await folder.release();
		},
	});
}

/** The clock was set by `stepMs`: shards ring, and arm their alarms for where it stands now. */
async function wakeAfter(
	stepMs: number,
	operator: Operator,
	log: (line: string) => void,
): Promise<void> {
	const woken = await operator.wake("clock_set");
	const outcome = woken.ok ? { failed: woken.value.failed } : { error: woken.error.line };
	log(JSON.stringify({ at: Date.now(), kind: "clock_set", stepMs, ...outcome }));
}

/** Builds the Worker and starts it; what esbuild or workerd complain about is told in full. */
async function launch(
	setup: Omit<WorkerSetup, "script" | "config">,
): Promise<Result<Workerd, Refusal>> {
	try {
		// esbuild works in a process of its own while this one loads Miniflare's 6 MB.
		const [script, config, { startWorkerd }] = await Promise.all([
			bundleWorker(),
			readWorkerConfig(),
			import("./workerd.ts"),
		]);
		return ok(await startWorkerd({ ...setup, script, config }));
	} catch (error) {
		const why = error instanceof Error ? error.message : String(error);
		return err(refusal(`The Worker could not be started: ${why}`));
	}
}

/** What is left to do over HTTP: the first tenant if need be, and a new epoch for every shard. */
async function open(
	state: string,
	url: string,
	adminKey: string,
	operator: Operator,
): Promise<Result<Pick<Network, "dev" | "wake">, Refusal>> {
	const ready = await operator.waitUntilReady();
	if (!ready.ok) return ready;
	const dev = await ensureDevAccess(state, url, adminKey, operator);
	if (!dev.ok) return dev;
	const wake = await operator.wake("started");
	return wake.ok ? ok({ dev: dev.value, wake: wake.value }) : wake;
}
