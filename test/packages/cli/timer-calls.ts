/** Calls on timers that tests of the command line make again and again. */
import { expect } from "vitest";
import type { Options } from "./cli.ts";
import { network, run } from "./on-network.ts";

export const ID = /^tmr_\w+/;
/** No server takes connections there. */
export const DEAD_URL = "http://127.0.0.1:9/hook";

/** What a call that works prints, and beside that it says nothing. */
export async function printed(words: readonly string[], options?: Options): Promise<string> {
	const { code, stdout, stderr } = await run(words, options);
	expect({ code, stderr }, words.join(" ")).toEqual({ code: 0, stderr: "" });
	return stdout;
}

export async function create(...words: readonly string[]): Promise<string> {
	return (await printed(["create", ...words, "--quiet"])).trim();
}

/** The same by a program, to compare with. */
export async function api(path: string): Promise<unknown> {
	const headers = { authorization: `Bearer ${network.dev.apiKey}` };
	return (await fetch(network.url + path, { headers })).json();
}
