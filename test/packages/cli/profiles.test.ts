/** Logging in and out: what is tried, what is kept, who can read it. */
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type NetworkProcess, startNetwork } from "../../helpers/network-process.ts";
import { buildCli, createFolder, type Env, inTerminal, minoots, startInTerminal } from "./cli.ts";

let network: NetworkProcess;

beforeAll(async () => {
	await buildCli();
	network = await startNetwork();
});
afterAll(() => network.stop());

async function createConfig(): Promise<{ readonly path: string; readonly env: Env }> {
	const path = join(await createFolder(), "config", "minoots.json");
	return { path, env: { MINOOTS_CONFIG: path } };
}

it("[CLI-20] login tries the key, then keeps it where only its owner can read", async () => {
	const { path, env } = await createConfig();
	const words = ["login", "--profile", "ci", "--url", `${network.url}/`, "--key-stdin"];
	const input = `${network.dev.apiKey}\n`;
	const { code, stdout, stderr } = await minoots(words, { env, input });
	expect(code).toBe(0);
	expect(stdout).toBe(`Logged in to ${network.url} as tenant dev, plan enterprise.\n`);
	expect(stderr).toContain(path);
	expect((await stat(path)).mode & 0o777).toBe(0o600);
	expect(JSON.parse(await readFile(path, "utf8"))).toEqual({
		current: "ci",
		profiles: { ci: { url: network.url, apiKey: network.dev.apiKey } },
	});
	expect(await minoots(["list"], { env })).toMatchObject({ code: 0 });
	const given = { ...env, MINOOTS_API_KEY: network.dev.adminKey };
	const operator = await minoots(["login", "--url", network.url, "--json"], { env: given });
	expect(operator).toEqual({ code: 0, stdout: '{"kind":"operator"}\n', stderr: "" });
});

it("[CLI-20] a key that the network refuses is not kept, nor one without an address", async () => {
	const { path, env } = await createConfig();
	const wrong = await minoots(["login", "--url", network.url, "--api-key", "mnt_dev_no"], { env });
	expect(wrong).toMatchObject({ code: 1, stdout: "" });
	for (const words of [
		["--url", network.url],
		["--api-key", "mnt_dev_no"],
		["--url", "x"],
	]) {
		const { code, stdout } = await minoots(["login", ...words], { env });
		expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
	}
	await expect(stat(path)).rejects.toThrow("ENOENT");
});

it("[CLI-21] a terminal asks for address and key, and does not show the key", async () => {
	const { path, env } = await createConfig();
	const login = startInTerminal(["login"], { env });
	await login.shows("Address of the network");
	login.child.stdin?.write(`${network.url}\r`);
	await login.shows("Key for");
	login.child.stdin?.write(`${network.dev.apiKey}\r`);
	const { code, stdout } = await login.ended;
	expect(code).toBe(0);
	expect(stdout).toContain("as tenant dev");
	expect(stdout).not.toContain(network.dev.apiKey);
	expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({ current: "default" });
});

it("[CLI-21] Ctrl-C in a question is exit code 130, and nothing is kept", async () => {
	const { path, env } = await createConfig();
	const login = startInTerminal(["login"], { env });
	await login.shows("Address of the network");
	login.child.stdin?.write("\u0003");
	expect((await login.ended).code).toBe(130);
	await expect(stat(path)).rejects.toThrow("ENOENT");
});

it("[CLI-22] profiles are listed without their keys, chosen, and forgotten", async () => {
	const { path, env } = await createConfig();
	expect(await minoots(["profiles"], { env })).toMatchObject({ code: 0, stdout: "" });
	const { url } = network;
	const profiles = {
		one: { url, apiKey: network.dev.apiKey },
		two: { url, apiKey: "mnt_dev_two" },
	};
	await writeFile(path, JSON.stringify({ profiles })).catch(async () => {
		await minoots(["login", "--url", url, "--api-key", network.dev.apiKey], { env });
		await writeFile(path, JSON.stringify({ profiles }));
	});
	expect(await minoots(["profiles", "use", "one"], { env })).toMatchObject({ code: 0 });
	const listed = await minoots(["profiles"], { env });
	expect(listed.stdout).toMatch(/^ +NAME +URL +KEY\n\* +one .*\n +two /);
	expect(listed.stdout).not.toContain(network.dev.apiKey);
	const lines = (await minoots(["profiles", "--json"], { env })).stdout.trimEnd().split("\n");
	expect(lines.map((line) => JSON.parse(line))).toMatchObject([
		{ name: "one", current: true, url },
		{ name: "two", current: false, url },
	]);
	expect(await minoots(["profiles", "use", "three"], { env })).toMatchObject({ code: 2 });
	expect(await minoots(["logout", "--profile", "two"], { env })).toMatchObject({ code: 0 });
	expect(JSON.parse(await readFile(path, "utf8"))).toEqual({
		current: "one",
		profiles: { one: profiles.one },
	});
	expect(await minoots(["logout", "--profile", "two"], { env })).toMatchObject({ code: 2 });
	expect(await minoots(["logout", "--all"], { env })).toMatchObject({ code: 0 });
	expect(JSON.parse(await readFile(path, "utf8"))).toEqual({ profiles: {} });
	expect((await inTerminal(["profiles"], { env })).stdout).toContain("`minoots login`");
});
