/**
 * What the figures were measured on, and how much of it something else took meanwhile: a figure of a
 * busy machine says little. Linux only; elsewhere the share is NaN.
 */
import { readdirSync, readFileSync } from "node:fs";
import { cpus, release, totalmem, type } from "node:os";

/** No names, no paths: only what makes a figure comparable. */
export function describeMachine(): string {
	const [cpu] = cpus();
	const memory = Math.round(totalmem() / 2 ** 30);
	const [kernel] = release().split("-");
	return `${cpus().length} × ${cpu?.model.trim()}, ${memory} GiB, ${type()} ${kernel}, Node ${process.versions.node}`;
}

/** How often the CPU time of our own processes is noted; what one takes after the last is lost. */
const NOTE_MS = 1_000;
/** The parent of the kernel's threads. */
const KERNEL_PID = 2;

/** Starts watching; the answer ends it and is the share (0 to 1) of all cores that others took. */
export function watchOthers(): () => number {
	const from = readMachine();
	// By process, since one that was killed with its parent leaves its time to nobody of ours.
	const before = ticksOfFamily();
	const own = new Map<number, number>();
	const note = () => {
		for (const [pid, ticks] of ticksOfFamily()) own.set(pid, ticks - (before.get(pid) ?? 0));
	};
	const timer = setInterval(note, NOTE_MS);
	return () => {
		clearInterval(timer);
		note();
		const to = readMachine();
		const total = to.total - from.total;
		const ours = [...own.values()].reduce((sum, ticks) => sum + ticks, 0);
		return Math.max(0, (total - (to.idle - from.idle) - ours) / total);
	};
}

/** Clock ticks of all cores since boot. Interrupts are nobody's, so they count as idle. */
function readMachine(): { readonly total: number; readonly idle: number } {
	try {
		const line = readFileSync("/proc/stat", "utf8").split("\n")[0] ?? "";
		const fields = line.trim().split(/ +/).slice(1, 9).map(Number);
		const total = fields.reduce((sum, ticks) => sum + ticks, 0);
		const [, , , idle = 0, wait = 0, interrupt = 0, softInterrupt = 0] = fields;
		return { total, idle: idle + wait + interrupt + softInterrupt };
	} catch {
		return { total: Number.NaN, idle: 0 };
	}
}

/** Clock ticks by process, of this one and all below it, and of the kernel, which writes for us. */
function ticksOfFamily(): ReadonlyMap<number, number> {
	const children = new Map<number, number[]>();
	const ticks = new Map<number, number>();
	for (const pid of listProcesses()) {
		const fields = readStat(pid);
		const parent = Number(fields[1]);
		children.set(parent, [...(children.get(parent) ?? []), pid]);
		// proc(5), counted from after the name: utime and stime
		ticks.set(pid, Number(fields[11]) + Number(fields[12]));
	}
	const family = new Map<number, number>();
	const add = (pid: number) => {
		family.set(pid, ticks.get(pid) ?? 0);
		for (const child of children.get(pid) ?? []) add(child);
	};
	add(process.pid);
	if (isKernel(KERNEL_PID)) add(KERNEL_PID);
	return family;
}

/** In a container the number is some other process's. */
function isKernel(pid: number): boolean {
	try {
		return readFileSync(`/proc/${pid}/comm`, "utf8").trim() === "kthreadd";
	} catch {
		return false;
	}
}

function listProcesses(): readonly number[] {
	try {
		return readdirSync("/proc")
			.map(Number)
			.filter((pid) => !Number.isNaN(pid));
	} catch {
		return []; // no /proc on this system
	}
}

function readStat(pid: number): readonly string[] {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
		return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
	} catch {
		return []; // it ended meanwhile
	}
}
