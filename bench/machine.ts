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

/** Clock ticks since boot. */
type Ticks = { readonly total: number; readonly idle: number; readonly own: number };

/** Starts watching; the answer is the share (0 to 1) of all cores that others took since. */
export function watchOthers(): () => number {
	const from = readTicks();
	return () => {
		const to = readTicks();
		const total = to.total - from.total;
		const others = total - (to.idle - from.idle) - (to.own - from.own);
		return Math.max(0, others / total);
	};
}

function readTicks(): Ticks {
	try {
		const line = readFileSync("/proc/stat", "utf8").split("\n")[0] ?? "";
		const fields = line.trim().split(/ +/).slice(1, 9).map(Number);
		const total = fields.reduce((sum, ticks) => sum + ticks, 0);
		return { total, idle: (fields[3] ?? 0) + (fields[4] ?? 0), own: ticksOfFamily() };
	} catch {
		return { total: Number.NaN, idle: 0, own: 0 };
	}
}

/** Of this process and all below it, those that ended included. */
function ticksOfFamily(): number {
	const children = new Map<number, number[]>();
	const ticks = new Map<number, number>();
	for (const name of readdirSync("/proc")) {
		const pid = Number(name);
		if (Number.isNaN(pid)) continue;
		const fields = readStat(pid);
		const parent = Number(fields[1]);
		children.set(parent, [...(children.get(parent) ?? []), pid]);
		// proc(5), after the name: utime, stime, cutime, cstime
		ticks.set(
			pid,
			fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0),
		);
	}
	const sum = (pid: number): number =>
		(children.get(pid) ?? []).reduce((total, child) => total + sum(child), ticks.get(pid) ?? 0);
	return sum(process.pid);
}

function readStat(pid: number): readonly string[] {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
		return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
	} catch {
		return []; // it ended meanwhile
	}
}
