/** Whether a key's scopes allow a call. Pure; who holds the key was settled before. */
import type { Scope } from "../contract/tenant.ts";
import { ok, type Result } from "../core/result.ts";
import { type HttpFailure, refuse } from "./failure.ts";

type Holder = {
	readonly scopes: readonly Scope[];
	/** Patterns of the mailboxes the key is limited to; null for any. */
	readonly mailboxes: readonly string[] | null;
};

const MANAGED_BY_TIMER_MANAGE: readonly Scope[] = ["timer.read", "timer.write", "timer.cancel"];

/** Refuses with 403 unless `holder` may do what `needed` allows. */
export function authorise(holder: Holder, needed: Scope): Result<null, HttpFailure> {
	if (holder.mailboxes !== null && !needed.startsWith("agent.")) {
		return refuse(
			"forbidden",
			`The key is limited to mailboxes, and this call, which needs ${needed}, is none of theirs.`,
		);
	}
	if (satisfies(holder.scopes, needed)) return ok(null);
	return refuse("forbidden", `The key lacks the scope ${needed}.`);
}

function satisfies(scopes: readonly Scope[], needed: Scope): boolean {
	return (
		scopes.includes(needed) ||
		scopes.includes("tenant.admin") ||
		(scopes.includes("timer.manage") && MANAGED_BY_TIMER_MANAGE.includes(needed)) ||
		(scopes.includes("agent.manage") && needed === "agent.pull")
	);
}
