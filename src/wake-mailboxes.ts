/**
 * Wakes every mailbox of every tenant, against lost alarms: leases that end, messages that expire and
 * acknowledgements that a shard has not taken wait for one. The watchdog calls it, and the local
 * runtime when its clock was set: at its start alarms come back with their objects. A mailbox that
 * cannot be woken holds up no other.
 */
import { mailboxOf, registryOf } from "../durable-objects/shared/object-names.ts";
import { eachAtMost } from "./each-at-most.ts";
import type { Env } from "./env.ts";
import { createAttempt } from "./wake-attempt.ts";
import { CONCURRENCY, listTenants } from "./wake-shards.ts";

/** Names per page of a registry. */
const PAGE = 1_000;

export type MailboxWakeSummary = { mailboxes: number; mailboxesFailed: number };

export async function wakeMailboxes(
	env: Env,
	exec: Pick<ExecutionContext, "waitUntil">,
	clockWasSet = false,
): Promise<MailboxWakeSummary> {
	const summary: MailboxWakeSummary = { mailboxes: 0, mailboxesFailed: 0 };
	const names: { readonly tenant: string; readonly name: string }[] = [];

	const attempt = createAttempt(env, exec, () => {
		summary.mailboxesFailed += 1;
	});

	await eachAtMost(CONCURRENCY, await listTenants(env), (tenant) =>
		attempt(tenant, async () => {
			for await (const name of mailboxesOf(env, tenant)) names.push({ tenant, name });
		}),
	);
	await eachAtMost(CONCURRENCY, names, ({ tenant, name }) =>
		attempt(`${tenant}:${name}`, async () => {
			await mailboxOf(env, tenant, name).wake(clockWasSet);
			summary.mailboxes += 1;
		}),
	);
	return summary;
}

async function* mailboxesOf(env: Env, tenant: string): AsyncGenerator<string> {
	let after: string | null = null;
	for (;;) {
		const page: readonly { readonly name: string }[] = await registryOf(env, tenant).listMailboxes(
			after,
			PAGE,
		);
		for (const { name } of page) yield name;
		if (page.length < PAGE) return;
		after = page.at(-1)?.name ?? null;
	}
}
