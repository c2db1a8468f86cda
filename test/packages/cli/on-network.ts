/** `minoots` on a real network, one for a file of tests, and what calls of it print. */
import { afterAll, beforeAll, expect } from "vitest";
import { type NetworkProcess, startNetwork } from "../../helpers/network-process.ts";
import { buildCli, type Env, minoots, type Options, type Run } from "./cli.ts";

export let network: NetworkProcess;
/** Of a caller with the tenant's first key. */
export let env: Env;

/** Called once, on top of a file: before its tests the program is built and a network started. */
export function startBefore(): void {
	beforeAll(async () => {
		await buildCli();
		network = await startNetwork();
		env = { MINOOTS_URL: network.url, MINOOTS_API_KEY: network.dev.apiKey };
	});
	afterAll(() => network.stop());
}

export function run(words: readonly string[], options: Options = {}): Promise<Run> {
	return minoots(words, { ...options, env: { ...env, ...options.env } });
}

/** What a call that works prints. */
export async function printed(words: readonly string[], options?: Options): Promise<string> {
	const { code, stdout, stderr } = await run(words, options);
	expect(code, `${words.join(" ")}\n${stderr}`).toBe(0);
	return stdout;
}

/** What it prints with `--json`, which is one line. */
// biome-ignore lint/suspicious/noExplicitAny: what is looked at is what the test expects
export async function json(words: readonly string[], options?: Options): Promise<any> {
	const text = await printed([...words, "--json"], options);
	expect(text.indexOf("\n"), "one line").toBe(text.length - 1);
	return JSON.parse(text);
}
