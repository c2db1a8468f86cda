/**
 * Makes an import repeatable: each line gets a dedupe key that the same line gets again, so that a
 * second import of a file finds the timers of the first. Called by the edge, where `once` is asked.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { ImportFormat } from "../../contract/transfer.ts";
import type { ImportLine, TimerLine } from "./import-line.ts";

/** For how long a timer is found even if it has ended: the longest window there is. */
const WINDOW = "30d";
/** Characters of the hash that are kept: 128 bits, so that no two lines of anybody's share a key. */
const DIGEST_LENGTH = 32;

/**
 * Lines that have a key of their own keep it. Of lines that are alike in one file, the first is
 * found as the first, the second as the second.
 */
export function importedOnce(
	lines: readonly ImportLine[],
	format: ImportFormat,
): readonly ImportLine[] {
	const seen = new Map<string, number>();
	return lines.map((line) => {
		if (line.kind !== "timer") return line;
		const { body } = line;
		if (body["dedupe"] !== undefined || (body["dedupeKey"] ?? null) !== null) return line;
		const named = nameOf(line, format);
		const count = (seen.get(named) ?? 0) + 1;
		seen.set(named, count);
		const digest = bytesToHex(sha256(utf8ToBytes(`${named} ${count}`))).slice(0, DIGEST_LENGTH);
		const { dedupeKey: _, ...rest } = body;
		return { ...line, body: { ...rest, dedupe: { key: `import:${digest}`, window: WINDOW } } };
	});
}

/** What the line was called where it came from; else all it says: a crontab only numbers its lines. */
function nameOf({ source, body }: TimerLine, format: ImportFormat): string {
	return source === null || format === "crontab" ? JSON.stringify(body) : `${format} ${source}`;
}
