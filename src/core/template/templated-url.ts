/**
 * What can be known of a url before its templates are resolved. The resolved url is judged as any
 * other when it is sent; this only lets its author meet a refusal early.
 */
import { err, ok, type Result } from "../result.ts";
import { scanTemplate, TEMPLATE_MARK } from "./scan.ts";

/** Scheme and authority, with what ends them. */
const TO_HOST = /^https?:\/\/[^/?#\\]+[/?#]/i;
const TO_AUTHORITY = /^https?:\/\//i;

/** Stands for what an expression will put into a path or query. */
const PLACEHOLDER = "x";

/**
 * The url to judge now: itself, or, where templates stand only behind its host, with a placeholder
 * for each. `undefined` where the host is known only at the firing. The scheme is never a template.
 */
export function judgeableUrl(url: string): Result<string | undefined, string> {
	if (!url.includes(TEMPLATE_MARK)) return ok(url);
	const segments = scanTemplate(url);
	const [first] = segments;
	const literal = first !== undefined && "text" in first ? first.text : "";
	if (!TO_AUTHORITY.test(literal)) {
		return err("a template cannot stand for the scheme; https:// is expected before it");
	}
	if (!TO_HOST.test(literal)) return ok(undefined);
	return ok(segments.map((part) => ("text" in part ? part.text : PLACEHOLDER)).join(""));
}
