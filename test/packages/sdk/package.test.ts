/** The package as it is published: its types, its size, and that it runs where it says it runs. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { INPUTS, OUTPUTS } from "../../../packages/sdk/wire-schemas.ts";
import { startBrowser } from "../../helpers/browser.ts";
import { type NetworkProcess, startNetwork } from "../../helpers/network-process.ts";
import { type Installed, install, ROOT } from "./installed.ts";

/** What a page may pay for it, as promised. */
const GZIPPED_BYTES_MAX = 12_000;
/** As people write it. */
const PROGRAM = `
	const minoots = new Minoots({ url: process.env.MINOOTS_URL, apiKey: process.env.MINOOTS_API_KEY });
	const timer = await minoots.timers.create({ in: "100ms", labels: { from: "a stranger" } });
	const settled = await minoots.waitFor(timer.id);
	const refused = await minoots.timers.get("tmr_0").catch((error) => error);
	console.log(settled.status, refused instanceof MinootsError, refused.code);
	const known = await fromEnvironment().timers.get("tmr_0").catch((error) => error);
	console.log(known instanceof MinootsError);`;

let installed: Installed;
let network: NetworkProcess;
let env: { readonly MINOOTS_URL: string; readonly MINOOTS_API_KEY: string };

beforeAll(async () => {
	installed = install();
	network = await startNetwork();
	env = { MINOOTS_URL: network.url, MINOOTS_API_KEY: network.dev.apiKey };
});

afterAll(async () => {
	installed[Symbol.dispose]();
	await network.stop();
});

test("[SDK-80] installed from its tarball it brings nothing with it, and runs as either kind of module", () => {
	const lock = readFileSync(join(installed.folder, "package-lock.json"), "utf8");
	const { packages } = JSON.parse(lock) as { readonly packages: object };
	expect(Object.keys(packages)).toEqual(["", "node_modules/@minoots/sdk"]);
	installed.write(
		"program.mjs",
		`import { Minoots, MinootsError } from "@minoots/sdk";
		import { fromEnvironment } from "@minoots/sdk/node";${PROGRAM}`,
	);
	installed.write(
		"program.cjs",
		`const { Minoots, MinootsError } = require("@minoots/sdk");
		const { fromEnvironment } = require("@minoots/sdk/node");
		(async () => {${PROGRAM}})();`,
	);
	for (const name of ["program.mjs", "program.cjs"]) {
		expect(installed.run(name, env)).toBe("settled true not_found\ntrue\n");
	}
});

test("[SDK-81] the main entry is at most 12 kB gzipped, and needs no module of Node or anybody else", async () => {
	const path = join(installed.folder, "node_modules/@minoots/sdk/dist/index.js");
	const bytes = gzipSync(readFileSync(path), { level: 9 }).length;
	console.log(`@minoots/sdk: ${bytes} bytes gzipped`);
	expect(bytes).toBeLessThanOrEqual(GZIPPED_BYTES_MAX);
	const entry = installed.write("page.js", `export * from "@minoots/sdk";`);
	const bundle = await build({
		entryPoints: [entry],
		bundle: true,
		write: false,
		metafile: true,
		platform: "browser",
		format: "esm",
		logLevel: "silent",
	});
	const inputs = Object.keys(bundle.metafile.inputs);
	expect(inputs.map((input) => input.split("/").at(-1)).toSorted()).toEqual([
		"index.js",
		"page.js",
	]);
	expect(bundle.warnings).toEqual([]);
});

test("[SDK-82] a Worker makes timers, follows events, and verifies webhooks with it", async () => {
	const entry = installed.write(
		"worker.js",
		`import { Minoots, verifyWebhook } from "@minoots/sdk";
		export default {
			async fetch(request, { url, apiKey, secret }) {
				const minoots = new Minoots({ url, apiKey });
				const after = minoots.events.stream({ types: ["timer.settled"] });
				const settled = after.next();
				const { id } = await minoots.timers.create({ in: "1s" });
				const { value } = await settled;
				await after.return();
				const refused = await verifyWebhook("{}", request.headers, secret).catch((e) => e);
				return Response.json([value.subject === id, value.type, refused.code]);
			},
		};`,
	);
	const { outputFiles } = await build({
		entryPoints: [entry],
		bundle: true,
		write: false,
		format: "esm",
		conditions: ["workerd", "worker", "browser"],
	});
	const { url, apiKey, webhookSecret: secret } = network.dev;
	const worker = new Miniflare(
		convertV4MiniflareOptions({
			modules: true,
			script: outputFiles[0]?.text ?? "",
			compatibilityDate: "2026-01-01",
			bindings: { url, apiKey, secret },
		}),
	);
	onTestFinished(() => worker.dispose());
	const answer = await worker.dispatchFetch("http://worker/");
	expect(await answer.json()).toEqual([true, "timer.settled", "missing_header"]);
});

test("[SDK-82] a page in a browser does so too", async () => {
	const entry = installed.write("shop.js", `export * from "@minoots/sdk";`);
	const { outputFiles } = await build({
		entryPoints: [entry],
		bundle: true,
		write: false,
		format: "iife",
		globalName: "sdk",
	});
	const browser = await startBrowser();
	onTestFinished(() => browser.close());
	const page = await browser.newPage();
	await page.goto(`${network.url}/healthz`);
	await page.evaluate(outputFiles[0]?.text ?? "");
	const { url, apiKey, webhookSecret } = network.dev;
	// As text: the types of this project's tests are those of Node, not of a page.
	const told = await page.evaluate(`(async () => {
		const minoots = new sdk.Minoots(${JSON.stringify({ url, apiKey })});
		const stream = minoots.events.stream({ types: ["timer.settled"] });
		const settled = stream.next();
		const { id } = await minoots.timers.create({ in: "1s" });
		const { value } = await settled;
		await stream.return();
		const refused = await sdk.verifyWebhook("{}", new Headers(), "${webhookSecret}").catch((e) => e);
		return [value.subject === id, value.type, refused.code];
	})()`);
	expect(told).toEqual([true, "timer.settled", "missing_header"]);
});

test("[SDK-83] a stranger's strictest TypeScript reads its types, and finds mistakes by them", () => {
	installed.write(
		"program.mts",
		`import { Minoots, MinootsError, verifyWebhook, RetryLater, type Timer, type TimerCreate } from "@minoots/sdk";
		import { fromEnvironment } from "@minoots/sdk/node";
		export async function main(minoots: Minoots): Promise<string | null> {
			const input: TimerCreate = { in: "1h", name: undefined, actions: [{ type: "webhook", url: "https://a" }] };
			const timer: Timer = await minoots.timers.create(input, { signal: AbortSignal.timeout(1) });
			for await (const { status } of minoots.timers.list({ status: ["armed"] })) console.log(status);
			for await (const event of minoots.events.stream({ types: ["timer.*"] })) console.log(event.cursor);
			await minoots.mailboxes.consume<{ n: number }>("m", ({ body }) => {
				if (body.n === 0) throw new RetryLater("zero", { delayMs: 1 });
				return { ok: true };
			});
			const { id } = await verifyWebhook<{ id: string }>("", new Headers(), ["whsec_"]);
			try { await fromEnvironment().ready(); } catch (error) {
				if (error instanceof MinootsError) console.log(error.code, error.errors[0]?.path, id);
			}
			return timer.name;
		}`,
	);
	installed.write(
		"mistakes.mts",
		`import { Minoots } from "@minoots/sdk";
		const minoots = new Minoots({ url: "https://a" });
		// @ts-expect-error a typo in a field
		await minoots.timers.create({ inn: "1h" });
		// @ts-expect-error no such status
		minoots.timers.list({ status: "armd" });
		// @ts-expect-error no such kind of action
		await minoots.timers.create({ in: "1h", actions: [{ type: "webhok", url: "https://a" }] });
		// @ts-expect-error no such field of a timer
		(await minoots.timers.get("x")).nmae;`,
	);
	const files = ["program.mts", "mistakes.mts"];
	const browser = { lib: ["es2022", "dom", "dom.asynciterable"] };
	for (const module of ["nodenext", "preserve"]) {
		expect(installed.check({ ...browser, target: "es2022", module }, ...files)).toBe("");
	}
	const typeRoots = [join(ROOT, "node_modules/@types")];
	const node = { lib: ["es2022"], types: ["node"], typeRoots, skipLibCheck: true };
	expect(installed.check({ ...node, target: "es2022", module: "nodenext" }, ...files)).toBe("");
	installed.write("old.cts", `import { Minoots } from "@minoots/sdk"; export type M = Minoots;`);
	expect(installed.check({ ...browser, module: "node16" }, "old.cts")).toBe("");
});

test("[SDK-84] the published types are those of the contract, name by name", () => {
	const source = JSON.stringify(join(ROOT, "packages/sdk/src/types.ts"));
	const names = [...Object.keys(INPUTS), ...Object.keys(OUTPUTS)];
	const lines = names.map(
		(name) => `type _${name} = Assert<Same<Contract.${name}, Published.${name}>>;`,
	);
	installed.write(
		"same.mts",
		`import type * as Published from "@minoots/sdk";
		import type * as Contract from ${source};
		type Json = Published.JsonValue;
		/** A type without brands, and with every member written out; free-form JSON is left as it is. */
		type Plain<T> =
			Json extends T ? ["json", Exclude<T, Json>]
			: T extends string ? ({} extends Record<T, 1> ? string : T)
			: T extends number | boolean | null | undefined ? T
			: T extends readonly (infer E)[] ? Plain<E>[]
			: Members<T>;
		type Members<T> = T extends object ? { [K in keyof T]: Plain<T[K]> } : T;
		type Exactly<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
		type Same<A, B> = Exactly<Plain<A>, Plain<B>>;
		type Assert<T extends true> = T;
		${lines.join("\n")}
		// @ts-expect-error a member that is missing is found
		type _Missing = Assert<Same<{ a: { b?: 1 } }, { a: {} }>>;
		// @ts-expect-error and so is one that need not be there
		type _Optional = Assert<Same<{ a: { b?: 1 } }, { a: { b: 1 } }>>;
		type _Page = Assert<Same<Contract.Page<1>, Published.Page<1>>>;
		type _Listed = Assert<Same<Contract.Listed<1>, Published.Listed<1>>>;
		type _Json = Assert<Exactly<Contract.JsonValue, Published.JsonValue>>;`,
	);
	const options = { lib: ["es2024", "dom"], target: "es2024", skipLibCheck: true };
	const bundler = { module: "preserve", allowImportingTsExtensions: true };
	expect(installed.check({ ...options, ...bundler }, "same.mts")).toBe("");
});
