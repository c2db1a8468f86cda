/** Completion, in the shells themselves where this machine has them. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import {
	escapeWord,
	keptLength,
	splitLine,
} from "../../../packages/cli/src/completion/split-line.ts";
import { createFolder, type Env, minoots, PROGRAM } from "./cli.ts";
import { env, network, startBefore } from "./on-network.ts";

let timer: string;

startBefore();
beforeAll(async () => {
	timer = (await minoots(["create", "1h", "tea break", "--quiet"], { env })).stdout.trim();
	await minoots(["mailbox", "send", "build-arm", "x"], { env });
	await minoots(["calendars", "put", "holidays", "--date", "2027-01-01"], { env });
});

/** A folder with `minoots` on the PATH, a file, and nothing else. */
async function createHome() {
	const home = await createFolder();
	await mkdir(join(home, "bin"));
	const program = join(home, "bin", "minoots");
	await writeFile(program, `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`);
	await chmod(program, 0o755);
	await writeFile(join(home, "timers.ndjson"), "");
	return { home, PATH: `${join(home, "bin")}:${process.env["PATH"]}` };
}

/** What the script of a shell is answered, by the words that are on the line. */
async function answered(...words: readonly string[]): Promise<readonly string[]> {
	const { code, stdout } = await minoots(["completion", "fish", "--", ...words], { env });
	expect(code).toBe(0);
	return stdout.split("\n").slice(0, -1);
}

async function values(...words: readonly string[]): Promise<readonly string[]> {
	return (await answered(...words)).map((line) => line.split("\t")[0] ?? "");
}

const hasShell = (name: string) => spawnSync(name, ["--version"]).status === 0;

it("[OPS-30] completes commands, groups, options and values, with what they are for", async () => {
	expect(await answered("dl")).toEqual(["dlq\tLook at dead letters and send them again"]);
	expect(await values("dlq", "")).toEqual(["list", "show", "replay", "delete"]);
	expect(await values("mailbox", "watch", "--ex")).toEqual(["--exec"]);
	expect(await values("list", "--j")).toEqual(["--json"]);
	expect(await values("list", "--status", "f")).toEqual(["firing", "failed"]);
	expect(await values("list", "--status=fi")).toEqual(["--status=firing"]);
	expect(await values("bulk", "re")).toEqual(["resume", "replay"]);
	expect(await values("create", "--tz", "Europe/Berl")).toEqual(["Europe/Berlin"]);
	expect(await values("completion", "")).toEqual(["bash", "zsh", "fish"]);
	expect(await values("import", "")).toEqual([":files"]);
	expect(await values("--profile", "x", "dlq", "li")).toEqual(["list"]);
	expect(await values("nothing", "")).toEqual([]);
});

it("[OPS-31] completes what the network has", async () => {
	expect(await answered("get", "")).toEqual([`${timer}\ttea break, scheduled`]);
	expect(await answered("mailbox", "show", "b")).toEqual(["build-arm\t1 waiting"]);
	expect(await values("create", "--mailbox", "")).toEqual(["build-arm"]);
	expect(await values("events", "--timer", "tmr_")).toEqual([timer]);
	expect(await values("calendars", "get", "")).toEqual(["holidays"]);
	expect((await values("keys", "delete", "key_")).length).toBe(1);
	expect(await values("dlq", "show", "")).toEqual([]);
});

it("[OPS-31] completes profiles, by which it asks; and nothing where nobody answers", async () => {
	const MINOOTS_CONFIG = join(await createFolder(), "config.json");
	const profiles = {
		here: { url: network.url, apiKey: network.dev.apiKey },
		away: { url: "http://127.0.0.1:9", apiKey: "k" },
	};
	await writeFile(MINOOTS_CONFIG, JSON.stringify({ current: "away", profiles }));
	const ask = async (...words: readonly string[]) => {
		const run = await minoots(["completion", "fish", "--", ...words], { env: { MINOOTS_CONFIG } });
		expect([run.code, run.stderr]).toEqual([0, ""]);
		return run.stdout;
	};
	expect(await ask("list", "--profile", "")).toBe(
		`here\t${network.url}\naway\thttp://127.0.0.1:9\n`,
	);
	expect(await ask("--profile", "here", "get", "")).toContain(timer);
	expect(await ask("get", "")).toBe("");
	expect((await minoots(["completion", "fish", "--", "get", ""])).stdout).toBe("");
});

it("[OPS-33] splits a line as a shell does, and keeps what readline keeps", () => {
	expect(splitLine(`a  "b c" d\\ e 'f"g'`).words).toEqual(["a", "b c", "d e", 'f"g']);
	expect(splitLine('a ""')).toEqual({ words: ["a", ""], typed: '""' });
	expect(splitLine("a ")).toEqual({ words: ["a", ""], typed: "" });
	expect(splitLine('a "open wo')).toEqual({ words: ["a", "open wo"], typed: '"open wo' });
	expect(keptLength("--status=fi", "\"'><=;|&(:")).toBe("--status=".length);
	expect(keptLength("a:b", " \t\n")).toBe(0);
	expect(escapeWord("tea break$(x)")).toBe("tea\\ break\\$\\(x\\)");
	expect(escapeWord("timer.fired,a@b:c/d")).toBe("timer.fired,a@b:c/d");
});

describe("bash", () => {
	/** What Tab would offer at the end of the line. */
	async function offered(line: string, extra: Env = {}): Promise<readonly string[]> {
		const { home, PATH } = await createHome();
		const script = `
			source <(minoots completion bash); source <(minoots completion bash)
			COMP_LINE=$LINE COMP_POINT=\${#LINE}
			_minoots minoots
			for one in "\${COMPREPLY[@]}"; do printf '%s\\n' "$one"; done`;
		const options = { env: { ...env, PATH, HOME: home, LINE: line, ...extra }, cwd: home };
		const child = spawn("bash", ["--norc", "-u", "-c", script], options);
		const { stdout } = await outputOf(child);
		return stdout.split("\n").slice(0, -1);
	}

	it("[OPS-30] completes commands, options and values", async () => {
		expect(await offered("minoots dl")).toEqual(["dlq"]);
		expect(await offered("minoots dlq ")).toEqual(["list", "show", "replay", "delete"]);
		expect(await offered("minoots list --status=fi")).toEqual(["firing"]);
		expect(await offered("minoots list --status fi")).toEqual(["firing"]);
		expect(await offered("minoots get ")).toEqual([timer]);
		expect(await offered("minoots nothing ")).toEqual([]);
	});

	it("[OPS-32] evaluates nothing that was typed", async () => {
		const { home } = await createHome();
		const trace = join(home, "trace");
		await offered(`minoots get $(touch ${trace}) \`touch ${trace}\` "$(touch ${trace})" `);
		expect(spawnSync("test", ["-e", trace]).status).toBe(1);
	});

	it("[OPS-30] as a person sees it: Tab completes the word, and files where a file is meant", async () => {
		const { home, PATH } = await createHome();
		const rc = join(home, "rc");
		await writeFile(rc, "source <(minoots completion bash)\nPS1='ready> '\n");
		const command = `bash --noprofile --rcfile '${rc}' -i`;
		const child = spawn("script", ["--quiet", "--command", command, "/dev/null"], {
			env: { ...env, PATH, HOME: home, TERM: "dumb", SHELL: "/bin/sh" },
			cwd: home,
		});
		const shown = follow(child);
		await shown("ready> ");
		child.stdin.write("minoots dl\t");
		await shown("minoots dlq ");
		child.stdin.write("\u0015minoots import tim\t");
		await shown("minoots import timers.ndjson ");
		child.stdin.write("\u0015exit\n");
		await once(child, "close");
	});
});

describe.skipIf(!hasShell("zsh"))("zsh", () => {
	it("[OPS-30] as a person sees it: Tab completes commands, ids and files", async () => {
		const { home, PATH } = await createHome();
		const rc = [
			"autoload -Uz compinit; compinit -u",
			"source <(minoots completion zsh)",
			"PS1='ready> '",
		];
		await writeFile(join(home, ".zshrc"), `${rc.join("\n")}\n`);
		const child = spawn("script", ["--quiet", "--command", "zsh -i", "/dev/null"], {
			env: { ...env, PATH, HOME: home, ZDOTDIR: home, TERM: "dumb", SHELL: "/bin/sh" },
			cwd: home,
		});
		const shown = follow(child);
		await shown("ready> ");
		child.stdin.write("minoots dl\t");
		await shown("minoots dlq ");
		child.stdin.write("\u0015minoots get \t");
		await shown(`minoots get ${timer}`);
		child.stdin.write("\u0015minoots list --status=fi\t");
		await shown("--status=firing");
		child.stdin.write("\u0015minoots import tim\t");
		await shown("minoots import timers.ndjson");
		child.stdin.write("\u0015exit\n");
		await once(child, "close");
	});
});

describe.skipIf(!hasShell("fish"))("fish", () => {
	it("[OPS-30] completes commands, options, ids and files", async () => {
		const { home, PATH } = await createHome();
		const offered = (line: string) =>
			execFileSync(
				"fish",
				["--no-config", "-c", "minoots completion fish | source; complete -C $LINE"],
				{ env: { ...env, PATH, HOME: home, LINE: line }, cwd: home, encoding: "utf8" },
			);
		expect(offered("minoots dl")).toBe("dlq\tLook at dead letters and send them again\n");
		expect(offered("minoots dlq ")).toMatch(/^delete\tRemove dead letters\n/);
		expect(offered("minoots get ")).toBe(`${timer}\ttea break, scheduled\n`);
		expect(offered("minoots list --status=fi")).toBe("--status=firing\n");
		expect(offered("minoots import tim")).toContain("timers.ndjson");
		expect(offered("minoots nothing ")).toBe("");
	});
});

/** Resolves when what a terminal shows has `text`, escape sequences left out. */
function follow(child: ChildProcess): (text: string) => Promise<void> {
	let all = "";
	let wake = () => {};
	child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
		all += chunk;
		wake();
	});
	let ended = false;
	child.once("close", () => {
		ended = true;
		wake();
	});
	return async (text) => {
		// biome-ignore lint/suspicious/noControlCharactersInRegex: what terminals are sent
		const plain = () => all.replaceAll(/\u001b\[[\d;?]*[a-zA-Z]|\u0007|\r/g, "");
		while (!plain().includes(text)) {
			if (ended) throw new Error(`it ended without showing ${text}:\n${plain()}`);
			await new Promise<void>((resolve) => {
				wake = resolve;
			});
		}
	};
}

async function outputOf(child: ChildProcess): Promise<{ readonly stdout: string }> {
	let stdout = "";
	child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
		stdout += chunk;
	});
	await once(child, "close");
	return { stdout };
}
