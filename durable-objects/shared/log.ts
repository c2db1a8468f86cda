/**
 * The log: one JSON line per request, tick and event worth knowing. Used by the edge and by the
 * objects. Callers pass names, ids and numbers, never keys, bodies or URLs' queries.
 */
import type { Env } from "../../src/env.ts";

export type LogRecord = {
	readonly at: number;
	readonly kind: string;
	readonly [field: string]: string | number | boolean | null | undefined;
};

/** Longest time, in ms, that a line waits on the local runtime. */
const FLUSH_AFTER_MS = 100;
/** Characters that are written at once at the latest. Measured per line of 240, in workerd and in the
 * parent that relays it: a call each 5 and 4 µs; joined, 1.1 and 0.8 µs from 16 KiB on. */
const FLUSH_AT_LENGTH = 16 * 1_024;

let waiting = "";
let oldestAt = 0;
let isFlushPlanned = false;

/**
 * Writes a line. At the edge every line is a log call of its own, as log tools expect. On the local
 * runtime a call costs more than a create's own work, so lines are joined for up to 100 ms; `exec` is
 * the context whose `waitUntil` keeps the flush alive.
 */
export function logLine(
	env: Pick<Env, "RUNTIME">,
	record: LogRecord,
	exec: Pick<ExecutionContext, "waitUntil">,
): void {
	const line = JSON.stringify({ ...record, at: new Date(record.at).toISOString() });
	if (env.RUNTIME !== "local") {
		console.log(line);
		return;
	}
	if (waiting === "") oldestAt = record.at;
	else waiting += "\n";
	waiting += line;
	if (waiting.length >= FLUSH_AT_LENGTH) flush();
	else if (record.at - oldestAt > 2 * FLUSH_AFTER_MS) {
		// The planned flush is overdue: it died with the context that planned it.
		isFlushPlanned = false;
		flush();
	} else if (!isFlushPlanned) planFlush(exec);
}

/** Writes what waits. For the end of a run, and for tests. */
export function flush(): void {
	if (waiting === "") return;
	const text = waiting;
	waiting = "";
	console.log(text);
}

function planFlush(exec: Pick<ExecutionContext, "waitUntil">): void {
	isFlushPlanned = true;
	exec.waitUntil(
		new Promise<void>((resolve) => {
			setTimeout(() => {
				isFlushPlanned = false;
				flush();
				resolve();
			}, FLUSH_AFTER_MS);
		}),
	);
}
