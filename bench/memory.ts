/**
 * Memory as Linux accounts it: the proportional set size, in which a page shared by several
 * processes counts once. Undefined where there is no /proc.
 */
import { readFileSync } from "node:fs";

const BYTES_PER_KB = 1_024;

/** Bytes. */
export function proportionalSetSize(pid: number): number | undefined {
	try {
		const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
		const kilobytes = /^Pss: +(\d+) kB$/m.exec(rollup)?.[1];
		return kilobytes === undefined ? undefined : Number(kilobytes) * BYTES_PER_KB;
	} catch {
		return undefined;
	}
}
