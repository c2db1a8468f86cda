/** The built packages on each Node that is here, and the SDK on Deno, as programs of a stranger. */
import { execFile, execFileSync } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type NetworkProcess, startNetwork } from "../../../helpers/network-process.ts";
import { type Receiver, startReceiver } from "../../../helpers/receiver.ts";
import { type Installed, install, ROOT } from "../installed.ts";
import { findDeno, findNodes } from "./found.ts";

/** Uses nothing but the SDK and what all runtimes have; what it needs comes as one argument. */
const PROGRAM = `
	async function main({ url, apiKey, secret, hook, delivery }) {
		const minoots = new Minoots({ url, apiKey });
		const events = minoots.events.stream({ types: ["timer.settled"] });
		const settled = events.next();
		const { id } = await minoots.timers.create({ in: "1s" });
		const event = await settled;
		await events.return();
		const stop = new AbortController();
		const bodies = [];
		await minoots.mailboxes.send(id, { body: [1] });
		await minoots.mailboxes.consume(id, ({ body }) => {
			bodies.push(body);
			stop.abort();
		}, { signal: stop.signal });
		const fired = await verifyWebhook(delivery.body, delivery.headers, secret);
		const changed = await verifyWebhook(delivery.body + " ", delivery.headers, secret).catch((e) => e);
		const late = await minoots.waitFor((await minoots.timers.create({ in: "1d" })).id, {
			signal: AbortSignal.timeout(100),
		}).catch((e) => e);
		const away = new Minoots({ url: "http://127.0.0.1:" + new URL(hook).port, timeoutMs: 200, retry: { attempts: 1 } });
		const silent = await away.request("GET", "/hang").catch((e) => e);
		console.log(JSON.stringify([
			event.value.subject === id, bodies, fired.type, changed.code, late.code, silent.code,
			late instanceof MinootsError,
		]));
	}`;
const NAMES = "Minoots, MinootsError, verifyWebhook";
const PROGRAMS = {
	"program.mjs": `import { ${NAMES} } from "@minoots/sdk";
		${PROGRAM}
		await main(JSON.parse((globalThis.Deno?.args ?? process.argv.slice(2))[0]));`,
	"program.cjs": `const { ${NAMES} } = require("@minoots/sdk");
		${PROGRAM}
		main(JSON.parse(process.argv[2]));`,
	"founding.cjs": `const MINOOTS = require(process.argv[2]);
		const { id } = MINOOTS.create({ name: "coffee", duration: "1h" });
		console.log(JSON.stringify([MINOOTS.get(id).status, MINOOTS.cancel(id)]));`,
} as const;
const SAID = [true, [[1]], "timer.fired", "wrong_signature", "aborted", "timeout", true];

const deno = findDeno();
let installed: Installed;
let network: NetworkProcess;
let receiver: Receiver;
let given: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
	execFileSync(process.execPath, [join(ROOT, "scripts/build-packages.ts"), "cli", "timer-system"]);
	installed = install();
	for (const [name, text] of Object.entries(PROGRAMS)) installed.write(name, text);
	[network, receiver] = await Promise.all([startNetwork(), startReceiver()]);
	const { url, apiKey, webhookSecret: secret } = network.dev;
	const hook = `${receiver.url}/hook`;
	const actions = [{ type: "webhook", url: hook }];
	const headers = { authorization: `Bearer ${apiKey}` };
	await fetch(`${url}/v1/timers`, {
		method: "POST",
		headers,
		body: JSON.stringify({ in: "1ms", actions }),
	});
	const [delivery] = await receiver.waitFor(1);
	given = JSON.stringify({ url, apiKey, secret, hook, delivery });
	env = { ...process.env, MINOOTS_URL: url, MINOOTS_API_KEY: apiKey };
});

afterAll(async () => {
	installed[Symbol.dispose]();
	await Promise.all([network.stop(), receiver.close()]);
});

/** What a program prints, read as JSON. */
async function run(path: string, ...words: readonly string[]): Promise<unknown> {
	const { stdout, stderr } = await promisify(execFile)(path, words, { cwd: installed.folder, env });
	expect(stderr).toBe("");
	return JSON.parse(stdout);
}

describe.each(findNodes())("Node $version", ({ path }) => {
	test("[SDKRUN-5] runs the SDK, as either kind of module", async () => {
		for (const name of ["program.mjs", "program.cjs"]) {
			expect(await run(path, join(installed.folder, name), given)).toEqual(SAID);
		}
	});

	test("[SDKRUN-5] runs the command line and the founding module's calls", async () => {
		const cli = join(ROOT, "packages/cli/dist/minoots.cjs");
		const created = await run(path, cli, "create", "1ms", "coffee", "--json");
		expect(created).toMatchObject({ name: "coffee" });
		const { id } = created as { readonly id: string };
		expect(await run(path, cli, "wait", id, "--json")).toMatchObject({ status: "settled" });
		const founding = join(ROOT, "packages/timer-system/dist/index.cjs");
		const said = await run(path, join(installed.folder, "founding.cjs"), founding);
		expect(said).toEqual(["running", true]);
	});
});

test.skipIf(deno === undefined)(
	"[SDKRUN-6] Deno runs the SDK, and is asked for no permission but that of the network",
	async () => {
		const flags = ["--quiet", "--no-prompt", "--allow-net=127.0.0.1"];
		const words = ["run", ...flags, join(installed.folder, "program.mjs"), given];
		expect(await run(deno ?? "", ...words)).toEqual(SAID);
	},
);
