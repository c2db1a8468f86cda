/**
 * Who owns a state folder. Exactly one launcher at a time: an operating-system lock, which dies with
 * its holder, decides; `runtime.json` says who holds it, and which workerd a dead owner left behind.
 * It knows nothing of what is stored in the folder.
 */
import { mkdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";
import { err, ok, type Result } from "../src/core/result.ts";
import { SECOND } from "../src/core/units.ts";
import { isErrno, readJsonFile, writeFileAtomically } from "./files.ts";
import {
	getProcessIdentity,
	isRunning,
	type ProcessIdentity,
	toProcessIdentity,
} from "./process-identity.ts";
import { type Refusal, refusal } from "./refusal.ts";

/** Owner only: the databases hold tenants' payloads and sealed secrets. */
const FOLDER_MODE = 0o700;
/** SQLITE_BUSY: another process holds the lock. */
const SQLITE_BUSY = 5;
/** A killed workerd is gone in a few ms; one that is not by then is stuck in the kernel. */
const KILL_TIMEOUT_MS = 5 * SECOND;
const KILL_POLL_MS = 5;

export type RuntimeRecord = {
	readonly launcher: ProcessIdentity;
	readonly workerd?: ProcessIdentity | undefined;
	readonly url?: string;
	readonly bootId?: string;
};

export type StateFolder = {
	readonly path: string;
	/** Scratch space of this start, empty at first. */
	readonly temporary: string;
	/** Writes `runtime.json`; the launcher is always this process. */
	record(details: Omit<RuntimeRecord, "launcher">): Promise<void>;
	/** Removes the record and gives up the lock. Call it when workerd is gone, not before. */
	release(): Promise<void>;
};

/**
 * Creates the folder if needed and takes it over: refuses while its owner lives, and ends a workerd
 * that outlived a dead one before anything of the state is opened.
 */
export async function openStateFolder(path: string): Promise<Result<StateFolder, Refusal>> {
	const recordFile = join(path, "runtime.json");
	const temporary = join(path, "tmp");
	try {
		await ensureFolder(path);
		const lock = takeLock(join(path, "lock"));
		const previous = readJsonFile(recordFile);
		const launcher = toProcessIdentity(previous?.["launcher"]);
		if (lock === undefined || (launcher !== undefined && isRunning(launcher))) {
			const where = previous?.["url"] === undefined ? "" : ` on ${String(previous["url"])}`;
			const who = launcher === undefined ? "" : ` (process ${launcher.pid}${where})`;
			return err(refusal(`The state folder ${path} is in use by a running Minoots${who}`));
		}
		const orphan = toProcessIdentity(previous?.["workerd"]);
		if (orphan !== undefined && !(await endProcess(orphan))) {
			return err(refusal(`The previous workerd (process ${orphan.pid}) could not be ended`));
		}
		await rm(temporary, { recursive: true, force: true });
		await mkdir(temporary, { mode: FOLDER_MODE });
		const self = getProcessIdentity(process.pid) ?? { pid: process.pid, startedAt: "" };
		const record = async (details: Omit<RuntimeRecord, "launcher">) => {
			const text = JSON.stringify({ launcher: self, ...details }, null, "\t");
			await writeFileAtomically(recordFile, `${text}\n`);
		};
		await record({});
		return ok({
			path,
			temporary,
			record,
			async release() {
				await rm(temporary, { recursive: true, force: true });
				await rm(recordFile, { force: true });
				lock.close();
			},
		});
	} catch (error) {
		if (!isErrno(error)) throw error;
		return err(refusal(`The state folder ${path} cannot be written: ${error.message}`));
	}
}

/** Makes a folder and those above it. Not `recursive: true`: under /proc that never returns. */
async function ensureFolder(path: string): Promise<void> {
	try {
		await mkdir(path, { mode: FOLDER_MODE });
	} catch (error) {
		if (!isErrno(error)) throw error;
		if (error.code === "EEXIST" && (await stat(path)).isDirectory()) return;
		if (error.code !== "ENOENT" || dirname(path) === path) throw error;
		await ensureFolder(dirname(path));
		await mkdir(path, { mode: FOLDER_MODE });
	}
}

/** An open exclusive transaction on an empty database: a file lock on every system, gone with us. */
function takeLock(path: string): DatabaseSync | undefined {
	const lock = new DatabaseSync(path);
	try {
		lock.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
		return lock;
	} catch (error) {
		lock.close();
		if (isErrno(error) && "errcode" in error && error.errcode === SQLITE_BUSY) return undefined;
		throw error;
	}
}

/** Kills a process and waits until it is gone; false when it would not go. */
async function endProcess(identity: ProcessIdentity): Promise<boolean> {
	const deadline = performance.now() + KILL_TIMEOUT_MS;
	while (isRunning(identity)) {
		if (performance.now() > deadline) return false;
		try {
			process.kill(identity.pid, "SIGKILL");
		} catch (error) {
			if (!isErrno(error) || error.code !== "ESRCH") throw error;
		}
		await delay(KILL_POLL_MS);
	}
	return true;
}
