/**
 * `npm start`: makes sure the dependencies are there, then runs `runtime/main.ts` with the Node that
 * came with them and stays as its parent. Runs on the system's own Node (18 or later). It holds an
 * IPC channel to the child, which ends when the channel closes, so killing this process ends all.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureInstalled } from "./setup.mjs";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
/** How often, in ms, this process looks whether those who started it are still there. */
const PARENT_POLL_MS = 250;
/** Options with a value that npm swallows when the `--` before them was forgotten. */
const VALUE_OPTIONS = ["port", "state", "host"];

/**
 * The runtime's arguments. `npm start --port=1` (without `--`) arrives as `npm_config_port=1`, and
 * `npm start --port 1` as `npm_config_port=true` plus a bare `1`; bare values are given back to
 * their options as long as that is unambiguous.
 */
function runtimeArguments() {
	const bare = process.argv.slice(2);
	if (bare.some((word) => word.startsWith("-"))) return bare;
	const swallowed = VALUE_OPTIONS.filter((name) => process.env[`npm_config_${name}`] === "true");
	const given = VALUE_OPTIONS.filter((name) => !swallowed.includes(name)).flatMap((name) => {
		const value = process.env[`npm_config_${name}`];
		return value ? [`--${name}=${value}`] : [];
	});
	if (process.env["npm_config_allow_loopback"] === "true") given.push("--allow-loopback");
	if (swallowed.includes("port")) {
		const index = bare.findIndex((word) => /^\d+$/.test(word));
		if (index !== -1) given.push(`--port=${bare.splice(index, 1)[0]}`);
	}
	const rest = swallowed.filter((name) => name !== "port");
	if (rest.length === 1 && bare.length === 1) given.push(`--${rest[0]}=${bare.pop()}`);
	return [...given, ...bare];
}

/** What /proc says of a process: its parent, and whether it is a shell that runs one command. */
function inspect(pid) {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
		const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
		const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
		return { parent: Number(fields[1]), isShell: words[1] === "-c" };
	} catch {
		return undefined; // no /proc here, or that process is gone, which `process.ppid` shows too
	}
}

const failure = await ensureInstalled();
if (failure !== undefined) {
	console.error(failure);
	process.exit(1);
}

// npm may run scripts through a shell, which would survive it: then npm is to be watched as well.
const parent = process.ppid;
const shell = inspect(parent)?.isShell ? inspect(parent) : undefined;

const runtime = spawn(
	join(ROOT, "node_modules", ".bin", "node"),
	[join(ROOT, "runtime", "main.ts"), ...runtimeArguments()],
	{ stdio: ["inherit", "inherit", "inherit", "ipc"] },
);
runtime.once("error", (error) => {
	console.error(`Could not start the runtime: ${error.message}`);
	process.exit(1);
});
runtime.once("exit", (code, signal) => {
	process.exit(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
	process.on(signal, () => runtime.kill(signal));
}

setInterval(() => {
	const orphaned =
		process.ppid !== parent || (shell !== undefined && inspect(parent)?.parent !== shell.parent);
	if (orphaned) runtime.kill("SIGTERM");
}, PARENT_POLL_MS).unref();
