/** Finds the mailbox that a call is about, unless the caller's key is kept from it. */
import type { MailboxCall } from "../../../durable-objects/agent-mailbox/rpc.ts";
import { type MailboxStub, mailboxOf } from "../../../durable-objects/shared/object-names.ts";
import type { Principal } from "../../../durable-objects/tenant-registry/rpc.ts";
import { matchesMailbox } from "../../core/mailbox-pattern.ts";
import { ok, type Result } from "../../core/result.ts";
import type { TenantContext } from "../context.ts";
import { type HttpFailure, refuse } from "../failure.ts";

export type OpenMailbox = { readonly stub: MailboxStub; readonly call: MailboxCall };

/** The mailbox `name`, which need not exist; 403 when the key is limited to others. */
export function openMailbox(
	{ env, tenant, principal }: TenantContext,
	name: string,
): Result<OpenMailbox, HttpFailure> {
	if (!mayUse(principal, name)) {
		return refuse("forbidden", `The key is limited to mailboxes, and "${name}" is none of them.`);
	}
	return ok({ stub: mailboxOf(env, tenant, name), call: { tenant, mailbox: name } });
}

export function mayUse({ mailboxes }: Principal, name: string): boolean {
	return mailboxes === null || matchesMailbox(mailboxes, name);
}
