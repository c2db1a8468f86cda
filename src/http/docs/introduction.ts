/**
 * What the reference says before its calls: what holds for all of them, and which problems there
 * are. Markdown, in the document's description. The numbers come from where they are set.
 */
import { ERROR_CODES } from "../../contract/error.ts";
import { LIMITS } from "../../contract/limits.ts";
import { MIB, SECOND } from "../../core/units.ts";
import { PRINCIPAL_CACHE_MS } from "../constants.ts";

const OPENING = `A durable timer and orchestration network: say when and what, and it happens on time, once recorded, at least once delivered.

Times are RFC 3339 with milliseconds and \`Z\`; fields that end in \`Ms\` are milliseconds. Errors are \`application/problem+json\`, and programs branch on \`code\`. Lists take \`limit\` and \`cursor\`; only \`nextCursor: null\` is the end.`;

/** Title and paragraph each. */
const CONVENTIONS: readonly (readonly [title: string, text: string])[] = [
	[
		"Samples",
		"Beside each call stands how it is made with curl, from TypeScript (`@minoots/sdk`) and from a terminal (`minoots`). `$URL`, `$KEY` and `$ADMIN_KEY` are the network's address, a tenant's key and the operator's; what a path names in braces is a variable: `$ID`, in TypeScript `id`. `minoots` and `operator` are clients: `const minoots = new Minoots({ url, apiKey: key })`.",
	],
	[
		"Keys",
		`Send a key as \`Authorization: Bearer mnt_…\` or as \`X-Api-Key: mnt_…\`. \`tenant.admin\` stands for every scope, \`timer.manage\` for \`timer.read\`, \`timer.write\` and \`timer.cancel\`. An edge trusts what it knows of a key for ${PRINCIPAL_CACHE_MS / SECOND} seconds: a revoked key, a lost scope and a changed plan are complete everywhere within that time. A \`tenantId\` in a body or a query must be the key's own tenant.`,
	],
	[
		"Bodies",
		`JSON in UTF-8, up to ${LIMITS.bodyBytes / MIB} MiB, batches up to ${LIMITS.batchBodyBytes / MIB} MiB. What parses as a JSON object is read as JSON whatever its \`Content-Type\`. Unknown fields are refused, so that a typing error is not dropped in silence; so is nesting deeper than ${LIMITS.jsonDepth} levels.`,
	],
	[
		"Idempotency",
		"A POST with an `Idempotency-Key` runs once: for 24 hours a repeat with the same path and body gets the first answer again, with `Idempotency-Replayed: true`; another body is `idempotency_key_reused`, and while the first still runs, `idempotency_in_progress`. A call that failed has stored nothing and may be tried again under its key. A secret that an answer showed is not kept: the repeat says `secretShown: true` in its place. Previews ignore the header.",
	],
	[
		"Limits",
		"Active timers and new timers a minute are counted exactly. Requests a minute are counted in the memory of each edge location that serves you, and are forgotten when it restarts: take them for a protection, not for a meter. A 429 says in `Retry-After` how long to wait, and `RateLimit` and `RateLimit-Policy` what is left and allowed.",
	],
	[
		"Tracing",
		"Every answer has an `X-Request-Id`, yours where you sent one of 1 to 64 letters, digits, `.`, `_` and `-`. A W3C `traceparent` is continued in the answer and in every delivery.",
	],
];

export function introduction(): string {
	const conventions = CONVENTIONS.map(([title, text]) => `# ${title}\n\n${text}`);
	return [OPENING, ...conventions, `# Problems\n\n${problemTable()}`].join("\n\n");
}

function problemTable(): string {
	const rows = Object.entries(ERROR_CODES).map(
		([code, { status, title }]) => `| \`${code}\` | ${status} | ${title} |`,
	);
	return ["| code | status | means |", "|---|---|---|", ...rows].join("\n");
}
