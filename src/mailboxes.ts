/**
 * Registers mailboxes with their tenant, so that they can be listed. Whoever puts a message into a
 * mailbox calls this first: the edge, and the senders. A mailbox that exists is listed always; what
 * is listed may not exist. One memory an isolate.
 */
import { registryOf } from "../durable-objects/shared/object-names.ts";
import type { RegistryError } from "../durable-objects/tenant-registry/rpc.ts";
import { ok, type Result } from "./core/result.ts";
import { MINUTE } from "./core/units.ts";
import type { Env } from "./env.ts";

/** How long, in ms, an isolate relies on having registered a mailbox; well under the time after
 * which a registry may forget one (`MAILBOX_UNSEEN_MS`). */
const REGISTERED_MS = 10 * MINUTE;
/** Mailboxes an isolate remembers: about 1 MB. */
const REGISTERED_KEPT = 10_000;

const registeredUntil = new Map<string, number>();

/** Resolves once the registry lists the mailbox; `now` in epoch ms. */
export async function registerMailbox(
	env: Env,
	tenant: string,
	mailbox: string,
	now: number,
): Promise<Result<null, RegistryError>> {
	// Neither name holds a slash.
	const key = `${tenant}/${mailbox}`;
	if (now < (registeredUntil.get(key) ?? 0)) return ok(null);
	const added = await registryOf(env, tenant).addMailbox(mailbox);
	if (!added.ok) return added;
	// One that is registered anew goes to the end, so the first ones are the oldest.
	registeredUntil.delete(key);
	if (registeredUntil.size >= REGISTERED_KEPT) {
		registeredUntil.delete(registeredUntil.keys().next().value ?? key);
	}
	registeredUntil.set(key, now + REGISTERED_MS);
	return ok(null);
}
