/** Help, wrong usage and the choice of a network: what needs no network to answer. */

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { COMMANDS } from "../../../packages/cli/src/commands.ts";
import { listenAt } from "../../helpers/loopback.ts";
import { buildCli, createFolder, type Env, minoots, type Options, ROOT } from "./cli.ts";

beforeAll(buildCli);

const NAMES = COMMANDS.map(({ name }) => name);

describe("help", () => {
	it("[CLI-1] lists every command, and says what exit codes mean", async () => {
		for (const words of [[], ["--help"], ["help"]]) {
			const { code, stdout, stderr } = await minoots(words);
			expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
			for (const name of NAMES) expect(stdout).toMatch(new RegExp(`^  ${name} +\\S`, "m"));
			expect(stdout).toContain("Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 130");
		}
	});

	it.each(NAMES)("[CLI-1] shows examples of %s, and the options of all commands", async (name) => {
		const { code, stdout, stderr } = await minoots([name, "--help"]);
		expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
		expect(stdout).toContain(`Usage: minoots ${name}`);
		expect(stdout).toMatch(new RegExp(`Examples:\n  \\$ .*minoots ${name}`));
		for (const option of ["--json", "--profile", "--timeout"]) expect(stdout).toContain(option);
		expect((await minoots(["help", name])).stdout).toBe(stdout);
	});

	it("[CLI-1] prints the version of the package", async () => {
		const text = await readFile(join(ROOT, "packages/cli/package.json"), "utf8");
		const { version } = JSON.parse(text);
		expect(await minoots(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
	});
});

/** Where nothing is sent, nothing needs to listen. */
const NOWHERE = ["--url", "http://127.0.0.1:9", "--api-key", "k"];

describe("wrong usage", () => {
	it.each([
		[["lsit"], "unknown command 'lsit'\n(Did you mean list?)"],
		[["creat", "30s"], "(Did you mean create?)"],
		[["list", "--stauts", "failed"], "unknown option '--stauts'\n(Did you mean --status?)"],
		[["get"], "missing required argument 'id'"],
		[["list", "more"], "too many arguments"],
		[["create"], "nothing says when"],
		[["create", "soon"], 'got "soon"'],
		[["create", "5"], "Say the unit: 5s, 5m or 5ms."],
		[["create", "5m", "--at", "2099-01-01"], "it is said twice when the timer fires"],
		[["create", "5m", "a", "--cron", "* * * * *"], "it is said twice when the timer fires"],
		[["create", "a", "b", "--cron", "* * * * *"], 'one word too many: "b"'],
		[["create", "5m", "a", "--name", "b"], "two names"],
		[["create", "5m", "--label", "ops"], '--label: expected key=value, got "ops"'],
		[["create", "5m", "--body", "{}"], "belong to --webhook"],
		[["create", "5m", "--command", "{}"], "--command belongs to --mailbox"],
		[["create", "5m", "--mailbox", "b", "--command", "{"], "--command: expected JSON"],
		[["create", "5m", "--retry", "often"], "--retry: expected attempts (3)"],
		[["create", "5m", "--depends-on", "x:never"], "--depends-on: expected id"],
		[["create", "--at", "2026-13-01"], "--at: expected an instant like"],
		[["create", "--tz", "UTC"], "--tz and --dtstart belong to"],
		[["create", "--file", "/nonexistent.json"], "--file: /nonexistent.json cannot be read"],
		[["list", "--status", "gone"], "--status: expected scheduled, armed"],
		[["list", "--limit", "0"], "--limit: expected a whole number from 1 on"],
		[["list", "--timeout", "soon"], "--timeout: expected a length of time"],
		[["reschedule", "tmr_1"], "say when, once"],
		[["preview"], "no schedule"],
		[["preview", "1h", "--cron", "* * * * *"], "one of --cron, --rrule and --every"],
		[["api", "GET", "v1"], 'expected a path like /v1/timers, got "v1"'],
		[["api", "POST", "/v1/timers", "{in}"], "body: expected JSON"],
		[["delete", "tmr_1"], "Add --yes."],
		[["delete", "-"], "Add --yes."],
		[["logs", "tmr_1", "--tail", "-1"], "--tail: expected a whole number"],
		[["create", "2027-02-30", "a"], 'expected an instant like 2026-12-01T09:00Z, got "2027-02-30"'],
		[["mailbox", "pull"], "`minoots mailbox pull --help` shows what there is."],
		[["mailbox", "watch", "b", "--exec", " ", ...NOWHERE], "--exec: expected a command, got none"],
		[["get", "", ...NOWHERE], "An id or a name is empty, or only dots"],
		[["cancel", "..", ...NOWHERE], "An id or a name is empty, or only dots"],
		[["mailbox", "pull", "", ...NOWHERE], "Is a variable empty that should have held it?"],
		[["list", "--url", "http://127.0.0.1:9", "--api-key", "a\nb"], "--api-key: a key is printable"],
		[["logout"], "no profile is current to forget"],
		[["doctor", "--need", "timer.wirte", ...NOWHERE], "--need: expected timer.read, timer.write"],
	])("[CLI-2] %j is exit code 2, and says what is wrong", async (words, text) => {
		const { code, stdout, stderr } = await minoots(words);
		expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
		expect(stderr).toMatch(/^error: /);
		expect(stderr).toContain(text);
	});

	it("[CLI-2] a group without one of its commands shows its help, and names the nearest", async () => {
		const alone = await minoots(["profiles", "usee", "x"]);
		expect(alone).toMatchObject({ code: 2, stdout: "" });
		const group = await minoots(["dlq"]);
		expect(group).toMatchObject({ code: 2, stdout: "" });
		expect(group.stderr).toMatch(/^Usage: minoots dlq /);
		const json = await minoots(["dlq", "--json"]);
		expect(JSON.parse(json.stderr).error).toMatchObject({ code: "usage" });
		expect((await minoots(["dlq", "lsit"])).stderr).toContain("(Did you mean list?)");
	});

	it("[CLI-2] is an object on stderr with --json", async () => {
		const { code, stdout, stderr } = await minoots(["get", "--json"]);
		expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
		expect(JSON.parse(stderr)).toEqual({
			error: {
				code: "usage",
				message: "missing required argument 'id'",
				hint: "`minoots get --help` shows what there is.",
			},
		});
	});
});

describe("what others have written", () => {
	it("[CLI-31] a name with line breaks is one line, and no row of its own", async () => {
		const timer = {
			...{ id: "tmr_1", name: "tea\n\ntmr_2  fake\r\nx", status: "scheduled" },
			...{ nextFireAt: "2099-01-01T00:00:00.000Z", firedCount: 0, at: null, labels: {} },
		};
		const server = createServer((_, response) => {
			response.setHeader("content-type", "application/json");
			response.end(JSON.stringify({ items: [timer], nextCursor: null }));
		});
		onTestFinished(() => void server.close());
		const env = { MINOOTS_URL: await listenAt(server), MINOOTS_API_KEY: "k" };
		const { stdout } = await minoots(["list"], { env });
		expect(stdout.trimEnd().split("\n")).toHaveLength(2);
		expect(stdout).toContain("tea tmr_2  fake x");
	});
});

describe("the network that is meant", () => {
	/** Answers any call with the key that it came with. */
	async function startEcho(): Promise<string> {
		const server = createServer((request, response) => {
			response.setHeader("content-type", "application/json");
			response.end(JSON.stringify({ key: request.headers.authorization?.replace("Bearer ", "") }));
		});
		onTestFinished(() => void server.close());
		return listenAt(server);
	}

	async function usedKey(words: readonly string[], options: Options): Promise<unknown> {
		const { code, stdout, stderr } = await minoots(["api", "GET", "/", ...words], options);
		expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
		return JSON.parse(stdout).key;
	}

	/** A folder with a network, and a configuration with two profiles. */
	async function createMachine(url: string) {
		const folder = await createFolder();
		await mkdir(join(folder, ".minoots"));
		await mkdir(join(folder, "deep/down"), { recursive: true });
		await writeFile(join(folder, ".minoots/dev.json"), JSON.stringify({ url, apiKey: "dev" }));
		const config = join(folder, "config.json");
		const profiles = { one: { url, apiKey: "one" }, two: { url, apiKey: "two" } };
		await writeFile(config, JSON.stringify({ current: "one", profiles }));
		return { folder, cwd: join(folder, "deep/down"), config };
	}

	it("[CLI-3] flags come before the environment, a profile, and the network of the folder", async () => {
		const url = await startEcho();
		const { cwd, config, folder } = await createMachine(url);
		const env: Env = { MINOOTS_CONFIG: config };
		const fromEnv = { ...env, MINOOTS_URL: url, MINOOTS_API_KEY: "env" };
		const two = ["--profile", "two"];
		expect(await usedKey(["--api-key", "flag"], { cwd, env: fromEnv })).toBe("flag");
		expect(await usedKey(two, { cwd, env: fromEnv })).toBe("two");
		expect(await usedKey([], { cwd, env: fromEnv })).toBe("env");
		expect(await usedKey([], { cwd, env: { ...env, MINOOTS_PROFILE: "two" } })).toBe("two");
		expect(await usedKey([], { cwd, env })).toBe("one");
		expect(await usedKey([], { cwd, env: { HOME: folder } })).toBe("dev");
		const base = { HOME: "/nonexistent", MINOOTS_API_BASE: `${url}/`, MINOOTS_API_KEY: "base" };
		expect(await usedKey([], { env: base })).toBe("base");
		await mkdir(join(folder, "xdg/minoots"), { recursive: true });
		const text = await readFile(config, "utf8");
		await writeFile(join(folder, "xdg/minoots/config.json"), text);
		expect(await usedKey([], { env: { XDG_CONFIG_HOME: join(folder, "xdg") } })).toBe("one");
	});

	it("[CLI-4] a key goes only to the address that it is kept with", async () => {
		const [url, other] = [await startEcho(), await startEcho()];
		const { cwd, config } = await createMachine(url);
		for (const env of [{ MINOOTS_CONFIG: config }, {}] as Env[]) {
			const { code, stderr } = await minoots(["list", "--url", other], { cwd, env });
			expect(code).toBe(2);
			expect(stderr).toContain(`No key is known for ${other} (from --url).`);
		}
	});

	it("[CLI-5] none at all, a profile that is not there, or a broken file says what to do", async () => {
		const folder = await createFolder();
		const none = await minoots(["list"], { cwd: folder });
		expect(none.code).toBe(2);
		expect(none.stderr).toContain(
			"Run `minoots login`, set MINOOTS_URL and MINOOTS_API_KEY, or start",
		);
		const { config } = await createMachine("http://127.0.0.1:1");
		const env = { MINOOTS_CONFIG: config };
		const unknown = await minoots(["list", "--profile", "three"], { env });
		expect(unknown.code).toBe(2);
		expect(unknown.stderr).toContain('there is no profile "three"');
		expect(unknown.stderr).toContain("has one, two");
		await writeFile(config, "{");
		const broken = await minoots(["list"], { env });
		expect(broken.code).toBe(1);
		expect(broken.stderr).toContain(`${config} is not a configuration of minoots`);
		const url = await minoots(["list", "--url", "minoots.example.com", "--api-key", "k"]);
		expect(url.code).toBe(2);
		expect(url.stderr).toContain(
			"--url: expected an address like https://minoots.example.com, got",
		);
	});
});
