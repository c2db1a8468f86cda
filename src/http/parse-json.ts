/**
 * Text to JSON. Whatever parses is read as JSON whatever its Content-Type, so that a bare
 * `curl -d '{…}'` works; the Content-Type only decides how text that does not parse is refused.
 */
import { ok, type Result } from "../core/result.ts";
import { checkJson } from "./check-json.ts";
import { type HttpFailure, refuse, refuseField } from "./failure.ts";

/** Longest message of the parser that is passed on; V8 quotes a part of the text in it. */
const PARSER_MESSAGE_LENGTH = 200;

const JSON_TYPE = /^\s*[\w.+-]+\/([\w.+-]+\+)?json\s*(;|$)/i;

/** The value in `text`, which has passed `checkJson`. */
export function readJson(text: string, headers: Headers): Result<unknown, HttpFailure> {
	const parsed = parseJson(text, headers);
	const flaw = parsed.ok ? checkJson(parsed.value) : undefined;
	return flaw === undefined ? parsed : refuseField(flaw.path, flaw.message);
}

/** The value in `text`, unchecked: for a list whose items are checked one by one. */
export function parseJson(text: string, headers: Headers): Result<unknown, HttpFailure> {
	try {
		return ok(JSON.parse(text));
	} catch (error) {
		return notJson(text, headers, error);
	}
}

/** What the parser said, which names the position where it can. */
export function parserMessage(error: unknown): string {
	return error instanceof Error ? error.message.slice(0, PARSER_MESSAGE_LENGTH) : "not JSON";
}

function notJson(text: string, headers: Headers, error: unknown): Result<never, HttpFailure> {
	const encoding = headers.get("content-encoding");
	if (encoding !== null && encoding !== "identity") {
		return refuse(
			"unsupported_media_type",
			`The body has Content-Encoding ${encoding.slice(0, 20)}; send it without.`,
		);
	}
	const type = headers.get("content-type");
	if (text !== "" && type !== null && !JSON_TYPE.test(type)) {
		return refuse(
			"unsupported_media_type",
			`The body is not JSON (${parserMessage(error)}) and its Content-Type does not say so.`,
		);
	}
	return refuse("invalid_json", text === "" ? "The body is empty." : `${parserMessage(error)}.`);
}
