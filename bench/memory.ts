/**
 * Memory as Linux accounts it: the proportional set size, in which a page shared by several
 * processes counts once. Undefined where there is no /proc.
 */
import { readFileSync } from "node:fs";

const BYTES_PER_KB = 1_024;

/** In bytes. */
export type Memory = {
	readonly total: number;
	/**
	 * Without what is mapped from files. The program's own 80 MB are among those, and how many share
	 * them changes whenever any other workerd on the machine starts or ends.
	 */
	readonly anonymous: number;
};

export function proportionalSetSize(pid: number): Memory | undefined {
	try {
		const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
		const read = (field: string) =>
			Number(new RegExp(`^${field}: +(\\d+) kB$`, "m").exec(rollup)?.[1]) * BYTES_PER_KB;
		return { total: read("Pss"), anonymous: read("Pss_Anon") };
	} catch {
		return undefined;
	}
}
