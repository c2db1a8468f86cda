/**
 * Timers as JSON: one object, a list, `{"timers": […]}`, or an object a line (NDJSON). Each is one
 * that the network exported, one as `POST /v1/timers` takes it, or one of the founding system.
 */
import { exportedTimer } from "./exported-timer.ts";
import { foundingTimer, isFounding } from "./founding-timer.ts";
import { type ImportLine, type ImportOptions, objectOf, refused } from "./import-line.ts";

/** Longest message of the parser that is passed on; V8 quotes a part of the text in it. */
const PARSER_MESSAGE_LENGTH = 200;

export function readJsonLines(text: string, options: ImportOptions): readonly ImportLine[] {
	const whole = parse(text);
	if (whole.ok) return itemsOf(whole.value).map((item) => lineOf(item, options));
	const lines = text.split("\n").filter((line) => line.trim() !== "");
	return lines.map((line) => {
		const parsed = parse(line);
		return parsed.ok ? lineOf(parsed.value, options) : refused(null, parsed.message);
	});
}

function itemsOf(value: unknown): readonly unknown[] {
	if (Array.isArray(value)) return value;
	const timers = objectOf(value)?.["timers"];
	return Array.isArray(timers) ? timers : [value];
}

function lineOf(value: unknown, options: ImportOptions): ImportLine {
	const object = objectOf(value);
	if (object === undefined) return refused(null, "expected a timer, which is a JSON object");
	return isFounding(object) ? foundingTimer(object, options) : exportedTimer(object);
}

type Parsed =
	| { readonly ok: true; readonly value: unknown }
	| { readonly ok: false; readonly message: string };

function parse(text: string): Parsed {
	try {
		return { ok: true, value: JSON.parse(text) };
	} catch (error) {
		const message = error instanceof Error ? error.message : "not JSON";
		return { ok: false, message: message.slice(0, PARSER_MESSAGE_LENGTH) };
	}
}
