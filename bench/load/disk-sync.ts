/**
 * What the disk takes to make one small write durable. Every acknowledged create waits for that, so
 * it is printed beside the rates: it explains most of what differs from one minute to the next.
 */
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { quantile } from "../statistics.ts";

/** A page of SQLite. */
const PAGE_BYTES = 4_096;
const DURATION_MS = 300;

/** The median, in milliseconds, of appending a page to a file and waiting for the disk. */
export function measureDiskSync(): number {
	const path = join(tmpdir(), `minoots-disk-sync-${process.pid}`);
	const file = openSync(path, "w");
	const page = Buffer.alloc(PAGE_BYTES, 1);
	const latencies: number[] = [];
	for (const endAt = performance.now() + DURATION_MS; performance.now() < endAt; ) {
		const startedAt = performance.now();
		writeSync(file, page);
		fdatasyncSync(file);
		latencies.push(performance.now() - startedAt);
	}
	closeSync(file);
	rmSync(path);
	return quantile(latencies, 0.5);
}
