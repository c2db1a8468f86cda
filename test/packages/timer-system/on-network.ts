/** The module in a user's project, on a real network: one for a file of tests. */
import type { Server } from "node:http";
import { afterAll, beforeAll, expect, onTestFinished } from "vitest";
import { close, listenAt } from "../../helpers/loopback.ts";
import { type NetworkProcess, startNetwork } from "../../helpers/network-process.ts";
import { buildPackage, createProject, type Env, type Project, type Run } from "./project.ts";

export let network: NetworkProcess;
export let project: Project;
/** The environment of a program that reaches the network. */
export let access: Env;

/** Called once, on top of a file: before its tests a network is started, and the module installed. */
export function startBefore(): void {
	beforeAll(async () => {
		await buildPackage();
		network = await startNetwork();
		project = await createProject();
		access = { MINOOTS_URL: network.url, MINOOTS_API_KEY: network.dev.apiKey };
	});

	afterAll(async () => {
		await project[Symbol.asyncDispose]();
		await network.stop();
	});
}

export const MODULE = 'const MINOOTS = require("@minoots/timer-system");\n';

export async function printed(code: string, env: Env = access, extension?: "mjs"): Promise<string> {
	const run = await project.runCode(code, env, extension);
	expect({ code: run.code, signal: run.signal, stderr: run.stderr }).toEqual(ENDED_WELL);
	return run.stdout.trimEnd();
}
export const ENDED_WELL = { code: 0, signal: null, stderr: "" };

/** Runs `code` with `call` in it, and answers the code of the error it throws and its message. */
export async function thrown(
	call: string,
	env: Env,
): Promise<Run & { error: { code: string; message: string } }> {
	const code = `${MODULE}try { ${call}; } catch (error) {
		console.log(JSON.stringify({ ...error, message: error.message, name: error.name }));
	}`;
	const run = await project.runCode(code, env);
	expect(run).toMatchObject(ENDED_WELL);
	return { ...run, error: JSON.parse(run.stdout) };
}

export async function listen(server: Server): Promise<string> {
	onTestFinished(() => close(server));
	return listenAt(server);
}
