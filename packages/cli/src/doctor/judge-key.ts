/** What is wrong with a key, by how it looks and by what `/v1/key` says of it. Pure. */
import type { Scope } from "../../../sdk/src/types.ts";
import type { Answer } from "./ask.ts";
import { type Finding, failed, ok, skipped, warning } from "./hop.ts";

/** As the network writes keys of tenants; the operator's may be any text. */
const SHAPE = /^mnt_[a-z0-9][a-z0-9-]{0,39}_[0-9a-z]{40}$/;
const VISIBLE_ASCII = /^[\x21-\x7e]+$/;
/** Beginning of a key that may be shown. */
const PREVIEW_LENGTH = 12;
const DAY_MS = 86_400_000;
/** Time to replace a key without haste. */
const EXPIRES_SOON_MS = 7 * DAY_MS;

/** What `/v1/key` answers for a tenant's key. */
export type Holder = {
	readonly kind: "tenant";
	readonly tenant: string;
	readonly plan: string;
	readonly scopes: readonly Scope[];
	readonly mailboxes: readonly string[] | null;
	readonly expiresAt: string | null;
};

/** A finding where the key cannot even be sent. */
export function judgeKeyText(key: string | undefined): Finding | undefined {
	if (key === undefined || key === "") {
		return failed("no key is known", "Set MINOOTS_API_KEY, or run `minoots login`.");
	}
	if (VISIBLE_ASCII.test(key)) return undefined;
	return failed(
		"the key holds characters that no key has: spaces, line breaks or quotes from copying",
		"Copy it again: it begins with mnt_ and is one word.",
	);
}

/** @param from where the key was read from */
export function judgeKey(key: string, from: string, answer: Answer, now: number): Finding {
	const { status, body } = answer;
	const preview = `${key.slice(0, PREVIEW_LENGTH)}… (from ${from})`;
	if (status === 429) return ok(`${preview} is known`);
	if (status === 404) {
		return warning(
			`the network cannot say whose ${preview} is`,
			"It is older than this client: update it.",
		);
	}
	if (status === 401) return refused(key, preview, String(body?.["detail"] ?? ""));
	if (status !== 200) {
		return failed(`/v1/key answers ${status}`, "Try again; report the request id if it lasts.");
	}
	const holder = readHolder(body);
	if (holder === undefined) return ok(`${preview} is the operator's`);
	const { tenant, expiresAt } = holder;
	if (expiresAt === null) return ok(`${preview} of tenant ${tenant}`);
	if (Date.parse(expiresAt) - now > EXPIRES_SOON_MS) {
		return ok(`${preview} of tenant ${tenant}, until ${expiresAt}`);
	}
	return warning(
		`${preview} of tenant ${tenant} expires at ${expiresAt}`,
		"Make the next one in time: `minoots keys create`.",
	);
}

function refused(key: string, preview: string, detail: string): Finding {
	if (/expired/.test(detail)) {
		return failed(
			`${preview} has expired: ${detail}`,
			"Make a new one with `minoots keys create`, or ask an admin of the tenant for one.",
		);
	}
	if (!SHAPE.test(key)) {
		return failed(
			`${preview} is malformed: keys look like mnt_<tenant>_<40 letters and digits>`,
			"Copy it again, whole. The operator's key, which may look different, is not this network's.",
		);
	}
	return failed(
		`${preview} is foreign: well-formed, but not valid at this network`,
		"It is another network's, was revoked, or has a wrong letter. Check that address and key belong together.",
	);
}

export function readHolder(body: Answer["body"]): Holder | undefined {
	// `kind` says which of the two shapes of the contract it is.
	return body?.["kind"] === "tenant" ? (body as unknown as Holder) : undefined;
}

const MANAGED: readonly Scope[] = ["timer.read", "timer.write", "timer.cancel"];

/** @param needed scopes that `--need` names */
export function judgeScopes(holder: Holder | undefined, needed: readonly Scope[]): Finding {
	if (holder === undefined) return skipped("the operator's key makes tenants, and opens none");
	const { scopes, mailboxes } = holder;
	const missing = needed.filter((scope) => !satisfies(holder, scope));
	const named = scopes.includes("tenant.admin") ? "all (tenant.admin)" : scopes.join(" ");
	const has = `${named}${mailboxes === null ? "" : `, only mailboxes ${mailboxes.join(" ")}`}`;
	if (missing.length === 0) return ok(has);
	return failed(
		`${missing.join(", ")} is missing; the key has ${has}`,
		`Use a key that has it: \`minoots keys create <name> ${missing.map((one) => `--scope ${one}`).join(" ")}\`.`,
	);
}

/** As the network decides: some scopes stand for others. */
function satisfies({ scopes, mailboxes }: Holder, needed: Scope): boolean {
	if (mailboxes !== null && !needed.startsWith("agent.")) return false;
	return (
		scopes.includes(needed) ||
		scopes.includes("tenant.admin") ||
		(scopes.includes("timer.manage") && MANAGED.includes(needed)) ||
		(scopes.includes("agent.manage") && needed === "agent.pull")
	);
}
