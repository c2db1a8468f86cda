/**
 * Installs the locked dependencies when `node_modules` does not hold them. Runs on the system's own
 * Node, however old (18 or later), so it is plain JavaScript with nothing but `node:` imports.
 * Called by npm scripts before anything else, and by `start.mjs`; says nothing when all is in place.
 */
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const LOCK_FOLDER = join(ROOT, ".cache", "setup.lock");
/** How often, in ms, a second set-up looks whether the first has ended. */
const LOCK_POLL_MS = 200;
/** A lock folder without a readable owner is taken for abandoned after this time, in ms. */
const UNOWNED_LOCK_MS = 5_000;

/** @param {string} path */
function readJson(path) {
	try {
		return JSON.parse(readFileSync(path, "utf8"));
	} catch {
		return undefined; // absent, or cut off by a kill: either way it proves nothing is installed
	}
}

/**
 * Whether `node_modules` holds what `package-lock.json` asks for. npm writes its hidden lock file
 * when an install ends, so a half-done install never matches; packages for other platforms are
 * optional and may be absent.
 */
export function isInstalled() {
	const wanted = readJson(join(ROOT, "package-lock.json"))?.packages ?? {};
	const present = readJson(join(ROOT, "node_modules", ".package-lock.json"))?.packages;
	if (present === undefined) return false;
	return Object.entries(wanted).every(([path, entry]) => {
		if (!path.includes("node_modules/")) return true;
		const found = present[path];
		if (found === undefined) return entry.optional === true;
		return found.version === entry.version && found.integrity === entry.integrity;
	});
}

/** @param {number} pid */
function isAlive(pid) {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return error.code === "EPERM";
	}
}

/** Takes the lock, or answers false while another live process holds it. */
function tryLock() {
	const ownerFile = join(LOCK_FOLDER, "pid");
	mkdirSync(dirname(LOCK_FOLDER), { recursive: true });
	try {
		mkdirSync(LOCK_FOLDER);
		writeFileSync(ownerFile, String(process.pid));
		return true;
	} catch (error) {
		if (error.code !== "EEXIST") throw error;
	}
	const owner = Number(readJson(ownerFile) ?? 0);
	if (owner > 0 && isAlive(owner)) return false;
	const age =
		Date.now() - (statSync(LOCK_FOLDER, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
	if (owner === 0 && age < UNOWNED_LOCK_MS) return false;
	rmSync(LOCK_FOLDER, { recursive: true, force: true });
	return false;
}

/**
 * Installs what the lock file says, without a word; resolves to what went wrong, or undefined. Not
 * `npm ci`: it refuses a lock file that lacks the binaries of other platforms, which is what npm
 * writes where the registry does not carry them. `--no-save` leaves the lock file as it is.
 */
function install() {
	const npmCli = process.env["npm_execpath"];
	const [command, first] = npmCli?.endsWith("npm-cli.js")
		? [process.execPath, [npmCli]]
		: [process.platform === "win32" ? "npm.cmd" : "npm", []];
	const words = ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
	return new Promise((resolve) => {
		const npm = spawn(command, [...first, ...words], {
			cwd: ROOT,
			stdio: ["ignore", "ignore", "pipe"],
			shell: process.platform === "win32",
		});
		let complaints = "";
		npm.stderr.on("data", (chunk) => {
			complaints += chunk;
		});
		npm.once("error", (error) => resolve(`npm could not be run (${error.message})`));
		npm.once("close", (code) => {
			if (code === 0) return resolve(undefined);
			const lines = complaints.split("\n").filter((line) => /^npm error \S+ /.test(line));
			const said = lines.map((line) => line.replace("npm error ", "")).slice(0, 2);
			resolve(`npm install exited with ${code}${said.length > 0 ? `: ${said.join("; ")}` : ""}`);
		});
	});
}

/** Installs if needed. Resolves to one line saying what went wrong, or undefined. */
export async function ensureInstalled() {
	if (isInstalled()) return undefined;
	try {
		while (!tryLock()) {
			await new Promise((resolve) => setTimeout(resolve, LOCK_POLL_MS));
			if (isInstalled()) return undefined;
		}
		console.error("Installing dependencies (only at the first start) …");
		const failure = isInstalled() ? undefined : await install();
		rmSync(LOCK_FOLDER, { recursive: true, force: true });
		return failure === undefined ? undefined : `Could not install dependencies: ${failure}`;
	} catch (error) {
		return `Could not install dependencies: ${error.message}`;
	}
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
	const failure = await ensureInstalled();
	if (failure !== undefined) {
		console.error(failure);
		process.exitCode = 1;
	}
}
