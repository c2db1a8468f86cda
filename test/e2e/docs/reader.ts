/**
 * Somebody who reads one page and types what it says: a clone of their own, a network in it, one
 * terminal whose variables last from block to block, and programs in other terminals.
 */
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type NetworkProcess, startNetwork } from "../../helpers/network-process.ts";
import { findFreePort } from "../../helpers/spawned-network.ts";
import { type Block, ROOT } from "./pages.ts";
import { type Place, type Program, type Run, run, start } from "./programs.ts";

/** Not part of a fresh clone, or different in each. */
const NOT_CLONED = new Set([".git", ".minoots", ".wrangler", ".cache", "dist"]);
/** What the pages call the example receiver; here it listens where nobody else does. */
const RECEIVER = "127.0.0.1:4000";
/** A call that the network refuses fails, and still shows why. */
const CURL_SETTINGS = "silent\nshow-error\nfail-with-body\n";
/** A project of the reader's in the clone, with the SDK installed as `npm install <folder>` does. */
const PROJECT = ".project";
const NETWORK_READY = "Minoots is ready";

export type Reader = AsyncDisposable & {
	/** Runs a block to its end and answers what it printed. */
	readonly type: (block: Block) => Promise<Run>;
	/** Starts a block in a terminal of its own; resolves when it has printed `text`. */
	readonly open: (block: Block, text: string) => Promise<void>;
	/** Resolves when one of those terminals shows `text`. */
	readonly see: (text: string) => Promise<void>;
	/** Does `work` while the network is stopped. */
	readonly whileStopped: <T>(work: () => Promise<T>) => Promise<T>;
	/** Starts the network, unless the page has done so. */
	readonly ensureNetwork: () => Promise<void>;
};

export async function createReader(): Promise<Reader> {
	const folder = await mkdtemp(join(tmpdir(), "minoots-reader-"));
	for (const name of await readdir(ROOT)) {
		if (!NOT_CLONED.has(name)) await symlink(join(ROOT, name), join(folder, name));
	}
	await writeFile(join(folder, ".curlrc"), CURL_SETTINGS);
	const scope = join(folder, PROJECT, "node_modules", "@minoots");
	await mkdir(scope, { recursive: true });
	await symlink(join(ROOT, "packages", "sdk"), join(scope, "sdk"));
	const state = join(folder, ".minoots");
	/** What the blocks so far have set, for every terminal. */
	const variables = join(folder, ".variables");
	/** Where `npm install --global` puts programs. */
	const globals = join(folder, ".npm-global");
	const [port, receiverPort] = [await findFreePort(), await findFreePort()];
	const place: Place = {
		folder,
		env: {
			...process.env,
			CURL_HOME: folder,
			XDG_CONFIG_HOME: join(folder, ".config"),
			npm_config_prefix: globals,
			PATH: `${join(globals, "bin")}:${process.env["PATH"]}`,
			PORT: String(receiverPort),
			// What `npm start` would be told with `--port`.
			npm_config_port: String(port),
			WRANGLER_SEND_METRICS: "false",
		},
	};
	const programs: Program[] = [];
	let network: Pick<NetworkProcess, "stop"> | Program | undefined;

	const localised = (code: string) => code.replaceAll(RECEIVER, `127.0.0.1:${receiverPort}`);

	async function ensureNetwork() {
		network ??= await startNetwork({ state, port });
	}

	async function open({ code }: Block, text: string) {
		const script = `[ ! -e "${variables}" ] || . "${variables}"\nexec ${localised(code)}`;
		const program = start(place, "bash", ["-c", script]);
		if (text === NETWORK_READY) network = program;
		else programs.push(program);
		await program.waitFor(text);
	}

	async function type(block: Block) {
		if (block.language !== "sh") return runModule(place, block.code);
		const script = [
			"set -aeuo pipefail",
			`[ ! -e "${variables}" ] || . "${variables}"`,
			localised(block.code),
			`export -p > "${variables}"`,
		].join("\n");
		return run(place, "bash", ["-c", script]);
	}

	return {
		type,
		open,
		ensureNetwork,
		see: (text) => Promise.any(programs.map((program) => program.waitFor(text))),
		async whileStopped(work) {
			await network?.stop();
			network = undefined;
			const answer = await work();
			await ensureNetwork();
			return answer;
		},
		async [Symbol.asyncDispose]() {
			await Promise.all(programs.map((program) => program.stop()));
			await network?.stop();
			await rm(folder, { recursive: true, force: true });
		},
	};
}

/** A module is run from a file, since a reader would save it as one. */
async function runModule(place: Place, code: string): Promise<Run> {
	const file = join(place.folder, PROJECT, "snippet.mts");
	await writeFile(file, code);
	return run(place, join(ROOT, "node_modules", ".bin", "node"), [file]);
}
