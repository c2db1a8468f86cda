/**
 * What a caller sends to be imported, as lines, whatever its format. Only a text that is no list of
 * anything is refused whole; all else is told line by line. Called by the edge.
 */
import type { ImportFormat } from "../../contract/transfer.ts";
import { err, ok, type Result } from "../result.ts";
import { readCrontab } from "./crontab.ts";
import { readIcalEvents } from "./ical-events.ts";
import type { ImportLine, ImportOptions } from "./import-line.ts";
import { readJsonLines } from "./json-lines.ts";

/** The lines, or what is wrong with the text as a whole. */
export function readImport(
	format: ImportFormat,
	text: string,
	options: ImportOptions,
): Result<readonly ImportLine[], string> {
	switch (format) {
		case "json":
			return text.trim() === "" ? err("the body is empty") : ok(readJsonLines(text, options));
		case "ical":
			return readIcalEvents(text, options);
		case "crontab":
			return ok(readCrontab(text, options));
	}
}
