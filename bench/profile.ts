/**
 * Where the time goes inside workerd: runs the network with V8's inspector open, puts a load on it,
 * and prints the functions with the most time of their own. A tool for tuning, not part of the
 * benchmark: `node bench/profile.ts [creates|batches|storm] [seconds] [file.cpuprofile]`.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Miniflare } from "miniflare";
import { ensureDevAccess } from "../runtime/dev-tenant.ts";
import { createOperator } from "../runtime/operator.ts";
import { ensureSecrets } from "../runtime/secrets.ts";
import { toMiniflareOptions } from "../runtime/worker-setup.ts";
import { bundleWorker, readWorkerConfig } from "../scripts/build.ts";
import type { Result } from "../src/core/result.ts";
import { findFreePort } from "../test/helpers/spawned-network.ts";
import { type CpuProfile, Inspector } from "./inspector.ts";
import { measureBatchRate } from "./phases/batches.ts";
import { loopCreates } from "./phases/creates.ts";
import { runStorm } from "./phases/storm.ts";
import { startReceiver } from "./receiver/receiver.ts";
import { FULL } from "./scale.ts";
import { Tenant } from "./tenant.ts";

const DEFAULT_SECONDS = 5;
const MS_PER_SECOND = 1_000;
const US_PER_MS = 1_000;
const TOP = 40;
/** Samples so far apart are the two ends of a wait, not of what the second one shows. */
const ASLEEP_MS = 10;
const BATCH_CALLS_PER_SECOND = 4;

const LOADS: Readonly<Record<string, (tenant: Tenant, seconds: number) => Promise<unknown>>> = {
	creates: (tenant, seconds) => loopCreates(tenant, seconds * MS_PER_SECOND),
	batches: (tenant, seconds) => measureBatchRate(tenant, seconds * BATCH_CALLS_PER_SECOND),
	async storm(tenant) {
		const receiver = await startReceiver();
		await runStorm({ receiver, scale: FULL }, tenant);
		await receiver.stop();
	},
};

type Subject = { readonly tenant: Tenant; readonly inspector: Inspector; stop(): Promise<void> };

/** The network as `npm start` runs it, but in this process and with an inspector. */
async function startSubject(): Promise<Subject> {
	const state = await mkdtemp(join(tmpdir(), "minoots-profile-"));
	const [port, entryPort, inspectorPort] = [
		await findFreePort(),
		await findFreePort(),
		await findFreePort(),
	];
	const secrets = unwrap(await ensureSecrets(state));
	const [script, config] = await Promise.all([bundleWorker(), readWorkerConfig()]);
	const vars = { BOOT_ID: "profile", RUNTIME: "local", ALLOW_LOOPBACK: "true", OWN_PORTS: "" };
	const setup = {
		script,
		config,
		vars: { ...secrets, ...vars },
		allowLoopback: true,
		host: "127.0.0.1",
		port,
		entryPort,
		state,
		log: () => undefined,
	};
	const miniflare = new Miniflare({ ...toMiniflareOptions(setup), inspectorPort });
	await miniflare.ready;
	const url = `http://127.0.0.1:${port}`;
	const operator = createOperator(url, secrets.MINOOTS_ADMIN_KEY);
	unwrap(await operator.waitUntilReady());
	const dev = unwrap(await ensureDevAccess(state, url, secrets.MINOOTS_ADMIN_KEY, operator));
	unwrap(await operator.wake("started"));
	return {
		tenant: new Tenant(url, dev.access.tenant, dev.access.apiKey),
		inspector: await Inspector.connect(inspectorPort, "minoots"),
		async stop() {
			await miniflare.dispose();
			await rm(state, { recursive: true, force: true });
		},
	};
}

/** Milliseconds spent in each function itself, most first. */
function selfTimes({
	nodes,
	samples,
	timeDeltas,
}: CpuProfile): readonly (readonly [string, number])[] {
	const names = new Map(
		nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => {
			const where = url === "" ? "" : ` ${url.split("/").at(-1)}:${lineNumber + 1}`;
			return [id, `${functionName || "(anonymous)"}${where}`];
		}),
	);
	const times = new Map<string, number>();
	samples.forEach((id, index) => {
		const ms = (timeDeltas[index] ?? 0) / US_PER_MS;
		const name =
			ms > ASLEEP_MS ? "(no sample: the isolate was not entered)" : (names.get(id) ?? "?");
		times.set(name, (times.get(name) ?? 0) + ms);
	});
	return [...times].sort(([, a], [, b]) => b - a);
}

function unwrap<T>(result: Result<T, { readonly line: string }>): T {
	if (!result.ok) throw new Error(result.error.line);
	return result.value;
}

const [name = "creates", seconds = DEFAULT_SECONDS, file] = process.argv.slice(2);
const load = LOADS[name];
if (load === undefined) throw new Error(`No load "${name}": ${Object.keys(LOADS).join(", ")}`);
const { tenant, inspector, stop } = await startSubject();
await load(tenant, 1); // warm, as the benchmark measures it
await inspector.start();
const result = await load(tenant, Number(seconds));
const profile = await inspector.stop();
await stop();
if (file !== undefined) await writeFile(file, JSON.stringify(profile));
const times = selfTimes(profile);
const total = times.reduce((sum, [, ms]) => sum + ms, 0);
console.log(`${name}: ${JSON.stringify(result)}; ${Math.round(total)} ms sampled`);
for (const [where, ms] of times.slice(0, TOP)) {
	console.log(`${((100 * ms) / total).toFixed(1).padStart(5)} %  ${where}`);
}
