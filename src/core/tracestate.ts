/**
 * The W3C `tracestate` header: other vendors' notes that travel with a trace. Passed on, never
 * written: this network adds no entry of its own. Called by trace-context.ts only.
 */

/** W3C Trace Context 3.3.1.1: a list of more is invalid. */
const MAX_MEMBERS = 32;

/** The spec asks to carry at least this many characters; stored with every timer, so no more. */
const MAX_LENGTH = 512;

/** Members longer than this go first when a list must be cut (3.3.1.5). */
const LONG_MEMBER_LENGTH = 128;

/** Key and value as in W3C Trace Context level 2, section 3.3.1.3; level 1's keys are among them. */
const MEMBER =
	/^([a-z0-9][a-z0-9_\-*/@]{0,255})=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

/**
 * The header to pass on, or "" when there is nothing valid: one bad member makes the whole list
 * invalid. Several header lines are given joined with commas, as `Headers.get` does. Of a repeated
 * key the first entry stays, being the latest written.
 */
export function parseTracestate(header: string): string {
	const members = header
		.split(",")
		.map((member) => member.trim())
		.filter((member) => member !== "");
	if (members.length > MAX_MEMBERS) {
		return "";
	}
	const byKey = new Map<string, string>();
	for (const member of members) {
		const key = MEMBER.exec(member)?.[1];
		if (key === undefined) {
			return "";
		}
		if (!byKey.has(key)) {
			byKey.set(key, member);
		}
	}
	return shorten([...byKey.values()]);
}

function shorten(members: readonly string[]): string {
	const kept = [...members];
	while (kept.join(",").length > MAX_LENGTH) {
		const long = kept.findLastIndex((member) => member.length > LONG_MEMBER_LENGTH);
		kept.splice(long === -1 ? kept.length - 1 : long, 1);
	}
	return kept.join(",");
}
