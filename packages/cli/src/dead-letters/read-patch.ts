/** What `--set` changes of a request: `url=…`, `headers.x-name=…`, `body={…}`. Pure. */
import type { DeadLetterPatch } from "../../../sdk/src/types.ts";
import { usageFailure } from "../frame/failure.ts";
import { readJsonOrText } from "../frame/input.ts";

const MEMBERS = ["url", "method", "timeoutMs", "body"];
const HEADER = "headers.";

type Headers = Readonly<Record<string, string>>;

/**
 * Turns `--set` into a patch of a request with these headers. The network replaces headers as a
 * whole, so one that is set goes with all the others; one without a value goes away.
 */
export function readPatch(pairs: readonly string[], headers: Headers = {}): DeadLetterPatch {
	const patch: Record<string, unknown> = {};
	let changed = headers;
	for (const pair of pairs) {
		const [, name, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
		if (name === undefined || value === undefined) {
			throw usageFailure(`--set: expected member=value, got "${pair}"`);
		}
		if (name.startsWith(HEADER)) changed = withHeader(changed, name.slice(HEADER.length), value);
		else if (MEMBERS.includes(name)) patch[name] = readMember(name, value);
		else {
			throw usageFailure(`--set: expected ${MEMBERS.join(", ")} or headers.<name>, got "${name}"`);
		}
	}
	if (changed !== headers) patch["headers"] = changed;
	return patch as DeadLetterPatch; // the network checks the values
}

/** Whether the headers that a request has must be known to read the patch. */
export function changesHeaders(pairs: readonly string[]): boolean {
	return pairs.some((pair) => pair.startsWith(HEADER));
}

/** Names of headers are alike in any case. */
function withHeader(headers: Headers, name: string, value: string): Headers {
	const others = Object.entries(headers).filter(
		([one]) => one.toLowerCase() !== name.toLowerCase(),
	);
	return Object.fromEntries(value === "" ? others : [...others, [name, value]]);
}

function readMember(name: string, value: string): unknown {
	if (name === "body") return readJsonOrText(value);
	if (name !== "timeoutMs") return value;
	if (/^\d+$/.test(value)) return Number(value);
	throw usageFailure(`--set timeoutMs: expected milliseconds, got "${value}"`);
}
